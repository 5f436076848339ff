import { decode, encode } from 'cborg'
import type { Bytes } from '../core/bytes.ts'
import type { ConversationId } from '../core/ids.ts'
import type { Vault } from '../crypto/vault.ts'
import { createOpened } from './opened.ts'
import type { Row, RowChange, Rows, Stride, TableName } from './rows.ts'
import { SHAPES, type Tables } from './tables.ts'

/** One change of a commit. */
export type Change = {
  [T in TableName]: { readonly table: T } & (
    | { readonly put: Tables[T] }
    /** Fails the whole commit with DuplicateRow if there is one of that name. */
    | { readonly add: Tables[T] }
    | { readonly remove: string }
  )
}[TableName]

/** What a commit touched. */
export interface Touched {
  readonly tables: ReadonlySet<TableName>
  /** The records it wrote, as they are now. */
  readonly records: readonly Tables['records'][]
  /** Conversations whose membership changed. */
  readonly memberships: ReadonlySet<ConversationId>
  /** Conversations whose MLS state changed. */
  readonly groups: ReadonlySet<ConversationId>
}

/** What this device remembers, opened. The only source the screen reads. */
export interface Store {
  get<T extends TableName>(table: T, key: string): Promise<Tables[T] | undefined>
  all<T extends TableName>(table: T): Promise<Tables[T][]>
  /**
   * Records of a conversation with an order below `before`, newest first (see Rows.page). Whoever reads everything once
   * is only `passing`: what others are going to need again stays in memory.
   */
  page(
    local: number,
    range: { before: number; limit: number; passing?: boolean },
  ): Promise<Tables['records'][]>
  /** The same with an order above `after`, oldest first. */
  pageAfter(local: number, range: { after: number; limit: number }): Promise<Tables['records'][]>
  /** Counts messages upwards (see Rows.stride). */
  stride(local: number, range: { after: number; upTo: number; limit: number }): Promise<Stride>
  /**
   * One strict transaction; everything is sealed before it begins. Once it is complete `done` is called, then the
   * watchers hear of it.
   */
  commit(changes: Change[], done?: () => void): Promise<void>
  /** Returns the function that ends it. */
  watch(listener: (touched: Touched) => void): () => void
  close(): void
}

/** Values are padded to a multiple of this many bytes before sealing, so that sizes tell less. */
const PAD = 64

export function createStore(rows: Rows, vault: Vault): Store {
  const listeners = new Set<(touched: Touched) => void>()
  const opened = createOpened()

  const open = async <T extends TableName>(table: T, row: Row): Promise<Tables[T]> => {
    const kept = opened.get(table, row.id)
    if (typeof kept === 'object') return kept.value as Tables[T]
    return unpad(await vault.open(row.sealed, `${table}/${row.id}`)) as Tables[T]
  }
  const openAll = <T extends TableName>(table: T, found: Row[]): Promise<[string, Tables[T]][]> =>
    Promise.all(found.map(async (row) => [row.id, await open(table, row)] as [string, Tables[T]]))

  return {
    get: async <T extends TableName>(table: T, key: string) => {
      const id = rowId(vault, table, key)
      const kept = opened.get(table, id)
      if (kept) return kept === 'absent' ? undefined : (kept.value as Tables[T])
      const keep = opened.reading(table)
      const row = await rows.get(table, id)
      const found = await openAll(table, row ? [row] : [])
      keep(found)
      return found[0]?.[1]
    },
    all: async <T extends TableName>(table: T) => {
      const kept = opened.all(table)
      if (kept) return kept as Tables[T][]
      const keep = opened.reading(table)
      const found = await openAll(table, await rows.all(table))
      keep(found, 'whole')
      return found.map(([, value]) => value)
    },
    page: async (local, { passing = false, ...range }) => {
      const keep = opened.reading('records')
      const found = await openAll('records', await rows.page(local, range))
      if (!passing) keep(found)
      return found.map(([, value]) => value)
    },
    pageAfter: async (local, range) => {
      const keep = opened.reading('records')
      const found = await openAll('records', await rows.pageAfter(local, range))
      keep(found)
      return found.map(([, value]) => value)
    },
    stride: (local, range) => rows.stride(local, range),
    commit: async (changes, done) => {
      const writes = await Promise.all(changes.map((change) => prepared(vault, change)))
      await rows.commit(writes.map(({ change }) => change))
      for (const { change, id, value } of writes) opened.wrote(change.table, id, value)
      done?.()
      const touched = touchedBy(changes)
      for (const listener of [...listeners]) listener(touched)
    },
    watch: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      listeners.clear()
      rows.close()
    },
  }
}

function rowId(vault: Vault, table: TableName, key: string): string {
  return vault.lookup(`${table}/${key}`)
}

/** A change as the disk takes it, and what it leaves there under which id; undefined for nothing. */
interface Write {
  readonly change: RowChange
  readonly id: string
  readonly value: unknown
}

async function prepared(vault: Vault, change: Change): Promise<Write> {
  const { table } = change
  if ('remove' in change) {
    const id = rowId(vault, table, change.remove)
    return { change: { table, remove: id }, id, value: undefined }
  }
  const value = 'put' in change ? change.put : change.add
  const row = await rowOf(vault, table, value)
  return { change: 'put' in change ? { table, put: row } : { table, add: row }, id: row.id, value }
}

async function rowOf<T extends TableName>(vault: Vault, table: T, value: Tables[T]): Promise<Row> {
  const shape = SHAPES[table]
  const id = rowId(vault, table, shape.key(value))
  return {
    id,
    conversation: shape.conversation?.(value) ?? 0,
    order: shape.order?.(value) ?? 0,
    ...(shape.shown?.(value) && { shown: 1 as const }),
    sealed: await vault.seal(pad(value), `${table}/${id}`),
  }
}

function pad(value: unknown): Bytes {
  const encoded = encode(value, { ignoreUndefinedProperties: true })
  const padded = new Uint8Array(Math.ceil((encoded.length + 4) / PAD) * PAD)
  new DataView(padded.buffer).setUint32(0, encoded.length)
  padded.set(encoded, 4)
  return padded
}

function unpad(padded: Bytes): unknown {
  return decode(padded.subarray(4, 4 + new DataView(padded.buffer, padded.byteOffset).getUint32(0)))
}

function touchedBy(changes: Change[]): Touched {
  const records = changes.flatMap((change) => {
    if (change.table !== 'records' || 'remove' in change) return []
    return ['put' in change ? change.put : change.add]
  })
  const named = (table: 'memberships' | 'mls'): Set<ConversationId> =>
    new Set(changes.filter((change) => change.table === table).map(keyOf) as ConversationId[])
  return {
    ...{ tables: new Set(changes.map(({ table }) => table)), records },
    ...{ memberships: named('memberships'), groups: named('mls') },
  }
}

function keyOf(change: Change): string {
  if ('remove' in change) return change.remove
  return SHAPES[change.table].key(('put' in change ? change.put : change.add) as never)
}
