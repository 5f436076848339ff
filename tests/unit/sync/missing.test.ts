import { beforeEach, describe, expect, test } from 'vitest'
import type { Body, Target } from '../../../src/core/body.ts'
import { emptyFeed, haveOf } from '../../../src/core/feed.ts'
import { feedKey } from '../../../src/core/record.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import { createActs } from '../../../src/sync/acts.ts'
import { tombstone } from '../../../src/sync/entomb.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { noDelivery, read, rowAt, say, take, type Desk } from '../../support/desk.ts'
import { bring, desks, feedIn, GROUP, heldOf, party } from '../../support/party.ts'
import { bytesOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk, cem: Desk
beforeEach(async () => {
  const people = await desks('Alice', 'Bob', 'Cem')
  await party(people)
  ;[alice, bob, cem] = people
})

async function one(self: Desk, body: string | Body): Promise<RecordOnWire> {
  const [record] = (await say(self, GROUP, body)).slice(-1)
  if (!record) throw new Error('nothing was said')
  return record
}
const named = ({ author, incarnation, seq }: Target): Target => ({ author, incarnation, seq })
const remove = (target: Target): Body => ({ kind: 'delete', target: named(target) })
/** Only its place: as somebody gives it who has lost the rest. */
async function bare(record: RecordOnWire): Promise<RecordOnWire> {
  return toWire(tombstone((await rowAt(bob, record)).record))
}
const missing = () => alice.ledger.state.feeds.get(feedKey(feedIn(bob)))?.missing?.map(({ seq }) => seq)
const chat = () => alice.ledger.state.conversations.get(GROUP)

describe('a record of which only the place came', () => {
  test('is missing, and the feed goes on behind it', async () => {
    const said = await one(bob, 'hello')
    const next = await one(bob, 'are you there?')
    await take(alice, cem, [await bare(said), next])
    expect([missing(), (await rowAt(alice, said)).missing]).toEqual([[said.seq], true])
    expect([await read(alice, GROUP), heldOf(alice, bob)]).toEqual([['are you there?'], next.seq])
  })

  test('is filled by whoever has the rest, at its place, and the feed is as it was', async () => {
    const said = await one(bob, 'hello')
    const next = await one(bob, 'are you there?')
    await take(alice, cem, [await bare(said), next])
    const before = alice.ledger.state.feeds.get(feedKey(said))
    const { stored } = await take(alice, cem, [said])
    expect(stored.map(({ record }) => record.seq)).toEqual([said.seq])
    expect(await read(alice, GROUP)).toEqual(['hello', 'are you there?'])
    const { missing: _, ...rest } = before ?? {}
    expect(alice.ledger.state.feeds.get(feedKey(said))).toEqual(rest)
    expect(chat()).toMatchObject({ messages: 2, unread: 2, last: { text: 'are you there?' } })
    const [here, his] = await Promise.all([rowAt(alice, said), rowAt(bob, said)])
    expect([here.head, here.order, here.missing]).toEqual([his.head, his.order, undefined])
    expect((await take(alice, cem, [said])).stored).toEqual([])
    expect(chat()?.messages).toBe(2)
  })

  test('is missing also where messages disappear: whoever brings it may have thrown it away', async () => {
    await say(alice, GROUP, { kind: 'vanish', seconds: 60 })
    const said = await one(bob, 'soon gone')
    await take(alice, cem, [await bare(said)])
    expect([missing(), (await rowAt(alice, said)).missing]).toEqual([[said.seq], true])
  })

  test('is not filled with anything else', async () => {
    const said = await one(bob, 'hello')
    if (!('content' in said.part)) throw new Error('no content')
    await take(alice, cem, [await bare(said)])
    const { content } = said.part
    const forged = { ...said, part: { content: { ...content, salt: bytesOf(8, 9) } } }
    const unsigned = { ...said, signature: bytesOf(64, 9) }
    await take(alice, cem, [forged, unsigned, await bare(said)])
    expect([await read(alice, GROUP), missing()]).toEqual([[], [said.seq]])
  })

  test('is not filled where it is not missing: what was taken back stays so', async () => {
    const said = await one(bob, 'secret')
    const gone = await one(bob, remove(said))
    await take(alice, cem, [said, gone])
    await take(alice, cem, [said])
    expect(await read(alice, GROUP)).toEqual([])
    expect((await rowAt(alice, said)).record.form).toBe('tombstone')
  })

  test('gets what was said about it meanwhile when it is filled', async () => {
    const said = await one(bob, 'hello')
    await bring(bob, cem)
    const reaction = await one(cem, { kind: 'react', target: named(said), emoji: '👍' })
    await take(alice, cem, [await bare(said), reaction])
    await take(alice, cem, [said])
    expect((await rowAt(alice, said)).message?.reactions).toHaveLength(1)
  })
})

describe('what its author has no more of', () => {
  const place = () => alice.ledger.state.feeds.get(feedKey(feedIn(bob)))?.missing
  const told = () =>
    haveOf(alice.ledger.state.feeds.get(feedKey(feedIn(bob))) ?? emptyFeed(feedIn(bob)), bob.me)

  test('is settled with them, whoever brought its place first, and is still asked for at others', async () => {
    const said = await one(bob, 'soon gone')
    await take(alice, cem, [await bare(said)])
    expect([place(), told().whole]).toEqual([[{ seq: said.seq }], said.seq - 1])
    await take(alice, bob, [await bare(said)])
    expect([place(), told()]).toEqual([
      [{ seq: said.seq, settled: true }],
      expect.not.objectContaining({ whole: 2 }),
    ])
    await take(alice, cem, [said])
    expect([await read(alice, GROUP), place()]).toEqual([['soon gone'], undefined])
  })
})

describe('nothing is missing', () => {
  test('if its author took it back, whether that comes later', async () => {
    const said = await one(bob, 'secret')
    const gone = await one(bob, remove(said))
    await take(alice, cem, [await bare(said)])
    expect(missing()).toEqual([said.seq])
    await take(alice, cem, [gone])
    expect([missing(), (await rowAt(alice, said)).missing]).toEqual([undefined, undefined])
    await take(alice, cem, [said])
    expect(await read(alice, GROUP)).toEqual([])
  })

  test('and nothing is left of its edits either, of those before and of those behind', async () => {
    const said = await one(bob, 'secret')
    const edit = (text: string): Body => ({ kind: 'edit', target: named(said), text })
    const records = [await bare(said), await one(bob, edit('secret 1'))]
    const before = records.at(-1)
    records.push(await one(bob, remove(said)))
    const after = await one(bob, edit('secret 2'))
    await take(alice, cem, [...records, after])
    for (const record of [said, before ?? said, after])
      expect((await rowAt(alice, record)).record.form).toBe('tombstone')
    expect(missing()).toBeUndefined()
  })

  test('or came before, from another life of theirs', async () => {
    const said = await one(bob, 'secret')
    const place = await bare(said)
    await createActs(bob.ledger, bob.author, noDelivery(bob)).beginAgain()
    await take(alice, cem, await say(bob, GROUP, remove(said)))
    await take(alice, cem, [place])
    expect((await rowAt(alice, said)).missing).toBeUndefined()
    expect(alice.ledger.state.feeds.get(feedKey(said))).not.toHaveProperty('missing')
  })

  test('any more when a record that was missing itself tells that another one was taken back', async () => {
    const said = await one(bob, 'secret')
    const gone = await one(bob, remove(said))
    await take(alice, cem, [await bare(said), await bare(gone)])
    expect(missing()).toEqual([said.seq, gone.seq])
    await take(alice, cem, [gone])
    expect((await rowAt(alice, said)).missing).toBeUndefined()
    expect(missing()).toBeUndefined()
  })
})
