import { forgetOldest } from '../core/newest.ts'
import type { TableName } from './rows.ts'

/** Records kept in memory at the most; the other tables are small and kept whole. */
const RECORDS = 2_000
/** Secrets are read once and not kept here. */
const NEVER: readonly TableName[] = ['self', 'root']

/**
 * What was opened or written lately, so that the screen and delivery need neither disk nor key for it. The store is
 * the only writer of the rows, so nothing here grows old.
 */
export interface Opened {
  /** Undefined: it must be read. `absent`: there is none, for sure. */
  get(table: TableName, id: string): { readonly value: unknown } | 'absent' | undefined
  /** Everything in the table; undefined when it was never read as a whole. */
  all(table: TableName): unknown[] | undefined
  /** Begins to read from the disk; what the returned function is given counts only if no write came between. */
  reading(table: TableName): (found: Iterable<[id: string, value: unknown]>, whole?: 'whole') => void
  /** What a commit wrote; undefined for what it removed. */
  wrote(table: TableName, id: string, value: unknown): void
}

export function createOpened(): Opened {
  const shelves = new Map<TableName, Map<string, unknown>>()
  const whole = new Set<TableName>()
  const writes = new Map<TableName, number>()
  const shelf = (table: TableName): Map<string, unknown> => {
    const known = shelves.get(table) ?? new Map<string, unknown>()
    shelves.set(table, known)
    return known
  }
  const keep = (table: TableName, id: string, value: unknown): void => {
    if (NEVER.includes(table)) return
    const kept = shelf(table)
    kept.delete(id)
    kept.set(id, value)
    if (table === 'records') forgetOldest(kept, RECORDS)
  }

  return {
    get: (table, id) => {
      const kept = shelf(table)
      if (kept.has(id)) return { value: kept.get(id) }
      return whole.has(table) ? 'absent' : undefined
    },
    all: (table) => (whole.has(table) ? [...shelf(table).values()] : undefined),
    reading: (table) => {
      const before = writes.get(table)
      return (found, all) => {
        if (writes.get(table) !== before) return
        for (const [id, value] of found) keep(table, id, value)
        if (all && table !== 'records' && !NEVER.includes(table)) whole.add(table)
      }
    },
    wrote: (table, id, value) => {
      writes.set(table, (writes.get(table) ?? 0) + 1)
      if (value === undefined) shelf(table).delete(id)
      else keep(table, id, value)
    },
  }
}
