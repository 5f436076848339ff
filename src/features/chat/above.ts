import type { Conversation } from '../../core/conversation.ts'
import type { ConversationId } from '../../core/ids.ts'
import type { Store } from '../../store/store.ts'
import type { StoredRecord } from '../../store/tables.ts'
import type { History } from './history.ts'

/** Messages counted at a time; between two strides others come to the disk. */
const STRIDE = 1000

/**
 * How many messages of a chat stand above the loaded part. At both ends of the chat that is known; in the middle it is
 * counted once, from there to the end of the chat, behind everything else.
 */
export class Above {
  readonly #store: Pick<Store, 'get' | 'stride'>
  /** So many messages have this order or a lower one. */
  #counted: { readonly order: number; readonly messages: number } | undefined
  #counting: { readonly until: number } | undefined

  constructor(store: Pick<Store, 'get' | 'stride'>) {
    this.#store = store
  }

  /** Undefined as long as it is not known. */
  of(history: History, { messages: total }: Conversation): number | undefined {
    if (history.complete) return 0
    if (history.ended) return Math.max(0, total - history.messages.length)
    const counted = this.#counted
    if (!counted) return undefined
    const loaded = history.messages.findIndex(({ clock }) => clock > counted.order)
    return Math.max(0, counted.messages - (loaded < 0 ? history.messages.length : loaded))
  }

  forget(): void {
    this.#counted = undefined
    this.#counting = undefined
  }

  /** To be told of everything that is written, and at once: it may be messages that come or go. */
  heed(rows: readonly StoredRecord[]): void {
    const { order: counted = -Infinity } = this.#counted ?? {}
    const { until = -Infinity } = this.#counting ?? {}
    if (rows.some(({ order }) => order <= Math.max(counted, until))) this.forget()
  }

  /** Resolves with true when the number has become known. */
  async count({ complete, ended, from }: History, id: ConversationId): Promise<boolean> {
    if (complete || ended || this.#counted || this.#counting) return false
    const counting = { until: Infinity }
    this.#counting = counting
    const conversation = await this.#store.get('conversations', id)
    if (!conversation || this.#counting !== counting) return false
    // What is new at the end disturbs nobody.
    counting.until = conversation.newest?.clock ?? Infinity
    const below = await this.#below(conversation, { from, until: counting.until })
    if (below === undefined || this.#counting !== counting) return false
    this.#counting = undefined
    this.#counted = { order: from, messages: conversation.messages - below }
    return true
  }

  /** Undefined when it is of no use any more. */
  async #below(
    { local }: Conversation,
    { from, until: upTo }: { from: number; until: number },
  ): Promise<number | undefined> {
    const counting = this.#counting
    let below = 0
    for (let after: number | undefined = from; after !== undefined;) {
      const { count, last } = await this.#store.stride(local, { after, upTo, limit: STRIDE })
      if (counting !== this.#counting) return undefined
      below += count
      after = last
    }
    return below
  }
}
