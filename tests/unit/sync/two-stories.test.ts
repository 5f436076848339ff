import { beforeEach, describe, expect, test, vi } from 'vitest'
import { haveOf } from '../../../src/core/feed.ts'
import { feedKey, feedOf, type FeedRecord } from '../../../src/core/record.ts'
import { signRecord } from '../../../src/crypto/record.ts'
import type { Frame } from '../../../src/protocol/frame.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import { tombstone } from '../../../src/sync/entomb.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { read, rowAt, say, take, type Desk } from '../../support/desk.ts'
import { bring, desks, feedIn, GROUP, heldOf, party } from '../../support/party.ts'
import { seeded } from '../../support/random.ts'
import { bytesOf } from '../../support/samples.ts'
import { allLeft, wire, type Wire } from '../../support/session-wire.ts'
import { steadyCrypto } from '../../support/steady-crypto.ts'

vi.stubGlobal('crypto', steadyCrypto(seeded(1)))

let alice: Desk, bob: Desk, cem: Desk
beforeEach(async () => {
  ;[alice, bob, cem] = await desks('Alice', 'Bob', 'Cem')
  await party([alice, bob, cem])
})

/** What bob says to alice, and what he says to somebody else at the same place, both signed. */
async function twoStories(): Promise<{ told: RecordOnWire; other: FeedRecord }> {
  const [told] = await say(bob, GROUP, 'yes')
  if (!told || !('content' in told.part)) throw new Error('nothing was said')
  await take(alice, bob, [told])
  const { part, signature: _, ...fields } = told
  const content = { ...part.content, salt: bytesOf(8, 9) }
  return { told, other: await signRecord(bob.signer, fields, content) }
}
const forked = (self = alice) => self.ledger.state.conversations.get(GROUP)?.forked
const wanted = ({ said }: Wire) =>
  said.flatMap((frame) => (frame.type === 'want' ? [frame.records.map(({ seq }) => seq), frame.bare] : []))

describe('two records at one place, both with their signature', () => {
  test('are told of for good, and the first one stays', async () => {
    const { other } = await twoStories()
    await take(alice, cem, [toWire(other)])
    expect([forked(), await read(alice, GROUP), alice.suspicions]).toEqual([[bob.me], ['yes'], ['fork']])
    await take(alice, cem, [toWire(other)])
    expect(forked()).toEqual([bob.me])
  })

  test('are told of as well if nothing is left of one of them but its place', async () => {
    const { other } = await twoStories()
    await take(alice, cem, [toWire(tombstone(other))])
    expect(forked()).toEqual([bob.me])
  })

  test('are told of as well if they say the same in another era', async () => {
    const { told } = await twoStories()
    const { part, signature: _, ...fields } = told
    if (!('content' in part)) throw new Error('no content')
    const era = { generation: 1, epoch: 7 }
    await take(alice, cem, [toWire(await signRecord(bob.signer, { ...fields, era }, part.content))])
    expect(forked()).toEqual([bob.me])
  })

  test('are two only if both are signed', async () => {
    const { other } = await twoStories()
    await take(alice, cem, [{ ...toWire(other), signature: bytesOf(64, 9) }])
    expect([forked(), alice.suspicions]).toEqual([undefined, ['refused']])
  })
})

describe('whoever says that somebody told another story', () => {
  const claim = (entries = [{ ...haveOf(held()), head: bytesOf(8, 9) }]): Frame => ({
    ...{ type: 'have', conversation: GROUP, part: 'last', entries },
  })
  function held() {
    const feed = alice.ledger.state.feeds.get(feedKey(feedIn(bob)))
    if (!feed) throw new Error('no feed')
    return feed
  }

  test('is asked for it, and not believed before it is there', async () => {
    const { other } = await twoStories()
    const link = wire(alice, cem)
    await link.hear(claim())
    expect(wanted(link)).toEqual([[3, 2, 1], true])
    expect([forked(), link.events.filter((event) => event === 'fork')]).toEqual([undefined, []])
    await link.hear({ type: 'record', record: toWire(other) })
    expect([forked(), link.events.filter((event) => event === 'fork')]).toEqual([[bob.me], ['fork']])
  })

  test('is asked once over one link, and no more when it is known', async () => {
    const { other } = await twoStories()
    const link = wire(alice, cem)
    await link.hear(claim())
    await link.hear(claim())
    expect(wanted(link)).toHaveLength(2)
    await link.hear({ type: 'record', record: toWire(other) })
    const later = wire(alice, cem)
    await later.hear(claim())
    expect(wanted(later)).toEqual([])
  })

  test('is asked for what lies before when all of it is the same', async () => {
    await say(bob, GROUP, ...Array.from({ length: 140 }, (_, n) => String(n)))
    await bring(bob, alice)
    const link = wire(alice, cem)
    await link.hear(claim())
    const end = heldOf(bob, bob)
    const page = (last: number, length: number) => Array.from({ length }, (_, n) => last - n)
    expect(wanted(link)).toEqual([page(end, 128), true])
    await link.hear({
      type: 'record',
      record: toWire((await rowAt(bob, { ...feedIn(bob), seq: end - 126 })).record),
    })
    expect(wanted(link)).toHaveLength(2)
    await link.hear({
      type: 'record',
      record: toWire((await rowAt(bob, { ...feedIn(bob), seq: end - 127 })).record),
    })
    expect(wanted(link).slice(2)).toEqual([page(end - 128, end - 128), true])
  })

  test('gets as much from us: also what was taken back, as a tombstone', async () => {
    const { told } = await twoStories()
    await say(bob, GROUP, { kind: 'delete', target: told })
    await bring(bob, alice)
    await allLeft(alice, GROUP)
    const link = wire(alice, cem)
    await link.hear(claim([]))
    link.said.length = 0
    const records = [{ ...feedOf(told), seq: told.seq }]
    await link.hear({ type: 'want', records, bare: false })
    expect(link.records()).toEqual([])
    await link.hear({ type: 'want', records, bare: true })
    expect(link.records()).toEqual([told.seq])
  })
})
