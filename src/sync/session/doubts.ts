import { feedKey, feedOf, type FeedId } from '../../core/record.ts'
import type { FeedPlace } from '../../protocol/frame.ts'

/** Records asked for at once. */
const PAGE = 128

/** Feeds that have another head there than here: their records are compared from the newest on, until two differ. */
export class Doubts {
  /** How far each was asked for, by feedKey. */
  readonly #asked = new Map<string, number>()

  /** What to ask for first; nothing if that feed was asked for already. */
  begin(last: FeedPlace): FeedPlace[] {
    return this.#asked.has(feedKey(last)) ? [] : this.#page(last, last.seq)
  }

  /** What to ask for now that this record is known to be the same; nothing as long as others were asked for. */
  goOn(same: FeedPlace): FeedPlace[] {
    return this.#asked.get(feedKey(same)) === same.seq ? this.#page(same, same.seq - 1) : []
  }

  #page(feed: FeedId, last: number): FeedPlace[] {
    const first = Math.max(1, last - PAGE + 1)
    this.#asked.set(feedKey(feed), first)
    const length = Math.max(0, last - first + 1)
    return Array.from({ length }, (_, n) => ({ ...feedOf(feed), seq: last - n }))
  }
}
