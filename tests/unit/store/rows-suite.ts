import { DuplicateRow, type Row, type RowChange, type Rows } from '../../../src/store/rows.ts'

/** What every kind of rows must do. Free of any test runner, so that it runs in a page as well. */
export interface RowsCase {
  readonly name: string
  run(rows: Rows): Promise<void>
}

const row = (id: string, conversation = 0, order = 0, mark = 1): Row => {
  return { id, conversation, order, sealed: new Uint8Array([mark, 2, 3]) }
}
const put = (one: Row): RowChange => ({ table: 'records', put: one })
const add = (one: Row): RowChange => ({ table: 'records', add: one })

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

function same(found: unknown, wanted: unknown, what: string): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)]
  check(a === b, `${what}: ${a} instead of ${b}`)
}

const idsOf = (rows: Row[]): string[] => rows.map(({ id }) => id).sort()

/** Rows a0 … of one conversation, with these orders. */
async function filled(rows: Rows, orders: number[]): Promise<void> {
  await rows.commit(orders.map((order, i) => put(row(`a${String(i)}`, 7, order))))
}

export const ROWS_SUITE: readonly RowsCase[] = [
  {
    name: 'what is put is there, byte for byte, and in no other table',
    run: async (rows) => {
      await rows.commit([put(row('a', 3, 4.5))])
      const found = await rows.get('records', 'a')
      check(found?.sealed instanceof Uint8Array, 'bytes came back')
      same([...(found?.sealed ?? [])], [1, 2, 3], 'the bytes')
      same([found?.conversation, found?.order], [3, 4.5], 'the index')
      same(await rows.get('contacts', 'a'), undefined, 'another table')
      same(await rows.get('records', 'b'), undefined, 'another row')
    },
  },
  {
    name: 'a put replaces, a remove takes away, also what is not there, and within one commit the last counts',
    run: async (rows) => {
      await rows.commit([put(row('a', 0, 0, 1)), put(row('b'))])
      await rows.commit([
        put(row('a', 0, 0, 9)),
        { table: 'records', remove: 'b' },
        { table: 'records', remove: 'c' },
      ])
      same((await rows.get('records', 'a'))?.sealed[0], 9, 'the replaced row')
      same(idsOf(await rows.all('records')), ['a'], 'all rows')
    },
  },
  {
    name: 'an add of a taken name fails the whole commit: nothing before or behind it is written',
    run: async (rows) => {
      await rows.commit([add(row('a', 0, 0, 1))])
      const torn = rows.commit([
        { table: 'contacts', put: row('x') },
        put(row('b')),
        add(row('a', 0, 0, 2)),
        put(row('c')),
        { table: 'records', remove: 'a' },
      ])
      const error: unknown = await torn.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      check(error instanceof DuplicateRow, `DuplicateRow, not ${String(error)}`)
      same(idsOf(await rows.all('records')), ['a'], 'the rows')
      same((await rows.get('records', 'a'))?.sealed[0], 1, 'the first one')
      same(await rows.all('contacts'), [], 'the other table')
    },
  },
  {
    name: 'two adds of one name within one commit fail it',
    run: async (rows) => {
      const twice = await rows.commit([add(row('a')), add(row('a'))]).then(
        () => 'written',
        (reason: unknown) => (reason instanceof DuplicateRow ? 'refused' : String(reason)),
      )
      same(twice, 'refused', 'the commit')
      same(await rows.all('records'), [], 'the rows')
    },
  },
  {
    name: 'of two who add the same name at once, one is told that it came second',
    run: async (rows) => {
      const both = await Promise.allSettled([rows.commit([add(row('a'))]), rows.commit([add(row('a'))])])
      same(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'the two commits')
      same(idsOf(await rows.all('records')), ['a'], 'the rows')
    },
  },
  {
    name: 'a page holds the newest below a point, newest first, of this conversation alone',
    run: async (rows) => {
      await filled(rows, [10, 50, 30, 20, 40])
      await rows.commit([put(row('other', 8, 45)), put(row('none', 0, 45))])
      const page = await rows.page(7, { before: 50, limit: 3 })
      same(
        page.map(({ order }) => order),
        [40, 30, 20],
        'the page',
      )
      same((await rows.page(7, { before: 10, limit: 3 })).length, 0, 'below the oldest')
      same((await rows.page(7, { before: Infinity, limit: 9 })).length, 5, 'all of them')
      same((await rows.page(9, { before: Infinity, limit: 9 })).length, 0, 'an empty conversation')
    },
  },
  {
    name: 'a page is never cut between two of one moment, and pages together hold everything once',
    run: async (rows) => {
      await filled(rows, [1, 1, 1, 2, 3, 3, 3, 3, 4, 5, 5])
      same((await rows.page(7, { before: Infinity, limit: 1 })).length, 2, 'both of the newest moment')
      const found: string[] = []
      for (let before = Infinity; ;) {
        const page = await rows.page(7, { before, limit: 2 })
        if (page.length === 0) break
        const orders = page.map(({ order }) => order)
        same(
          orders,
          [...orders].sort((a, b) => b - a),
          'newest first',
        )
        before = Math.min(...orders)
        found.push(...idsOf(page))
      }
      same(found.length, 11, 'how many were found')
      same(new Set(found).size, 11, 'how many differ')
    },
  },
  {
    name: 'a page upwards holds the oldest above a point, oldest first, of this conversation alone',
    run: async (rows) => {
      await filled(rows, [10, 50, 30, 20, 40])
      await rows.commit([put(row('other', 8, 25)), put(row('none', 0, 25))])
      const page = await rows.pageAfter(7, { after: 10, limit: 3 })
      same(
        page.map(({ order }) => order),
        [20, 30, 40],
        'the page',
      )
      same((await rows.pageAfter(7, { after: 50, limit: 3 })).length, 0, 'above the newest')
      same((await rows.pageAfter(7, { after: -Infinity, limit: 9 })).length, 5, 'all of them')
      same((await rows.pageAfter(9, { after: -Infinity, limit: 9 })).length, 0, 'an empty conversation')
    },
  },
  {
    name: 'upwards, too, a page is never cut between two of one moment, and pages hold everything once',
    run: async (rows) => {
      await filled(rows, [1, 1, 1, 2, 3, 3, 3, 3, 4, 5, 5])
      same((await rows.pageAfter(7, { after: -Infinity, limit: 1 })).length, 3, 'all of the oldest moment')
      const found: string[] = []
      for (let after = -Infinity; ;) {
        const page = await rows.pageAfter(7, { after, limit: 2 })
        if (page.length === 0) break
        const orders = page.map(({ order }) => order)
        same(
          orders,
          [...orders].sort((a, b) => a - b),
          'oldest first',
        )
        after = Math.max(...orders)
        found.push(...idsOf(page))
      }
      same(found.length, 11, 'how many were found')
      same(new Set(found).size, 11, 'how many differ')
    },
  },
  {
    name: 'shown records are counted in strides, and the others are not',
    run: async (rows) => {
      const orders = [1, 1, 2, 3, 3, 3, 4, 5]
      await rows.commit([
        ...orders.map((order, i) => put({ ...row(`a${String(i)}`, 7, order), shown: 1 })),
        ...orders.map((order, i) => put(row(`b${String(i)}`, 7, order))),
        put({ ...row('other', 8, 2), shown: 1 }),
      ])
      const strides = async (limit: number): Promise<number[]> => {
        const counts: number[] = []
        for (let after: number | undefined = -Infinity; after !== undefined;) {
          const { count, last } = await rows.stride(7, { after, upTo: Infinity, limit })
          counts.push(count)
          after = last
        }
        return counts
      }
      same(await strides(100), [8], 'all at once')
      same(await strides(2), [2, 4, 2, 0], 'two and more at a time')
      same(await strides(3), [3, 3, 2], 'three at a time')
      same(await rows.stride(7, { after: 3, upTo: 9, limit: 1 }), { count: 1, last: 4 }, 'from the middle')
      same(await rows.stride(7, { after: 1, upTo: 4, limit: 9 }), { count: 5 }, 'up to the middle')
      same(await rows.stride(9, { after: 0, upTo: 9, limit: 5 }), { count: 0 }, 'an empty conversation')
    },
  },
  {
    name: 'a record that is shown no longer does not count any more',
    run: async (rows) => {
      const shown = (id: string, order: number): RowChange => put({ ...row(id, 7, order), shown: 1 })
      await rows.commit([shown('a', 1), shown('b', 2), shown('c', 3)])
      await rows.commit([put(row('b', 7, 2)), { table: 'records', remove: 'c' }])
      same((await rows.stride(7, { after: 0, upTo: 9, limit: 9 })).count, 1, 'what is left')
    },
  },
  {
    name: 'what was handed out or in may be changed without changing the disk',
    run: async (rows) => {
      await rows.commit([put(row('a'))])
      const found = await rows.all('records')
      found.pop()
      same((await rows.all('records')).length, 1, 'the rows')
    },
  },
]
