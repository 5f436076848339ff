import { expect, test, vi } from 'vitest'
import { haveOf, type Have } from '../../../src/core/feed.ts'
import { incarnationId } from '../../../src/core/ids.ts'
import { NOWHERE, statusOf } from '../../../src/core/status.ts'
import { pairConversation } from '../../../src/crypto/address.ts'
import type { Frame } from '../../../src/protocol/frame.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import { acquaint, desk, read, rowAt, say, type Desk } from '../../support/desk.ts'
import { seeded } from '../../support/random.ts'
import { bytesOf } from '../../support/samples.ts'
import { allLeft, rest, wire } from '../../support/session-wire.ts'
import { steadyCrypto } from '../../support/steady-crypto.ts'

vi.stubGlobal('crypto', steadyCrypto(seeded(1)))

async function stage(): Promise<[Desk, Desk]> {
  const [alice, bob] = [await desk('Alice', 1), await desk('Bob', 2)]
  await acquaint(alice, bob)
  return [alice, bob]
}

/** Says it, and it left this device once; from then on it is given in the open. */
async function told(self: Desk, to: Desk, text: string): Promise<RecordOnWire[]> {
  const records = await say(self, to, text)
  await allLeft(self, to)
  return records
}

const chat = pairConversation((await desk('Alice', 1)).me, (await desk('Bob', 2)).me)

const vector = (
  entries: Have[],
  part: 'change' | 'more' | 'last' | 'ask' = 'last',
): Frame & { type: 'have' } => ({ type: 'have', conversation: chat, part, entries })

function ownFeed(self: Desk): Have {
  const [feed] = [...self.ledger.state.feeds.values()].filter(({ author }) => author === self.me)
  if (!feed) throw new Error('nothing was said')
  return haveOf(feed)
}

async function ownFeedAt(self: Desk, seq: number): Promise<Have> {
  const feed = ownFeed(self)
  const row = await rowAt(self, { ...feed, seq })
  return { ...feed, seq, head: row.head.slice(0, 8) }
}

async function statusAt(self: Desk, seq: number) {
  const [reach] = await self.store.all('reaches')
  return statusOf(seq, [reach ?? NOWHERE])
}

test('a link begins with everything we hold; nothing more goes out before we know what they hold', async () => {
  const [alice, bob] = await stage()
  await told(alice, bob, 'one')
  const { said, session, hear, records } = wire(alice, bob)
  session.pump()
  await rest(alice)
  expect(said).toEqual([vector([ownFeed(alice)])])
  await hear(vector([], 'more'))
  expect(records()).toEqual([])
  await hear(vector([]))
  expect(records()).toEqual([1, 2, 3])
  expect(await statusAt(alice, 3)).toBe('Sent')
})

test('only what they lack is sent, once', async () => {
  const [alice, bob] = await stage()
  await told(alice, bob, 'one')
  const { hear, records, session } = wire(alice, bob)
  await hear(vector([await ownFeedAt(alice, 2)]))
  session.pump()
  await rest(alice)
  expect(records()).toEqual([3])
})

test('their receipt, and nothing else, makes it Delivered, and never more than there is', async () => {
  const [alice, bob] = await stage()
  await told(alice, bob, 'one')
  const { hear } = wire(alice, bob)
  await hear(vector([]))
  expect(await statusAt(alice, 3)).toBe('Sent')
  await hear(vector([await ownFeedAt(alice, 2)], 'change'))
  expect([await statusAt(alice, 2), await statusAt(alice, 3)]).toEqual(['Delivered', 'Sent'])
  await hear(vector([ownFeed(alice)], 'change'))
  expect(await statusAt(alice, 3)).toBe('Delivered')
  await hear(vector([{ ...ownFeed(alice), seq: 999, incarnation: bob.ledger.state.self.incarnation.id }]))
  expect(await statusAt(alice, 4)).not.toBe('Delivered')
})

test('a receipt for another chat says nothing here', async () => {
  const [alice, bob] = await stage()
  const carol = await desk('Carol', 3)
  await acquaint(alice, carol)
  await say(alice, carol, 'for carol')
  const { hear, said, events } = wire(alice, bob)
  const hers = ownFeed(alice)
  await hear({ ...vector([hers]), conversation: hers.conversation })
  expect(await alice.store.all('reaches')).toEqual([])
  expect([said, events]).toEqual([[vector([])], ['begun']])
})

test('what comes is acknowledged after it is on the disk', async () => {
  const [alice, bob] = await stage()
  const records = await say(bob, alice, 'one')
  const { said, session, events } = wire(alice, bob)
  session.have(vector([]))
  for (const record of records) session.brought({ record })
  expect(said).toHaveLength(1)
  await rest(alice)
  expect(said.at(-1)).toEqual(vector([ownFeed(bob)], 'change'))
  expect(events).toEqual(['known', 'advanced 1', 'stored 1', 'advanced 1', 'stored 2'])
  expect(await read(alice)).toEqual(['one'])
})

test('regression of seed 69: what came over a dying link and comes again over the next is acknowledged there', async () => {
  const [alice, bob] = await stage()
  const records = await say(bob, alice, 'one')
  const [old, next] = [wire(alice, bob), wire(alice, bob)]
  for (const record of records) await old.hear({ type: 'record', record })
  next.said.length = 0
  for (const record of records) await next.hear({ type: 'record', record })
  expect(next.said.at(-1)).toEqual(vector([ownFeed(bob)], 'change'))
  expect(next.events).toEqual([])
})

test('nobody is given back what they just brought', async () => {
  const [alice, bob] = await stage()
  const brought = await say(bob, alice, 'one')
  const { session, hear, records } = wire(alice, bob)
  // As in the app: whatever is stored is offered at once.
  alice.store.watch(() => {
    session.pump()
  })
  await hear(vector([]))
  for (const record of brought) await hear({ type: 'record', record })
  expect(await read(alice)).toEqual(['one'])
  expect(records()).toEqual([])
})

test('somebody who sends records of another chat learns nothing of it', async () => {
  const [alice, bob] = await stage()
  const carol = await desk('Carol', 3)
  await acquaint(alice, carol)
  const hers = await say(alice, carol, 'for carol')
  const { said, hear, events } = wire(alice, bob)
  for (const record of hers) await hear({ type: 'record', record })
  expect(said).toEqual([vector([])])
  expect(events).toEqual(['refused', 'refused', 'refused'])
})

test('when enough waits to leave no more is given, until there is room', async () => {
  const [alice, bob] = await stage()
  await told(alice, bob, 'one')
  const { hear, records, room, session } = wire(alice, bob)
  room.waiting = 262_144
  await hear(vector([]))
  expect(records()).toEqual([])
  room.waiting = 0
  session.pump()
  await rest(alice)
  expect(records()).toEqual([1, 2, 3])
})

test('a link that another one replaced carries no records, and what it never delivered waits again', async () => {
  const [alice, bob] = await stage()
  await told(alice, bob, 'one')
  const { hear, records, room, session } = wire(alice, bob)
  room.counts = false
  await hear(vector([]))
  expect(records()).toEqual([])
  room.counts = true
  session.pump()
  await rest(alice)
  expect(await statusAt(alice, 3)).toBe('Sent')
  session.close()
  await rest(alice)
  expect(await statusAt(alice, 3)).toBe('Waiting')
})

test('two stories for one seq are noticed', async () => {
  const [alice, bob] = await stage()
  await told(alice, bob, 'one')
  const { hear, events } = wire(alice, bob)
  await hear(vector([{ ...ownFeed(alice), head: bytesOf(8, 9) }]))
  expect(events).toEqual(['set back'])
})

test('a story that differs further back is noticed as well, and nothing of it counts as delivered', async () => {
  const [alice, bob] = await stage()
  await told(alice, bob, 'one')
  const { hear, events } = wire(alice, bob)
  await hear(vector([{ ...ownFeed(alice), seq: 2, head: bytesOf(8, 9) }]))
  expect(events).toEqual(['set back'])
  expect(await statusAt(alice, 1)).not.toBe('Delivered')
})

test('whoever holds more of our present incarnation than we do shows that we were set back', async () => {
  const [alice, bob] = await stage()
  await told(alice, bob, 'one')
  const { hear, events } = wire(alice, bob)
  await hear(vector([{ ...ownFeed(alice), seq: 9 }]))
  expect(events).toEqual(['set back'])
})

test('whoever confirms nothing is not given everything: no more than four batches are on their way', async () => {
  const [alice, bob] = await stage()
  for (let n = 0; n < 600; n++) await told(alice, bob, `word ${String(n)}`)
  const { hear, records, session } = wire(alice, bob)
  await hear(vector([]))
  expect(records()).toHaveLength(512)
  session.pump()
  await rest(alice)
  expect(records()).toHaveLength(512)
  await hear(vector([await ownFeedAt(alice, 128)], 'change'))
  expect(records().at(-1)).toBe(602)
})

test('whoever brings records faster than the disk takes them, or speaks of feeds without end, is sent away', async () => {
  const [alice, bob] = await stage()
  const [record] = await say(bob, alice, 'one')
  const { session, events } = wire(alice, bob)
  for (let n = 0; n < 1_100; n++) if (record) session.brought({ record: { ...record, seq: 5 + n } })
  expect(events).toContain('closed')
  const next = wire(alice, bob)
  const { author, conversation } = ownFeed(bob)
  for (let n = 0; n < 40; n++) {
    const entries = Array.from({ length: 128 }, (_, m) => {
      return {
        conversation,
        author,
        incarnation: incarnationId((n * 128 + m).toString(16).padStart(16, '0')),
        seq: 1,
        head: bytesOf(8, 1),
      }
    })
    next.session.have(vector(entries, 'more'))
  }
  expect(next.events).toContain('closed')
})

test('however often they say what they hold, it is looked at once while the disk is busy', async () => {
  const [alice, bob] = await stage()
  await told(alice, bob, 'one')
  const { session } = wire(alice, bob)
  const transact = vi.spyOn(alice.ledger, 'transact')
  for (let n = 0; n < 1_000; n++) session.have(vector([ownFeed(alice)], 'change'))
  await rest(alice)
  expect(transact.mock.calls.length).toBeLessThan(10)
  expect(await statusAt(alice, 3)).toBe('Delivered')
})
