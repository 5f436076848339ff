import type { Feed } from '../core/feed.ts'
import type { ConversationId } from '../core/ids.ts'
import type { FeedId } from '../core/record.ts'
import type { Change } from '../store/store.ts'
import type { TableName } from '../store/rows.ts'
import { SHAPES, type Self, type StoredRecord, type Tables } from '../store/tables.ts'
import type { Mirrored, State } from './ledger.ts'

/** What is not kept in memory. */
type Unmirrored = 'records' | 'marks' | 'pictures' | 'transfers'

/** Reads such a value. */
export type ReadRow = <T extends Unmirrored>(table: T, key: string) => Promise<Tables[T] | undefined>

/**
 * What one transaction is going to write. Whatever is read from it is as it will be then, so that one step of the work
 * builds upon another; nothing is written before all of it is.
 */
export class Draft {
  readonly #state: State
  readonly #read: ReadRow
  readonly #written = new Map<TableName, Map<string, { value: unknown; how: 'put' | 'add' | 'remove' }>>()

  constructor(state: State, read: ReadRow) {
    this.#state = state
    this.#read = read
  }

  get self(): Self {
    return (this.#shelf('self').get('self')?.value as Self | undefined) ?? this.#state.self
  }

  get<T extends Mirrored>(table: T, key: string): Tables[T] | undefined {
    const written = this.#shelf(table).get(key)
    if (written) return written.value as Tables[T] | undefined
    return (this.#state[table] as ReadonlyMap<string, Tables[T]>).get(key)
  }

  all<T extends Mirrored>(table: T): Tables[T][] {
    const written = this.#shelf(table)
    const known = this.#state[table] as ReadonlyMap<string, Tables[T]>
    if (written.size === 0) return [...known.values()]
    const kept = [...known].filter(([key]) => !written.has(key)).map(([, value]) => value)
    const fresh = [...written.values()].flatMap(({ value }) =>
      value === undefined ? [] : [value as Tables[T]],
    )
    return [...kept, ...fresh]
  }

  feedsOf(conversation: ConversationId): Feed[] {
    const known = this.#state.feedsOf.get(conversation) ?? new Map<string, Feed>()
    const written = [...this.#shelf('feeds')].filter(
      ([, { value }]) => (value as Feed | undefined)?.conversation === conversation,
    )
    const fresh = new Map(written.map(([key, { value }]) => [key, value as Feed]))
    return [...new Map([...known, ...fresh]).values()]
  }

  async record(key: string): Promise<StoredRecord | undefined> {
    return this.load('records', key)
  }

  async load<T extends Unmirrored>(table: T, key: string): Promise<Tables[T] | undefined> {
    const written = this.#shelf(table).get(key)
    return written ? (written.value as Tables[T] | undefined) : this.#read(table, key)
  }

  put<T extends TableName>(table: T, value: Tables[T]): void {
    const key = SHAPES[table].key(value)
    const before = this.#shelf(table).get(key)
    this.#shelf(table).set(key, { value, how: before?.how === 'add' ? 'add' : 'put' })
  }

  /** The whole transaction fails if there is one of that name. */
  add<T extends TableName>(table: T, value: Tables[T]): void {
    this.#shelf(table).set(SHAPES[table].key(value), { value, how: 'add' })
  }

  remove(table: TableName, key: string): void {
    this.#shelf(table).set(key, { value: undefined, how: 'remove' })
  }

  changes(): Change[] {
    return [...this.#written].flatMap(([table, rows]) =>
      [...rows].map(([key, { value, how }]) => {
        return (how === 'remove' ? { table, remove: key } : { table, [how]: value }) as Change
      }),
    )
  }

  #shelf(table: TableName): Map<string, { value: unknown; how: 'put' | 'add' | 'remove' }> {
    const known = this.#written.get(table)
    if (known) return known
    const shelf = new Map<string, { value: unknown; how: 'put' | 'add' | 'remove' }>()
    this.#written.set(table, shelf)
    return shelf
  }
}

/** The feed that this device writes in a conversation. */
export function ownFeed({ self }: Pick<Draft, 'self'>, conversation: ConversationId): FeedId {
  return { conversation, author: self.identity, incarnation: self.incarnation.id }
}
