import type { Feed } from '../core/feed.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import type { Change, Store } from '../store/store.ts'
import { SHAPES, type Self, type Tables } from '../store/tables.ts'
import { Draft } from './draft.ts'

/** The small tables, which are needed in the turn in which a frame comes. Records stay on the disk. */
const MIRRORED = [
  'contacts',
  'conversations',
  'memberships',
  'mls',
  'keyPackages',
  'invitations',
  'requests',
  'feeds',
  'reaches',
  'invites',
] as const

export type Mirrored = (typeof MIRRORED)[number]

/** Each table by the key of its values (SHAPES). */
type Mirrors = { readonly [T in Mirrored]: ReadonlyMap<string, Tables[T]> }

export interface State extends Mirrors {
  readonly self: Self
  readonly contacts: ReadonlyMap<IdentityKey, Tables['contacts']>
  readonly conversations: ReadonlyMap<ConversationId, Tables['conversations']>
  readonly memberships: ReadonlyMap<ConversationId, Tables['memberships']>
  /** The same feeds, by conversation. */
  readonly feedsOf: ReadonlyMap<ConversationId, ReadonlyMap<string, Feed>>
}

/** The one writer of this device. */
export interface Ledger {
  readonly state: State
  /**
   * `work` drafts what is to be written, upon the latest state; the next transaction begins when this one is on the
   * disk. When the work or the commit fails nothing has changed, and the caller hears of it.
   */
  transact<T>(work: (draft: Draft) => T | Promise<T>): Promise<T>
  /** Resolves when nothing is waiting to be written. */
  settled(): Promise<void>
}

/** Undefined when this device has no identity yet. */
export async function openLedger(store: Store): Promise<Ledger | undefined> {
  const self = await store.get('self', 'self')
  if (!self) return undefined
  const mirrors = Object.fromEntries(
    await Promise.all(
      MIRRORED.map(async (table) => {
        const values = (await store.all(table)) as never[]
        return [table, new Map(values.map((value) => [SHAPES[table].key(value), value]))] as const
      }),
    ),
  ) as unknown as Mirrors
  // Looked into with each message that comes; read as a whole once, it is never asked of the disk again.
  await store.all('marks')
  const feedsOf = new Map<ConversationId, Map<string, Feed>>()
  for (const [key, feed] of mirrors.feeds) shelve(feedsOf, key, feed)
  let state = { self, ...mirrors, feedsOf } as unknown as State
  let last: Promise<unknown> = Promise.resolve()

  return {
    get state() {
      return state
    },
    transact: (work) => {
      const turn = last.then(async () => {
        const draft = new Draft(state, (table, key) => store.get(table, key))
        const result = await work(draft)
        const changes = draft.changes()
        if (changes.length > 0) {
          await store.commit(changes, () => {
            state = applied(state, changes)
          })
        }
        return result
      })
      last = turn.catch(() => undefined)
      return turn
    },
    settled: async () => {
      for (let seen; seen !== last;) {
        seen = last
        await seen
      }
    },
  }
}

function applied(state: State, changes: Change[]): State {
  let next = state
  for (const change of changes) {
    if (change.table === 'self') next = 'put' in change ? { ...next, self: change.put } : next
    const table = MIRRORED.find((name) => name === change.table)
    if (!table) continue
    const mirror = next[table] as Map<string, unknown>
    if ('remove' in change) mirror.delete(change.remove)
    else {
      const value = ('put' in change ? change.put : change.add) as never
      mirror.set(SHAPES[table].key(value), value)
    }
    if (change.table === 'feeds') refile(next, change)
  }
  return next
}

function refile({ feedsOf }: State, change: Change & { table: 'feeds' }): void {
  const shelves = feedsOf as Map<ConversationId, Map<string, Feed>>
  if ('remove' in change) for (const shelf of shelves.values()) shelf.delete(change.remove)
  else {
    const feed = 'put' in change ? change.put : change.add
    shelve(shelves, SHAPES.feeds.key(feed), feed)
  }
}

function shelve(shelves: Map<ConversationId, Map<string, Feed>>, key: string, feed: Feed): void {
  const shelf = shelves.get(feed.conversation) ?? new Map<string, Feed>()
  shelves.set(feed.conversation, shelf)
  shelf.set(key, feed)
}
