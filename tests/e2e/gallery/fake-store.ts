import type { Change, Store, Touched } from '../../../src/store/store.ts'
import { SHAPES, type Tables } from '../../../src/store/tables.ts'
import { TABLES, type TableName } from '../../../src/store/rows.ts'

type Rows = { [T in TableName]: Map<string, Tables[T]> }

/** A store in plain memory, for screens without an engine. Nothing is sealed. */
export function fakeStore(): Store {
  const rows = Object.fromEntries(TABLES.map((name) => [name, new Map()])) as unknown as Rows
  const listeners = new Set<(touched: Touched) => void>()

  return {
    get: (table, key) => Promise.resolve(rows[table].get(key)),
    all: (table) => Promise.resolve([...rows[table].values()]),
    page: (local, { before, limit }) => {
      const below = [...rows.records.values()].filter((row) => row.local === local && row.order < before)
      const newest = below.sort((a, b) => b.order - a.order).slice(0, limit)
      const oldest = newest.at(-1)?.order ?? 0
      return Promise.resolve(below.filter(({ order }) => order >= oldest))
    },
    pageAfter: (local, { after, limit }) => {
      const above = [...rows.records.values()].filter((row) => row.local === local && row.order > after)
      const oldest = above.sort((a, b) => a.order - b.order).slice(0, limit)
      const newest = oldest.length < limit ? Infinity : (oldest.at(-1)?.order ?? Infinity)
      return Promise.resolve(above.filter(({ order }) => order <= newest))
    },
    stride: (local, { after, upTo, limit }) => {
      const shown = [...rows.records.values()]
        .filter((row) => row.local === local && row.message && !row.message.hidden)
        .filter(({ order }) => order > after && order <= upTo)
        .sort((a, b) => a.order - b.order)
      const last = shown[limit - 1]?.order
      const count = shown.filter(({ order }) => order <= (last ?? Infinity)).length
      return Promise.resolve({ count, last })
    },
    commit: (changes) => {
      for (const change of changes) apply(rows, change)
      const touched = touchedBy(changes)
      for (const listener of listeners) listener(touched)
      return Promise.resolve()
    },
    watch: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      listeners.clear()
    },
  }
}

function apply(rows: Rows, change: Change): void {
  if ('remove' in change) {
    rows[change.table].delete(change.remove)
    return
  }
  const value = 'put' in change ? change.put : change.add
  const shape = SHAPES[change.table] as { key(value: unknown): string }
  const table = rows[change.table] as Map<string, unknown>
  table.set(shape.key(value), value)
}

function touchedBy(changes: Change[]): Touched {
  const records = changes.flatMap((change) =>
    change.table === 'records' && 'put' in change ? [change.put] : [],
  )
  const tables = new Set(changes.map(({ table }) => table))
  return { tables, records, memberships: new Set(), groups: new Set() }
}
