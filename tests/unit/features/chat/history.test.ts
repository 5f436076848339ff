import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { History, type Pages } from '../../../../src/features/chat/history.ts'
import type { StoredRecord } from '../../../../src/store/tables.ts'
import { fakeStore } from '../../../e2e/gallery/fake-store.ts'
import { keyOf, localOf, recordOf } from '../../../e2e/gallery/people.ts'

const ANN = keyOf('Ann')
const LOCAL = localOf('Ann')
let store = fakeStore()
let opened = 0
let history: History

const pages: Pages = {
  older: async (range) => counted(await store.page(LOCAL, range)),
  newer: async (range) => counted(await store.pageAfter(LOCAL, range)),
}

function counted(page: StoredRecord[]): StoredRecord[] {
  opened += page.length
  return page
}

function at(seq: number, clock: number): StoredRecord {
  return recordOf('Ann', ANN, { seq, clock }, { kind: 'text', text: String(seq) })
}

/** Writes, and gives the history what it would be given. */
async function add(...rows: StoredRecord[]): Promise<number[]> {
  await store.commit(rows.map((put) => ({ table: 'records', put })))
  return history.take(rows).map(({ seq }) => seq)
}

const seqs = () => history.messages.map(({ seq }) => seq)
const span = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

beforeEach(async () => {
  store = fakeStore()
  const rows = span(1, 100).map((seq) => at(seq, 10 * seq))
  await store.commit(rows.map((put) => ({ table: 'records', put })))
  history = await History.atEnd(pages, 30)
  opened = 0
})

describe('a chat that is read from its end', () => {
  it('holds the newest messages in order, and knows that there are older ones', () => {
    expect(seqs()).toEqual(span(71, 100))
    expect(history.complete).toBe(false)
    expect(history.ended).toBe(true)
  })

  it('goes on to the beginning', async () => {
    await history.readOlder(60)
    await history.readOlder(60)
    expect(seqs()).toEqual(span(1, 100))
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

  it('lets go of a message that was hidden, or is no more', async () => {
    const [hidden, { message: _, ...gone }] = [at(90, 900), at(91, 910)]
    const message = hidden.message && { ...hidden.message, hidden: true as const }
    expect(await add({ ...hidden, ...(message && { message }) }, gone)).toEqual([])
    expect(seqs()).toEqual([...span(71, 89), ...span(92, 100)])
  })
})

describe('a chat that is read from its middle', () => {
  it('holds messages on both sides', async () => {
    history = await History.around(pages, 500, 20)
    expect(seqs()).toEqual(span(40, 59))
    expect([history.complete, history.ended]).toEqual([false, false])
  })

  it('goes on both ways', async () => {
    history = await History.around(pages, 500, 20)
    await history.readNewer(30)
    expect(seqs()).toEqual(span(40, 89))
    await history.readOlder(30)
    expect(seqs()).toEqual(span(10, 89))
    await history.readNewer(30)
    expect(history.ended).toBe(true)
    expect(seqs()).toEqual(span(10, 100))
  })

  it('holds as many near the end, and near the beginning', async () => {
    history = await History.around(pages, 990, 20)
    expect(seqs()).toEqual(span(81, 100))
    expect(history.ended).toBe(true)
    history = await History.around(pages, 20, 20)
    expect(seqs()).toEqual(span(1, 20))
    expect(history.complete).toBe(true)
  })

  it('leaves what is written at the end for later, until the end is there', async () => {
    history = await History.around(pages, 500, 20)
    expect(await add(at(101, 2000))).toEqual([])
    await history.readNewer(100)
    expect(seqs().at(-1)).toBe(101)
    expect(await add(at(102, 2010))).toEqual([102])
  })

  it('is nothing but a gap in an empty chat', async () => {
    store = fakeStore()
    history = await History.around(pages, 500, 20)
    expect([seqs(), history.complete, history.ended]).toEqual([[], true, true])
  })
})

/** One thing that a person does, or that happens meanwhile. Orders are few, so that many are equal. */
const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom('older' as const, 'newer' as const),
    count: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({
    kind: fc.constant('jump' as const),
    order: fc.nat(30),
    count: fc.integer({ min: 1, max: 20 }),
  }),
  fc.record({ kind: fc.constant('end' as const), count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constantFrom('write' as const, 'hide' as const, 'note' as const), order: fc.nat(31) }),
)

/** What the store shows between the two borders of what is loaded. */
async function truth(): Promise<number[]> {
  const rows = await store.pageAfter(LOCAL, { after: -Infinity, limit: 10_000 })
  const inside = rows.filter(({ order }) => order >= history.from && order <= history.to)
  const shown = inside.filter(({ message }) => message && !message.hidden)
  return shown
    .sort((a, b) => a.order - b.order || a.record.seq - b.record.seq)
    .map(({ record }) => record.seq)
}

async function happen(
  what: typeof step extends fc.Arbitrary<infer T> ? T : never,
  seq: number,
): Promise<void> {
  switch (what.kind) {
    case 'older':
      await history.readOlder(what.count)
      return
    case 'newer':
      return history.readNewer(what.count)
    case 'jump':
      history = await History.around(pages, what.order, what.count)
      return
    case 'end':
      history = await History.atEnd(pages, what.count)
      return
    case 'write':
      await add(at(seq, what.order))
      return
    case 'note': {
      const { message: _, ...note } = at(seq, what.order)
      await add(note)
      return
    }
    case 'hide': {
      const [row] = await store.page(LOCAL, { before: what.order, limit: 1 })
      if (row?.message) await add({ ...row, message: { ...row.message, hidden: true } })
    }
  }
}

describe('whatever somebody does, and whatever happens meanwhile', () => {
  it('what is loaded has no gap, is in order, and holds what was asked for', async () => {
    const begun = fc.array(fc.nat(30), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(begun, fc.array(step, { maxLength: 20 }), async (orders, steps) => {
        store = fakeStore()
        await store.commit(orders.map((order, i) => ({ table: 'records', put: at(i + 1, order) })))
        history = await History.atEnd(pages, 5)
        for (const [index, what] of steps.entries()) {
          const had = history.messages.length
          await happen(what, 1000 + index)
          expect(seqs()).toEqual(await truth())
          if (what.kind === 'older') expect(history.complete || seqs().length >= had + what.count).toBe(true)
          if (what.kind === 'newer') expect(history.ended || seqs().length >= had + what.count).toBe(true)
          if (what.kind === 'jump' || what.kind === 'end') {
            const all = history.complete && history.ended
            expect(all || seqs().length >= what.count).toBe(true)
          }
          if (what.kind === 'jump') {
            expect(history.from).toBeLessThanOrEqual(what.order)
            expect(history.to).toBeGreaterThanOrEqual(what.order)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
