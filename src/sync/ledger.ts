import type { Contact } from '../core/contact.ts'
import type { Conversation } from '../core/conversation.ts'
import type { Feed } from '../core/feed.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import type { ShownInvite } from '../core/invite.ts'
import type { Change, Store } from '../store/store.ts'
import { SHAPES, type Self, type StoredReach } from '../store/tables.ts'

/** The small tables, which are needed in the turn in which a frame comes. Records stay on the disk. */
export interface State {
  readonly self: Self
  readonly contacts: ReadonlyMap<IdentityKey, Contact>
  readonly conversations: ReadonlyMap<ConversationId, Conversation>
  /** By feedKey. */
  readonly feeds: ReadonlyMap<string, Feed>
  /** By reachKey. */
  readonly reaches: ReadonlyMap<string, StoredReach>
  /** By hex of the secret. */
  readonly invites: ReadonlyMap<string, ShownInvite>
}

/** The one writer of this device. */
export interface Ledger {
  readonly state: State
  /**
   * State in, changes out: `work` sees the latest state and says what is to be written; the next transaction
   * begins when this one is on the disk. When the commit fails nothing has changed, and the caller hears of it.
   */
  transact<T>(work: (state: State) => Promise<{ changes: Change[]; result: T }>): Promise<T>
  /** Resolves when nothing is waiting to be written. */
  settled(): Promise<void>
}

const MIRRORED = ['contacts', 'conversations', 'feeds', 'reaches', 'invites'] as const

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
  ) as unknown as Omit<State, 'self'>
  let state: State = { self, ...mirrors }
  let last: Promise<unknown> = Promise.resolve()

  return {
    get state() {
      return state
    },
    transact: (work) => {
      const turn = last.then(async () => {
        const { changes, result } = await work(state)
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
  }
  return next
}
