import { toHex, type Bytes } from '../core/bytes.ts'
import { isMessage, type Body } from '../core/body.ts'
import { nextClock } from '../core/clock.ts'
import { withMessage, type Conversation } from '../core/conversation.ts'
import { emptyFeed, type Feed } from '../core/feed.ts'
import { feedKey, FIRST_ERA, type FeedId, type FeedRecord } from '../core/record.ts'
import type { Signer } from '../crypto/identity.ts'
import { nextHead, signRecord } from '../crypto/record.ts'
import { decodeBody, encodeBody } from '../protocol/body.ts'
import type { Change } from '../store/store.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { State } from './ledger.ts'
import { profileOf } from './profile.ts'

export interface Author {
  readonly signer: Signer
  now(): number
  randomBytes(length: number): Bytes
}

/** What an author says, and where. */
export interface Words {
  readonly chat: Conversation
  readonly bodies: readonly Body[]
}

/** Composes and signs: the next records of our feed, and before the first one who is speaking. Writes nothing. */
export async function append(state: State, author: Author, { chat, bodies }: Words): Promise<Change[]> {
  const { self } = state
  const id: FeedId = { conversation: chat.id, author: self.identity, incarnation: self.incarnation.id }
  let feed = state.feeds.get(feedKey(id)) ?? emptyFeed(id)
  let next = chat
  const records: StoredRecord[] = []
  for (const each of feed.seq === 0 ? [...opening(state), ...bodies] : bodies) {
    const clock = nextClock({ wall: author.now(), own: feed.clock, received: next.active })
    const salt = author.randomBytes(8)
    const content = { kind: each.kind, clock, body: encodeBody(each), salt }
    // What no receiver would take must not be accepted either.
    if (!decodeBody(each.kind, content.body)) throw new RangeError(`a ${each.kind} that is too long`)
    const place = { ...id, seq: feed.seq + 1, era: FIRST_ERA }
    const record = await signRecord(author.signer, place, content)
    feed = followed(feed, record, clock)
    const stored = storedRecord(record, { local: chat.local, feed, body: each })
    if (stored.message) next = withMessage(next, stored.message, { me: self.identity, now: author.now() })
    records.push(stored)
  }
  return [
    ...records.map((record): Change => ({ table: 'records', add: record })),
    { table: 'feeds', put: feed },
    { table: 'conversations', put: next },
  ]
}

/** A feed begins with the incarnation that writes it and what its author is called (PROTOCOL §1). */
function opening(state: State): Body[] {
  return [
    { kind: 'incarnation', incarnation: state.self.incarnation },
    { kind: 'profile', profile: profileOf(state.self) },
  ]
}

/** The row of a record; `feed` already ends with it. */
export function storedRecord(
  record: FeedRecord,
  at: { local: number; feed: Feed; clockWrong?: boolean; body: Body | undefined },
): StoredRecord {
  const { author, seq } = record
  const { local, body } = at
  const { clock, head } = at.feed
  const message = body &&
    isMessage(body) && { author, seq, clock, body, ...(at.clockWrong && { clockWrong: true as const }) }
  return { record, local, order: clock, head, ...(message && { message }) }
}

/** The feed with one more record, sorted at `clock`. */
export function followed({ tail = 0, ...feed }: Feed, record: FeedRecord, clock: number): Feed {
  const { seq, inner } = record
  return { ...feed, seq, head: nextHead(feed, inner), clock, ...(tail > seq && { tail }) }
}

/** A fresh random number of 48 bits that stands for a conversation in the index. */
export function localNumber(randomBytes: (length: number) => Bytes): number {
  return parseInt(toHex(randomBytes(6)), 16) + 1
}
