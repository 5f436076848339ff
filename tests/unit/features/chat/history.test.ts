import { beforeEach, describe, expect, it } from 'vitest'
import { History } from '../../../../src/features/chat/history.ts'
import type { StoredRecord } from '../../../../src/store/tables.ts'
import { fakeStore } from '../../../e2e/gallery/fake-store.ts'
import { keyOf, localOf, recordOf } from '../../../e2e/gallery/people.ts'

const ANN = keyOf('Ann')
let store = fakeStore()
let opened = 0
let history: History

function at(seq: number, clock: number): StoredRecord {
  return recordOf('Ann', ANN, { seq, clock }, { kind: 'text', text: String(seq) })
}

/** Writes, and gives the history what it would be given. */
async function add(...rows: StoredRecord[]): Promise<number[]> {
  await store.commit(rows.map((put) => ({ table: 'records', put })))
  return history.take(rows).map(({ seq }) => seq)
}

const seqs = () => history.messages.map(({ seq }) => seq)

beforeEach(async () => {
  store = fakeStore()
  const rows = Array.from({ length: 100 }, (_, i) => at(i + 1, 10 * (i + 1)))
  await store.commit(rows.map((put) => ({ table: 'records', put })))
  history = new History(async (range) => {
    const page = await store.page(localOf('Ann'), range)
    opened += page.length
    return page
  })
  await history.readOlder(30)
  opened = 0
})

describe('a chat that is read from its end', () => {
  it('holds the newest messages in order, and knows that there are older ones', () => {
    expect(seqs()).toEqual(Array.from({ length: 30 }, (_, i) => i + 71))
    expect(history.complete).toBe(false)
  })

  it('goes on to the beginning', async () => {
    await history.readOlder(60)
    await history.readOlder(60)
    expect(seqs()).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    expect(history.complete).toBe(true)
  })

  it('takes in a new message without reading anything', async () => {
    expect(await add(at(101, 2000))).toEqual([101])
    expect(seqs().at(-1)).toBe(101)
    expect(opened).toBe(0)
  })

  it('puts a message that came late where it belongs', async () => {
    expect(await add(at(101, 755))).toEqual([101])
    expect(seqs().indexOf(101)).toBe(seqs().indexOf(75) + 1)
  })

  it('leaves one that belongs above what is loaded for later', async () => {
    expect(await add(at(101, 5))).toEqual([])
    expect(seqs()).toHaveLength(30)
    await history.readOlder(100)
    expect(seqs()[0]).toBe(101)
  })

  it('skips records that are no messages', async () => {
    const { message: _, ...housekeeping } = at(102, 3000)
    expect(await add(at(101, 2000), housekeeping)).toEqual([101])
    expect(seqs().at(-1)).toBe(101)
  })

  it('shows a known message as it is now, and does not call it new', async () => {
    const row = at(90, 900)
    expect(
      await add({ ...row, ...(row.message && { message: { ...row.message, failed: 'file-gone' } }) }),
    ).toEqual([])
    expect(seqs()).toHaveLength(30)
    expect(history.messages.find(({ seq }) => seq === 90)?.failed).toBe('file-gone')
  })
})
