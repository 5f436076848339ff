import type { Bytes } from './bytes.ts'
import type { Body } from './body.ts'
import type { Era } from './era.ts'
import type { ConversationId, IdentityKey, IncarnationId } from './ids.ts'

/** One author's append-only row of records in one conversation, from one incarnation. */
export interface FeedId {
  readonly conversation: ConversationId
  readonly author: IdentityKey
  readonly incarnation: IncarnationId
}

/** The fields a signature covers. On their own, with their signature, they are a tombstone (PROTOCOL §5). */
export interface Signed extends FeedId {
  /** 1 and up, without gaps. */
  readonly seq: number
  readonly era: Era
  /** H(kind ‖ clock ‖ body ‖ salt), 32 bytes. */
  readonly inner: Bytes
  /** Ed25519 by the author over the fields above, 64 bytes. */
  readonly signature: Bytes
}

/** What a record says, before it is read: the part that a deletion takes away. */
export interface Content {
  readonly kind: Body['kind']
  /** The author's hybrid clock, milliseconds since 1970. */
  readonly clock: number
  /** The encoded body; its meaning depends on `kind`. */
  readonly body: Bytes
  /** 8 random bytes, so that a tombstone's `inner` cannot be guessed. */
  readonly salt: Bytes
}

export type FeedRecord =
  | (Signed & { readonly form: 'record'; readonly content: Content })
  | (Signed & { readonly form: 'tombstone' })

/** Names a feed as a string, for maps and look-ups. */
export function feedKey(feed: FeedId): string {
  return `${feed.conversation}/${feed.author}/${feed.incarnation}`
}

/** Names a record as a string, for maps and look-ups. */
export function recordKey(record: FeedId & { readonly seq: number }): string {
  return `${feedKey(record)}/${String(record.seq)}`
}

/** The keys with that record's as the last, the latest `most` of each author: nobody pushes out what others wrote. */
export function withKey(
  keys: readonly string[],
  record: FeedId & { readonly seq: number },
  most: number,
): string[] {
  const key = recordKey(record)
  const others = keys.filter((other) => other !== key)
  const theirs = others.filter((other) => other.startsWith(`${record.conversation}/${record.author}/`))
  const forgotten = new Set(theirs.slice(0, Math.max(0, theirs.length + 1 - most)))
  return [...others.filter((other) => !forgotten.has(other)), key]
}

/** Only what names the feed, of anything that holds more. */
export function feedOf({ conversation, author, incarnation }: FeedId): FeedId {
  return { conversation, author, incarnation }
}
