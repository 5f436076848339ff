import { beforeEach, describe, expect, test, vi } from 'vitest'
import { nextEpoch } from '../../../src/core/era.ts'
import { feedKey, feedOf } from '../../../src/core/record.ts'
import type { FeedPlace, Frame } from '../../../src/protocol/frame.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { allLeft, wire, type Wire } from '../../support/session-wire.ts'
import { vectorOf } from '../../support/office.ts'
import { placeOf, rowsOf, say, type Desk } from '../../support/desk.ts'
import { act, bring, desks, feedIn, GROUP, heldOf, keysBetween, letIn, party } from '../../support/party.ts'
import { seeded } from '../../support/random.ts'
import { bytesOf } from '../../support/samples.ts'
import { steadyCrypto } from '../../support/steady-crypto.ts'

vi.stubGlobal('crypto', steadyCrypto(seeded(1)))

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
})

/** They say what they hold of the group. */
async function meet({ hear }: Wire, peer: Desk): Promise<void> {
  for (const frame of vectorOf(peer, GROUP)) await hear(frame)
}
/** Of the group: whose record, and whether it was given whole. */
function given({ said }: Wire, author: Desk): string[] {
  return said.flatMap((frame) => {
    if (frame.type !== 'record' || frame.record.author !== author.me) return []
    const { seq, part, conversation } = frame.record
    return conversation === GROUP ? ['content' in part ? String(seq) : `(${String(seq)})`] : []
  })
}
const about = (frames: Frame[], type: Frame['type']) => frames.filter((frame) => frame.type === type)
const end = (self: Desk, of = self) => String(heldOf(self, of))
async function told(self: Desk, ...texts: string[]): Promise<void> {
  await say(self, GROUP, ...texts)
  await allLeft(self, GROUP)
}

describe('whoever could not open what was sent', () => {
  const lacking = (seq: number): FeedPlace => ({ ...feedOf(feedIn(alice)), seq })

  test('is given it again in the open, from there on', async () => {
    await told(alice, 'one', 'two')
    const link = wire(alice, bob)
    await meet(link, bob)
    link.said.length = 0
    await link.hear({ type: 'lack', feed: lacking(heldOf(alice, alice) - 1) })
    expect(given(link, alice)).toEqual([end(alice)])
  })

  test('is given nothing that was never sent, and is sent away if it never ends', async () => {
    await told(alice, 'one')
    const link = wire(alice, bob)
    await meet(link, bob)
    link.said.length = 0
    await link.hear({ type: 'lack', feed: lacking(heldOf(alice, alice)) })
    expect(given(link, alice)).toEqual([])
    for (let n = 0; n < 32; n++) await link.hear({ type: 'lack', feed: lacking(0) })
    expect(link.events).not.toContain('closed')
    await link.hear({ type: 'lack', feed: lacking(0) })
    expect(link.events).toContain('closed')
  })

  test('says so once, until something of that feed comes', async () => {
    const [, , third, fourth] = await say(dora, alice, 'one', 'two')
    const link = wire(alice, dora)
    if (!third || !fourth) throw new Error('four were expected')
    await link.hear({ type: 'record', record: third })
    await link.hear({ type: 'record', record: fourth })
    expect(about(link.said, 'lack')).toEqual([{ type: 'lack', feed: { ...feedOf(third), seq: 0 } }])
    const [first, second] = (await rowsOf(dora)).map(({ record }) => record)
    if (!first || !second) throw new Error('four were expected')
    await link.hear({ type: 'record', record: toWire(first) })
    await link.hear({ type: 'record', record: third })
    expect(about(link.said, 'lack')).toHaveLength(2)
  })
})

describe('a record of which only the place is here', () => {
  const places = (...seqs: number[]): FeedPlace[] => seqs.map((seq) => ({ ...feedOf(feedIn(bob)), seq }))

  test('is asked for from everybody whom we meet', async () => {
    await act(alice, (draft) => {
      const feed = draft.get('feeds', feedKey(feedIn(bob)))
      if (feed) draft.put('feeds', { ...feed, missing: [{ seq: 2 }] })
    })
    const link = wire(alice, cem)
    expect(about(link.said, 'want')).toEqual([])
    await meet(link, cem)
    expect(about(link.said, 'want')).toEqual([{ type: 'want', records: places(2), bare: false }])
  })

  test('is asked for in several frames if there are many, and 512 at the most', async () => {
    const missing = Array.from({ length: 600 }, (_, n) => ({ seq: n + 1 }))
    await act(alice, (draft) => {
      const feed = draft.get('feeds', feedKey(feedIn(bob)))
      if (feed) draft.put('feeds', { ...feed, missing })
    })
    const link = wire(alice, cem)
    await meet(link, cem)
    const asked = link.said.flatMap((frame) => (frame.type === 'want' ? [frame.records] : []))
    expect(asked.map(({ length }) => length)).toEqual([128, 128, 128, 128])
    expect(new Set(asked.flat().map(({ seq }) => seq)).size).toBe(512)
  })

  test('is given by whoever has the rest, and by nobody else', async () => {
    await told(bob, 'hello')
    await bring(bob, alice)
    const link = wire(alice, cem)
    await meet(link, cem)
    link.said.length = 0
    await link.hear({ type: 'want', records: places(heldOf(bob, bob), 99), bare: false })
    expect(given(link, bob)).toEqual([end(bob)])
    link.said.length = 0
    await letIn(alice, dora)
    const other = wire(alice, dora)
    await meet(other, dora)
    await other.hear({ type: 'want', records: places(heldOf(bob, bob)), bare: false })
    expect(given(other, bob)).toEqual([])
  })
})

test('between two, whoever is told at the beginning that the other has later keys gives up the old ones', async () => {
  await keysBetween(alice, dora)
  const link = wire(dora, alice)
  const frame = vectorOf(alice, placeOf(alice, dora)).at(-1)
  if (!frame?.agreement) throw new Error('no keys')
  const later = { ...frame.agreement, era: nextEpoch(frame.agreement.era) }
  await link.hear({ ...frame, part: 'change', agreement: later })
  expect(link.events).not.toContain('unfit')
  await link.hear({ ...frame, agreement: later })
  expect(link.events).toContain('unfit')
})

describe('two who are in the same era of different groups', () => {
  test('tell of it', async () => {
    const link = wire(alice, bob)
    const [frame] = vectorOf(bob, GROUP)
    if (!frame?.agreement) throw new Error('no keys')
    await link.hear(frame)
    expect(link.events).not.toContain('apart')
    await link.hear({ ...frame, agreement: { ...frame.agreement, group: bytesOf(8, 9) } })
    expect(link.events).not.toContain('apart')
    await link.hear({ ...frame, agreement: { ...frame.agreement, authenticator: bytesOf(8, 9) } })
    expect(link.events).toContain('apart')
  })
})
