import { beforeEach, describe, expect, test } from 'vitest'
import { emptyFeed, type Feed } from '../../../src/core/feed.ts'
import { feedKey, recordKey } from '../../../src/core/record.ts'
import { DuplicateRow } from '../../../src/store/rows.ts'
import type { StoredRecord } from '../../../src/store/tables.ts'
import { Draft } from '../../../src/sync/draft.ts'
import { openLedger } from '../../../src/sync/ledger.ts'
import { acquaint, desk, placeOf, rowsOf, say, type Desk } from '../../support/desk.ts'
import { conversationOf, feedIdOf, incarnationIdOf } from '../../support/samples.ts'

let alice: Desk
let bob: Desk
let draft: Draft
beforeEach(async () => {
  ;[alice, bob] = [await desk('Alice', 1), await desk('Bob', 2)]
  await acquaint(alice, bob)
  await say(alice, bob, 'one')
  draft = new Draft(alice.ledger.state, (table, key) => alice.store.get(table, key))
})

const chat = () => placeOf(alice, bob)
const contact = () => {
  const known = alice.ledger.state.contacts.get(bob.me)
  if (!known) throw new Error('nobody there')
  return known
}
async function lastRow(): Promise<StoredRecord> {
  const row = (await rowsOf(alice)).at(-1)
  if (!row) throw new Error('nothing was said')
  return row
}

describe('whoever reads from a draft finds', () => {
  test('what is there, where nothing was drafted', async () => {
    const row = await lastRow()
    expect(draft.get('contacts', bob.me)).toEqual(contact())
    expect(draft.all('contacts')).toEqual([contact()])
    expect(draft.self).toEqual(alice.ledger.state.self)
    expect(await draft.record(recordKey(row.record))).toEqual(row)
    expect(draft.changes()).toEqual([])
  })

  test('what will be there: what was put, in place of what was', () => {
    draft.put('contacts', { ...contact(), name: 'Robert' })
    draft.put('self', { ...draft.self, name: 'Alison' })
    expect(draft.get('contacts', bob.me)?.name).toBe('Robert')
    expect(draft.all('contacts').map(({ name }) => name)).toEqual(['Robert'])
    expect(draft.self.name).toBe('Alison')
    draft.put('contacts', { ...contact(), identity: alice.me, name: 'Me' })
    expect(draft.all('contacts').map(({ name }) => name)).toEqual(['Robert', 'Me'])
  })

  test('nothing where something is going to be removed', async () => {
    const row = await lastRow()
    draft.remove('contacts', bob.me)
    draft.remove('records', recordKey(row.record))
    expect([draft.get('contacts', bob.me), draft.all('contacts')]).toEqual([undefined, []])
    expect(await draft.record(recordKey(row.record))).toBeUndefined()
  })

  test('records and marks as they will be, also those that never lay on the disk', async () => {
    const row = await lastRow()
    draft.put('records', { ...row, order: 5 })
    draft.put('marks', { target: 'somewhere', marks: { deleted: true } })
    expect((await draft.record(recordKey(row.record)))?.order).toBe(5)
    expect((await draft.load('marks', 'somewhere'))?.marks).toEqual({ deleted: true })
    expect(await draft.load('marks', 'elsewhere')).toBeUndefined()
  })

  test('each feed of a conversation once, as it will be', () => {
    const [known] = draft.feedsOf(chat())
    if (!known) throw new Error('no feed')
    const other: Feed = { ...emptyFeed({ ...known, incarnation: incarnationIdOf(9) }), seq: 1 }
    const elsewhere = emptyFeed(feedIdOf(9))
    draft.put('feeds', { ...known, seq: 8 })
    draft.put('feeds', other)
    draft.put('feeds', elsewhere)
    expect(draft.feedsOf(chat())).toEqual([{ ...known, seq: 8 }, other])
    expect(draft.feedsOf(elsewhere.conversation)).toEqual([elsewhere])
    expect(draft.feedsOf(conversationOf(8))).toEqual([])
  })
})

describe('what a draft writes', () => {
  const setting = (value: number) => ({ name: 'a', value })

  test('is each row once, as it was drafted last', () => {
    draft.put('settings', setting(1))
    draft.put('settings', setting(2))
    expect(draft.changes()).toEqual([{ table: 'settings', put: setting(2) }])
    draft.remove('settings', 'a')
    expect(draft.changes()).toEqual([{ table: 'settings', remove: 'a' }])
    draft.put('settings', setting(3))
    expect(draft.changes()).toEqual([{ table: 'settings', put: setting(3) }])
  })

  test('stays new, though it was drafted further', () => {
    draft.add('settings', setting(1))
    draft.put('settings', setting(2))
    draft.put('settings', setting(3))
    expect(draft.changes()).toEqual([{ table: 'settings', add: setting(3) }])
  })
})

describe('a transaction', () => {
  const { keys } = Object

  test('writes all of its draft or nothing', async () => {
    const row = await lastRow()
    const twice = alice.ledger.transact((next) => {
      next.put('settings', { name: 'a', value: 1 })
      next.add('records', row)
    })
    await expect(twice).rejects.toThrow(DuplicateRow)
    expect(await alice.store.all('settings')).toEqual([])
  })

  test('whose work fails writes nothing, and the next one goes on', async () => {
    const failing = alice.ledger.transact((next) => {
      next.put('contacts', { ...contact(), name: 'Robert' })
      throw new Error('no')
    })
    const [, found] = await Promise.allSettled([
      failing,
      alice.ledger.transact((next) => next.all('contacts')),
    ])
    expect(found).toMatchObject({ status: 'fulfilled', value: [{ name: 'Bob' }] })
    await expect(failing).rejects.toThrow('no')
  })

  test('sees what the one before it wrote, and so does whoever opens the device again', async () => {
    const name = (to: string) =>
      alice.ledger.transact((next) => {
        const before = next.get('contacts', bob.me)
        if (before) next.put('contacts', { ...before, name: `${before.name} ${to}` })
      })
    await Promise.all([name('B.'), name('Baker')])
    expect(contact().name).toBe('Bob B. Baker')
    const again = await openLedger(alice.store)
    expect(again?.state.contacts).toEqual(alice.ledger.state.contacts)
    expect(again?.state.feedsOf).toEqual(alice.ledger.state.feedsOf)
    expect(keys(again?.state ?? {}).sort()).toEqual(keys(alice.ledger.state).sort())
  })

  test('keeps the feeds of each conversation together', async () => {
    const [known] = draft.feedsOf(chat())
    if (!known) throw new Error('no feed')
    await alice.ledger.transact((next) => {
      next.put('feeds', { ...known, seq: 8 })
    })
    const shelf = () => alice.ledger.state.feedsOf.get(chat())
    expect(shelf()?.get(feedKey(known))?.seq).toBe(8)
    await alice.ledger.transact((next) => {
      next.remove('feeds', feedKey(known))
    })
    expect([shelf()?.size, alice.ledger.state.feeds.size]).toEqual([0, 0])
  })
})
