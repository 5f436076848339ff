/** The tables of this device; what they hold is told by `Tables` in store.ts. */
export const TABLES = [
  'self',
  'root',
  'contacts',
  'conversations',
  'memberships',
  'mls',
  'keyPackages',
  'invitations',
  'requests',
  'feeds',
  'reaches',
  'records',
  'marks',
  'vanishings',
  'concealed',
  'discards',
  'pictures',
  'invites',
  'transfers',
  'settings',
] as const

export type TableName = (typeof TABLES)[number]

/** All that the disk sees of a value (DESIGN §3.6): how many there are and when, not whose or what. */
export interface Row {
  /** HMAC of the value's name: the primary key. */
  readonly id: string
  /** A random local number, or 0 where the value belongs to no conversation. */
  readonly conversation: number
  /** The record's clock, milliseconds; 0 where there is no order. */
  readonly order: number
  /** It is a message that stands on the screen. */
  readonly shown?: 1
  readonly sealed: Uint8Array<ArrayBuffer>
}

export type RowChange = { readonly table: TableName } & (
  | { readonly put: Row }
  /** Like put, but the whole commit fails with {@link DuplicateRow} if the id is taken. */
  | { readonly add: Row }
  | { readonly remove: string }
)

/** Somebody else was first: nothing of the commit was written. */
export class DuplicateRow extends Error {
  override readonly name = 'DuplicateRow'
}

/** The disk is full: nothing of the commit was written. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull'
}

/**
 * A number of shown records in a row: at least the limit if there are so many, and never cut between two of equal order.
 * A long chat is counted in several, so that nothing has to wait for it.
 */
export interface Stride {
  readonly count: number
  /** The order of the last one; undefined when fewer than the limit were left. */
  readonly last: number | undefined
}

/** Where rows lie. Every adapter passes the same acceptance suite. */
export interface Rows {
  get(table: TableName, id: string): Promise<Row | undefined>
  /** In no particular order. */
  all(table: TableName): Promise<Row[]>
  /**
   * The records of a conversation with `order` below `before`, newest first: at least `limit` if there are so many,
   * and never cut between two rows of equal order.
   */
  page(conversation: number, range: { before: number; limit: number }): Promise<Row[]>
  /** The same upwards: the records with `order` above `after`, oldest first. */
  pageAfter(conversation: number, range: { after: number; limit: number }): Promise<Row[]>
  /** Counts shown records above `after` and up to `upTo`, without reading them. */
  stride(conversation: number, range: { after: number; upTo: number; limit: number }): Promise<Stride>
  /** All or nothing, and on the disk when it resolves (strict durability). */
  commit(changes: RowChange[]): Promise<void>
  close(): void
}
