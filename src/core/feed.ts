import type { Bytes } from './bytes.ts'
import { FIRST_ERA, type Era } from './era.ts'
import type { IdentityKey } from './ids.ts'
import type { FeedId } from './record.ts'

/** How far a feed is known here: `head` commits to every record up to `seq` (PROTOCOL §5). */
export interface Feed extends FeedId {
  /** 0 while nothing is known. */
  readonly seq: number
  /** H(previous head ‖ seq ‖ inner), 32 bytes; 32 zero bytes at seq 0. */
  readonly head: Bytes
  /** Highest clock in the feed, milliseconds. */
  readonly clock: number
  /** Of its newest record: within a feed eras never fall. */
  readonly era: Era
  /** Records whose content is not here, and nothing known explains why; the earliest first. */
  readonly missing?: readonly Missing[]
  /** Only in feeds of others: how far their author was told that we hold it, other than over a link. */
  readonly told?: number
  /** Only in feeds of our own: what left this device, in whatever form; it is never sealed again. */
  readonly left?: number
  /** Only in feeds of our own: the highest seq that anybody claimed to hold. */
  readonly claimed?: number
  /**
   * Only after this device was set back: records up to here lie on its disk, but those behind `seq` may not be the
   * ones that others hold.
   */
  readonly tail?: number
}

/** A record of which only the place is here. `settled`: its author has no more of it, but somebody else may. */
export interface Missing {
  readonly seq: number
  readonly settled?: true
}

/** Places that are asked for again, of one feed. */
const MAX_MISSING = 1_024

/** Whether no place more can be remembered that its author has not settled. */
export function lacksTooMuch({ missing = [] }: Feed): boolean {
  return missing.filter(({ settled }) => !settled).length >= MAX_MISSING
}

/** The feed, of which that record is missing; of too many those that are settled are forgotten first. */
export function withMissing(feed: Feed, place: Missing): Feed {
  const { missing = [] } = feed
  const others = missing.filter(({ seq }) => seq !== place.seq)
  const spare = others.length >= MAX_MISSING ? others.findIndex(({ settled }) => settled) : -1
  const kept = others.filter((_, index) => index !== spare)
  return { ...feed, missing: [...kept, place].sort((a, b) => a.seq - b.seq) }
}

/** The feed, of which that record is there, or why it is not is known. */
export function withFound({ missing = [], ...feed }: Feed, seq: number): Feed {
  const others = missing.filter((other) => other.seq !== seq)
  return others.length > 0 ? { ...feed, missing: others } : feed
}

/** How far nothing of it is missing that its author may have: all up to there counts as delivered. */
export function wholeTo({ seq, missing = [] }: Feed): number {
  const first = missing.find(({ settled }) => !settled)
  return first ? first.seq - 1 : seq
}

export function emptyFeed(id: FeedId): Feed {
  const { conversation, author, incarnation } = id
  return { conversation, author, incarnation, seq: 0, head: new Uint8Array(32), clock: 0, era: FIRST_ERA }
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
  /** How far it is held with what it says, where that is less; told to its author alone. */
  readonly whole?: number
}

/** Which MLS group a device is in; equal for all who are in the same era, unless somebody forked it. */
export interface Agreement {
  readonly era: Era
  /** 8 bytes. */
  readonly group: Bytes
  /** The first 8 bytes of the epoch authenticator (RFC 9420 §8.7). */
  readonly authenticator: Bytes
}

/** What is said of it to `peer`. */
export function haveOf(feed: Feed, peer?: IdentityKey): Have {
  const { conversation, author, incarnation, seq, head } = feed
  const whole = author === peer ? wholeTo(feed) : seq
  return { conversation, author, incarnation, seq, head: head.slice(0, 8), ...(whole < seq && { whole }) }
}
