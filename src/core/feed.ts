import type { Bytes } from './bytes.ts'
import type { FeedId } from './record.ts'

/** How far a feed is known here: `head` commits to every record up to `seq` (PROTOCOL §5). */
export interface Feed extends FeedId {
  /** 0 while nothing is known. */
  readonly seq: number
  /** H(previous head ‖ seq ‖ inner), 32 bytes; 32 zero bytes at seq 0. */
  readonly head: Bytes
  /** Highest clock in the feed, milliseconds. */
  readonly clock: number
  /**
   * Only after this device was set back: records up to here lie on its disk, but those behind `seq` may not be the
   * ones that others hold.
   */
  readonly tail?: number
}

export function emptyFeed(id: FeedId): Feed {
  const { conversation, author, incarnation } = id
  return { conversation, author, incarnation, seq: 0, head: new Uint8Array(32), clock: 0 }
}

/** What to do with a record that claims place `seq` in a feed known up to `feed.seq`. */
export function fits(feed: Feed, seq: number): 'next' | 'known' | 'gap' {
  if (seq <= feed.seq) return 'known'
  return seq === feed.seq + 1 ? 'next' : 'gap'
}

/**
 * The clock under which a record is sorted. Within a feed clocks strictly rise; a record that breaks the rule
 * is shown as "clock is wrong" and sorted just after the one before it.
 */
export function sortClock(feed: Feed, claimed: number): { clock: number; wrong: boolean } {
  return claimed > feed.clock ? { clock: claimed, wrong: false } : { clock: feed.clock + 1, wrong: true }
}

/** One entry of a `have` vector: this device holds the feed up to `seq`. */
export interface Have extends FeedId {
  readonly seq: number
  /** The first 8 bytes of the head. */
  readonly head: Bytes
}

export function haveOf(feed: Feed): Have {
  const { conversation, author, incarnation, seq, head } = feed
  return { conversation, author, incarnation, seq, head: head.slice(0, 8) }
}
