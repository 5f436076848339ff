import { beforeEach, describe, expect, test } from 'vitest'
import type { Body } from '../../../src/core/body.ts'
import type { Conversation } from '../../../src/core/conversation.ts'
import { feedOf, recordKey } from '../../../src/core/record.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import { createActs, type Acts } from '../../../src/sync/acts.ts'
import { entomb } from '../../../src/sync/entomb.ts'
import { acquaint, desk, noDelivery, placeOf, read, rowAt, say, take, type Desk } from '../../support/desk.ts'
import { act } from '../../support/party.ts'

let alice: Desk, bob: Desk, acts: Acts
let heard: RecordOnWire[]
beforeEach(async () => {
  ;[alice, bob] = [await desk('Alice', 1), await desk('Bob', 2)]
  await acquaint(alice, bob)
  acts = createActs(alice.ledger, alice.author, noDelivery(alice))
  const records = await say(bob, alice, 'one', 'two', 'three')
  heard = records.slice(2)
  await take(alice, bob, records)
})

const chat = (): Conversation => {
  const found = alice.ledger.state.conversations.get(placeOf(alice, bob))
  if (!found) throw new Error('no chat')
  return found
}
function nth(n: number): RecordOnWire {
  const record = heard[n]
  if (!record) throw new Error('that was not said')
  return record
}
const gone = (record: RecordOnWire) => act(alice, (draft) => entomb(draft, recordKey(record), 'gone'))
const deleted = (record: RecordOnWire) => act(alice, (draft) => entomb(draft, recordKey(record), 'deleted'))

describe('what is gone', () => {
  test('leaves its place in the feed and nothing else, and is counted no more', async () => {
    expect(chat()).toMatchObject({ messages: 3, unread: 3 })
    await gone(nth(0))
    const row = await rowAt(alice, nth(0))
    expect([row.record.form, row.message]).toEqual(['tombstone', undefined])
    expect(row.record).not.toHaveProperty('content')
    expect(chat()).toMatchObject({ messages: 2, unread: 2, last: { text: 'three' } })
    expect(await read(alice)).toEqual(['two', 'three'])
  })

  test('goes once, however often', async () => {
    await gone(nth(0))
    await gone(nth(0))
    expect(chat()).toMatchObject({ messages: 2, unread: 2 })
  })

  test('is no longer what the list shows', async () => {
    await gone(nth(2))
    expect(chat()).not.toHaveProperty('last')
    expect(chat()).toMatchObject({ messages: 2, unread: 2 })
  })

  test('was counted as unread only if it was not read, and never takes more than there is', async () => {
    await acts.markRead(placeOf(alice, bob))
    await take(alice, bob, await say(bob, alice, 'four'))
    for (const record of [nth(0), nth(2)]) await gone(record)
    expect(chat()).toMatchObject({ messages: 2, unread: 1 })
    await act(alice, (draft) => {
      draft.put('conversations', { ...chat(), unread: 0, messages: 0, last: { author: bob.me, text: '' } })
    })
    const four = { ...nth(2), seq: nth(2).seq + 1 }
    await gone(four)
    expect(chat()).toMatchObject({ messages: 0, unread: 0 })
  })

  test('was never unread if alice said it herself', async () => {
    const [own] = (await say(alice, bob, 'mine')).slice(-1)
    if (!own) throw new Error('nothing was said')
    await gone(own)
    expect(chat()).toMatchObject({ messages: 3, unread: 3 })
  })

  test('takes its edits along, and what made it disappear', async () => {
    const { author, incarnation, seq } = nth(0)
    const edit: Body = { kind: 'edit', target: { author, incarnation, seq }, text: 'once' }
    const [edited, brief] = await say(bob, alice, edit, { kind: 'text', text: 'psst', vanish: 5 })
    if (!edited || !brief) throw new Error('two were expected')
    await take(alice, bob, [edited, brief])
    expect(await alice.store.all('vanishings')).toHaveLength(1)
    await gone(nth(0))
    await gone(brief)
    expect((await rowAt(alice, edited)).record.form).toBe('tombstone')
    expect(await alice.store.all('vanishings')).toEqual([])
  })

  test('may be what never was here', async () => {
    await gone({ ...nth(0), seq: 99 })
    expect(chat()).toMatchObject({ messages: 3, unread: 3 })
  })
})

describe('what its author took back', () => {
  test('still stands in the chat, without a word, and is still counted', async () => {
    await deleted(nth(2))
    const row = await rowAt(alice, nth(2))
    expect(row.record.form).toBe('tombstone')
    expect(row.message).toMatchObject({ author: bob.me, body: undefined, deleted: true })
    expect(chat()).toMatchObject({
      messages: 3,
      unread: 3,
      last: { author: bob.me, text: 'Message deleted' },
    })
  })

  test('is said in the list only if it was the newest', async () => {
    await deleted(nth(0))
    expect(chat().last).toEqual({ author: bob.me, text: 'three' })
  })

  test('can still go from this screen', async () => {
    await deleted(nth(0))
    await acts.hide(recordKey(nth(0)))
    expect((await rowAt(alice, nth(0))).message).toBeUndefined()
    expect(chat()).toMatchObject({ messages: 2, unread: 2 })
  })
})

describe('what alice does not want on her screen', () => {
  test('does not come back to it when it is taken back for everybody', async () => {
    const [own] = (await say(alice, bob, 'mine')).slice(-1)
    if (!own) throw new Error('nothing was said')
    await acts.hide(recordKey(own))
    await deleted(own)
    expect((await rowAt(alice, own)).message).toBeUndefined()
    expect(chat()).toMatchObject({ messages: 3, unread: 3 })
    expect(await alice.store.get('marks', recordKey(own))).toMatchObject({ marks: { deleted: true } })
  })

  test('leaves it for good if bob said it', async () => {
    await acts.hide(recordKey(nth(1)))
    expect((await rowAt(alice, nth(1))).record.form).toBe('tombstone')
    expect(chat()).toMatchObject({ messages: 2, unread: 2 })
  })

  test('is kept out of sight as long as bob has not got it', async () => {
    const [own] = (await say(alice, bob, 'mine')).slice(-1)
    if (!own) throw new Error('nothing was said')
    await acts.hide(recordKey(own))
    const row = await rowAt(alice, own)
    expect([row.record.form, row.message?.hidden]).toEqual(['record', true])
    expect(chat()).toMatchObject({ messages: 3, unread: 3 })
    await acts.hide(recordKey(own))
    expect(chat().messages).toBe(3)
    await act(alice, (draft) => {
      draft.put('reaches', { feed: feedOf(own), peer: bob.me, delivered: own.seq, sent: own.seq })
    })
    await acts.hide(recordKey(own))
    expect((await rowAt(alice, own)).record.form).toBe('tombstone')
    expect(chat().messages).toBe(3)
  })
})
