import type { ConversationId } from '../../core/ids.ts'
import { feedKey } from '../../core/record.ts'
import type { FeedPlace } from '../../protocol/frame.ts'
import type { StoredRecord } from '../../store/tables.ts'
import { receive, type Brought } from '../receive.ts'
import type { Ends } from './ends.ts'
import { AHEAD, BATCH } from './pace.ts'
import type { Vectors } from './vectors.ts'

/** Records that wait to be taken in: whoever brings more is sent away. */
const MOST_WAITING = 2 * AHEAD
/** Batches in a row that did not open. */
const UNFIT = 3

/** Takes in what the other side gives, a batch in one transaction, and says what of it is on our disk now. */
export class Receiver {
  readonly #ends: Ends
  readonly #vectors: Vectors
  /** Feeds that we asked for in the open. */
  readonly #lacking = new Set<string>()
  /** Feeds whose next record could not be taken, as things stood. */
  readonly #stalled = new Map<string, FeedPlace>()
  /** Batches in a row in which something did not open. */
  readonly #unopened = new Map<ConversationId, number>()
  #inbox: Brought[] = []
  #reading = false

  constructor(ends: Ends, vectors: Vectors) {
    this.#ends = ends
    this.#vectors = vectors
  }

  /** Whoever sends a record holds it. */
  brought(item: Brought): void {
    if (this.#inbox.length >= MOST_WAITING || this.#ends.speakOfTooMuch()) {
      this.#ends.sendAway()
      return
    }
    if ('record' in item) {
      const { record } = item
      this.#ends.theirs.holds(record, record.seq)
      if (record.author === this.#ends.deps.ledger.state.self.identity && !('content' in record.part))
        this.#vectors.bare(record)
    }
    this.#inbox.push(item)
    if (!this.#reading) this.#ends.run(this.#read())
  }

  /** Who is in the conversation changed: what could not be taken before may be taken now. */
  resume(conversation: ConversationId): void {
    for (const [key, feed] of this.#stalled) {
      if (feed.conversation !== conversation) continue
      this.#stalled.delete(key)
      this.#lacking.delete(key)
      this.#ask(key, feed)
    }
  }

  async #read(): Promise<void> {
    const { deps, link } = this.#ends
    this.#reading = true
    while (this.#inbox.length > 0 && !this.#ends.closed) {
      const items = this.#inbox.splice(0, BATCH)
      const taken = await deps.ledger.transact((draft) =>
        receive(draft, deps.author, { bringer: link, items }),
      )
      if (taken.unknown) {
        this.#ends.sendAway()
        return
      }
      await this.#answer(taken)
    }
    this.#reading = false
  }

  async #answer(taken: Awaited<ReturnType<typeof receive>>): Promise<void> {
    const { deps, link } = this.#ends
    const { stored, feeds, lacks, stalled, unopened, same } = taken
    const held = [...feeds.keys()].flatMap((key) => deps.ledger.state.feeds.get(key) ?? [])
    // They are on our disk, now or from before: our vector says so again, for on another link it may have been lost.
    for (const conversation of new Set(held.map((feed) => feed.conversation))) {
      const some = held.filter((feed) => feed.conversation === conversation && feed.seq > 0)
      if (some.length > 0) this.#vectors.tell(conversation, some)
    }
    for (const { record } of stored) this.#lacking.delete(feedKey(record))
    for (const [key, feed] of lacks) this.#ask(key, feed)
    for (const [key, feed] of stalled) this.#stalled.set(key, feed)
    this.#weigh(unopened, stored)
    this.#vectors.same(same)
    await this.#vectors.givenBack(held)
    const grown = new Set(stored.map(({ record }) => feedKey(record)))
    deps.advanced(
      link,
      held.filter((feed) => grown.has(feedKey(feed))),
    )
    if (stored.length > 0) deps.stored(link, stored)
  }

  /** Once may be chance: several times in a row, though they are in our group, and our keys are no good. */
  #weigh(unopened: ReadonlySet<ConversationId>, stored: readonly StoredRecord[]): void {
    for (const { record } of stored)
      if (!unopened.has(record.conversation)) this.#unopened.delete(record.conversation)
    for (const conversation of unopened) {
      const times = (this.#unopened.get(conversation) ?? 0) + 1
      this.#unopened.set(conversation, times)
      if (times !== UNFIT || !this.#ends.mayAsk()) continue
      this.#unopened.delete(conversation)
      this.#ends.deps.unfit(conversation)
    }
  }

  /** Once, until something of that feed comes. */
  #ask(key: string, feed: FeedPlace): void {
    if (this.#lacking.has(key)) return
    this.#lacking.add(key)
    this.#ends.link.send({ type: 'lack', feed })
  }
}
