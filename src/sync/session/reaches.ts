import type { FeedId } from '../../core/record.ts'
import { feedKey } from '../../core/record.ts'

/** How far somebody holds a feed, and how far we gave it to them over this link. */
interface Reach {
  readonly held: number
  readonly given: number
}

const NOTHING: Reach = { held: 0, given: 0 }

/** What is known of the other side's feeds. */
export class Reaches {
  readonly #reaches = new Map<string, Reach>()

  get size(): number {
    return this.#reaches.size
  }

  has(key: string): boolean {
    return this.#reaches.has(key)
  }

  of(feed: FeedId): Reach {
    return this.#reaches.get(feedKey(feed)) ?? NOTHING
  }

  /** They hold it, or have it from us: nothing up to there needs to be given. */
  further(feed: FeedId): number {
    const { held, given } = this.of(feed)
    return Math.max(held, given)
  }

  holds(feed: FeedId, seq: number): void {
    const { held, given } = this.of(feed)
    this.#reaches.set(feedKey(feed), { held: Math.max(held, seq), given })
  }

  given(feed: FeedId, seq: number): void {
    const { held, given } = this.of(feed)
    this.#reaches.set(feedKey(feed), { held, given: Math.max(given, seq) })
  }

  /** What was given beyond that place was lost on them. */
  rewind(feed: FeedId, seq: number): void {
    this.#reaches.set(feedKey(feed), { held: Math.min(this.of(feed).held, seq), given: seq })
  }

  /** Records given and not confirmed. */
  onItsWay(): number {
    let sum = 0
    for (const { held, given } of this.#reaches.values()) sum += Math.max(0, given - held)
    return sum
  }
}
