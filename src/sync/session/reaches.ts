import type { ConversationId } from '../../core/ids.ts'
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
  readonly #isKnown: (key: string) => boolean
  #strange = 0

  /** `isKnown`: we hold something of that feed. */
  constructor(isKnown: (key: string) => boolean) {
    this.#isKnown = isKnown
  }

  /** Feeds of which we held nothing when they spoke of them first. */
  get strange(): number {
    return this.#strange
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
    const key = feedKey(feed)
    const { held, given } = this.of(feed)
    if (!this.#reaches.has(key) && !this.#isKnown(key)) this.#strange += 1
    this.#reaches.set(key, { held: Math.max(held, seq), given })
  }

  given(feed: FeedId, seq: number): void {
    const { held, given } = this.of(feed)
    this.#reaches.set(feedKey(feed), { held, given: Math.max(given, seq) })
  }

  /** What was given beyond that place was lost on them. */
  rewind(feed: FeedId, seq: number): void {
    this.#reaches.set(feedKey(feed), { held: Math.min(this.of(feed).held, seq), given: seq })
  }

  /** Nothing that was given of that conversation is waited for. */
  settle(conversation: ConversationId): void {
    for (const [key, { held }] of this.#reaches)
      if (key.startsWith(`${conversation}/`)) this.#reaches.set(key, { held, given: held })
  }

  /** Records given and not confirmed. */
  onItsWay(): number {
    let sum = 0
    for (const { held, given } of this.#reaches.values()) sum += Math.max(0, given - held)
    return sum
  }
}
