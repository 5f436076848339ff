import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Feed } from '../../../src/core/feed.ts'
import { feedKey, feedOf } from '../../../src/core/record.ts'
import type { Frame } from '../../../src/protocol/frame.ts'
import { allLeft, rest, wire, type Wire } from '../../support/session-wire.ts'
import { vectorOf } from '../../support/office.ts'
import { placeOf, read, say, take, type Desk } from '../../support/desk.ts'
import {
  bring,
  desks,
  feedIn,
  GROUP,
  heldOf,
  letIn,
  membershipOf,
  party,
  removeFrom,
} from '../../support/party.ts'
import { seeded } from '../../support/random.ts'
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
const end = (self: Desk, of = self) => String(heldOf(self, of))
async function told(self: Desk, ...texts: string[]): Promise<void> {
  await say(self, GROUP, ...texts)
  await allLeft(self, GROUP)
}

function feedHeld(self: Desk, of: Desk): Feed {
  const feed = self.ledger.state.feeds.get(feedKey(feedIn(of)))
  if (!feed) throw new Error('no feed')
  return feed
}

describe('a link begins', () => {
  test('with all that is held of every chat that the two share, and in which group we are', async () => {
    const { said } = wire(alice, bob)
    const spoken = said.flatMap((frame) => (frame.type === 'have' ? [frame] : []))
    expect(spoken.map(({ conversation }) => conversation).sort()).toEqual([placeOf(alice, bob), GROUP].sort())
    expect(spoken.find(({ conversation }) => conversation === GROUP)).toEqual(vectorOf(alice, GROUP)[0])
    expect(vectorOf(alice, GROUP)[0]?.agreement?.era).toEqual(membershipOf(alice).era)
  })

  test('without a word about chats that are none of theirs', async () => {
    const { said, hear, events } = wire(dora, alice)
    expect(said).toHaveLength(1)
    await hear(...(vectorOf(alice, GROUP) as [Frame]))
    expect([said.length, events]).toEqual([1, ['begun']])
  })

  test('anew for a chat that they share from now on, and asks for theirs', async () => {
    const link = wire(dora, alice)
    await letIn(alice, dora)
    link.session.refresh()
    link.session.refresh()
    const [, ...fresh] = link.said
    expect(fresh).toMatchObject([{ type: 'have', conversation: GROUP, part: 'ask' }])
    const other = wire(alice, dora)
    const before = other.said.length
    for (const frame of fresh) await other.hear(frame)
    expect(other.said.slice(before)).toMatchObject([{ type: 'have', conversation: GROUP, part: 'last' }])
  })
})

describe('what others wrote', () => {
  test('is passed on to whoever lacks it when the link begins', async () => {
    await told(bob, 'hello')
    await bring(bob, alice)
    const link = wire(alice, cem)
    await meet(link, cem)
    expect(given(link, bob)).toEqual([end(bob)])
  })

  test('that comes later is passed on when everybody had time to take it from its author', async () => {
    const link = wire(alice, cem)
    await meet(link, cem)
    await told(bob, 'hello')
    await bring(bob, alice)
    link.session.pump()
    await rest(alice)
    expect(given(link, bob)).toEqual([])
    link.session.ripen(new Map([[feedKey(feedIn(bob)), heldOf(bob, bob)]]))
    await rest(alice)
    expect(given(link, bob)).toEqual([end(bob)])
  })

  test('is not passed on to whoever has it by then', async () => {
    const link = wire(alice, cem)
    await meet(link, cem)
    await told(bob, 'hello')
    await bring(bob, alice)
    await bring(bob, cem)
    await meet(link, cem)
    link.session.ripen(new Map([[feedKey(feedIn(bob)), heldOf(bob, bob)]]))
    await rest(alice)
    expect(given(link, bob)).toEqual([])
  })
})

describe('somebody is given', () => {
  test('only the places of what was said before they came, and who speaks', async () => {
    await told(alice, 'before')
    const before = end(alice)
    await letIn(alice, dora)
    await allLeft(alice, GROUP)
    await told(alice, 'after')
    const link = wire(alice, dora)
    await link.hear({ type: 'have', conversation: GROUP, part: 'last', entries: [] })
    const all = given(link, alice)
    expect([all[0], all.at(-1)]).toEqual(['1', end(alice)])
    expect(all).toContain(`(${before})`)
  })

  test('nothing that was said after they were removed, but the removal', async () => {
    await told(alice, 'before')
    await removeFrom(alice, bob)
    const removal = end(alice)
    await told(alice, 'after')
    const link = wire(alice, bob)
    await meet(link, bob)
    expect(given(link, alice).slice(-1)).toEqual([removal])
    expect(heldOf(alice, alice)).toBe(Number(removal) + 1)
  })

  test('nothing by somebody who was removed', async () => {
    await told(bob, 'hello')
    await bring(bob, cem)
    await removeFrom(alice, bob)
    await bring(alice, bob)
    const link = wire(bob, cem)
    await link.hear({ type: 'have', conversation: GROUP, part: 'last', entries: [] })
    expect(given(link, bob)).toEqual([])
  })

  test('nothing of what somebody wrote above the cut of their removal', async () => {
    await told(bob, 'kept')
    await bring(bob, alice)
    await told(bob, 'late')
    await bring(bob, cem)
    await removeFrom(alice, bob)
    await bring(alice, cem)
    expect(await read(cem, GROUP)).toEqual(['kept', 'late'])
    const link = wire(cem, alice)
    await meet(link, alice)
    expect(given(link, bob)).toEqual([])
    expect(heldOf(cem, bob)).toBe(heldOf(alice, bob) + 1)
  })

  test('nothing of an era that we ourselves have not reached', async () => {
    await letIn(alice, dora)
    await bring(alice, bob)
    const said = await say(bob, GROUP, 'hello, Dora')
    await take(cem, bob, said)
    const link = wire(cem, alice)
    await meet(link, alice)
    expect([await read(cem, GROUP), given(link, bob)]).toEqual([['hello, Dora'], []])
    await bring(alice, cem)
    link.session.pump()
    await rest(cem)
    expect(given(link, bob)).toEqual([end(bob)])
  })
})

describe('whoever was removed', () => {
  const heard = ({ said }: Wire) =>
    said.flatMap((frame) => (frame.type === 'have' && frame.conversation === GROUP ? [frame] : []))

  test('hears of their own feed, and of ours as far as it went then: not who came, nor who says how much', async () => {
    await told(alice, 'before')
    await removeFrom(alice, cem)
    const then = heldOf(alice, alice)
    await bring(alice, bob)
    await letIn(alice, dora)
    await say(dora, GROUP, 'here I am')
    await bring(dora, alice)
    await told(alice, 'hello Dora')
    const [vector, ...more] = heard(wire(alice, cem))
    expect([more, vector?.agreement, vector?.part]).toEqual([[], undefined, 'farewell'])
    expect(vector?.entries.map(({ author, seq }) => [author, seq])).toEqual([
      [alice.me, then],
      [cem.me, heldOf(alice, cem)],
    ])
    expect(heard(wire(bob, cem))[0]?.entries.map(({ author }) => author)).toEqual([bob.me, cem.me])
  })

  test('hears nothing more over a link that lives on', async () => {
    const link = wire(alice, cem)
    await meet(link, cem)
    await removeFrom(alice, cem)
    await letIn(alice, dora)
    await say(dora, GROUP, 'here I am')
    await bring(dora, alice)
    link.said.length = 0
    link.session.tell(GROUP, [feedHeld(alice, dora), feedHeld(alice, alice)])
    link.session.tell(GROUP, [])
    expect(heard(link).flatMap(({ entries }) => entries.map(({ author }) => author))).toEqual([alice.me])
    expect(heard(link).map(({ agreement, part }) => [agreement, part])).toEqual([[undefined, 'farewell']])
  })

  test('and does not know it yet, gives them nothing but their own words, and goes on with all else', async () => {
    await told(bob, ...Array.from({ length: 20 }, (_, n) => String(n)))
    await bring(bob, cem)
    await removeFrom(alice, cem)
    const link = wire(cem, alice)
    for (const frame of vectorOf(alice, GROUP, cem.me)) await link.hear(frame)
    expect(given(link, bob)).toEqual([])
    expect(link.session.awaits(feedOf(feedIn(cem)), 0)).toBe(false)
  })

  test('is told everything again when they come back', async () => {
    const link = wire(alice, cem)
    await meet(link, cem)
    await removeFrom(alice, cem)
    link.session.tell(GROUP, [])
    await letIn(alice, cem)
    link.said.length = 0
    link.session.tell(GROUP, [])
    link.session.tell(GROUP, [])
    expect(heard(link).map(({ part }) => part)).toEqual(['ask', 'change'])
  })
})
