import { isMessage, type Body, type MessageBody } from '../core/body.ts'
import { sortClock, type Feed } from '../core/feed.ts'
import { withMessage } from '../core/conversation.ts'
import { together, type Marks } from '../core/marks.ts'
import { mayWrite } from '../core/membership.ts'
import { recordKey, type FeedRecord } from '../core/record.ts'
import { nextHead } from '../crypto/record.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'
import { effect } from './effects.ts'
import { entomb } from './entomb.ts'

/** A record that is in its place, checked or our own. */
export interface Arrival {
  readonly feed: Feed
  readonly record: FeedRecord
  /** What it says; undefined for a tombstone, and for what cannot be read. */
  readonly body: Body | undefined
  /** Our own words that lay there and others do not know (set-back.ts). */
  readonly replaces?: StoredRecord
}

/**
 * Takes a record in, whosever it is: its row, its feed, the chat as the list shows it, and what it does to other
 * things.
 */
export async function keep(draft: Draft, author: Author, arrival: Arrival): Promise<StoredRecord> {
  const { feed, record, body, replaces } = arrival
  const chat = draft.get('conversations', record.conversation)
  if (!chat) throw new Error('there is no such conversation')
  const claimed = record.form === 'record' ? record.content.clock : feed.clock + 1
  const sorted = sortClock(feed, claimed)
  const next = followed(feed, record, sorted.clock)
  const message =
    body && isMessage(body) ? await messageOf(draft, author, { ...arrival, body, sorted }) : undefined
  const marks: Marks | undefined = message
  const stored: StoredRecord = {
    ...{ record, local: chat.local, order: sorted.clock, head: next.head },
    ...(message && { message }),
  }
  if (replaces) draft.put('records', stored)
  else draft.add('records', stored)
  draft.put('feeds', next)
  if (message) {
    const seen = { me: draft.self.identity, now: author.now() }
    draft.put('conversations', withMessage(chat, message, seen))
    if (message.vanishAt !== undefined) {
      draft.put('vanishings', { record: recordKey(record), at: message.vanishAt })
    }
  }
  if (marks?.deleted) await entomb(draft, recordKey(record), 'deleted')
  if (body) await effect(draft, author, { stored, body })
  return stored
}

/** The row of a message, with what was said about it before it came. */
async function messageOf(
  draft: Draft,
  author: Author,
  { record, body, sorted }: Arrival & { body: MessageBody; sorted: { clock: number; wrong: boolean } },
): Promise<NonNullable<StoredRecord['message']>> {
  const key = recordKey(record)
  const waiting = await draft.load('marks', key)
  if (waiting) draft.remove('marks', key)
  const membership = draft.get('memberships', record.conversation)
  return {
    ...{ author: record.author, seq: record.seq, clock: sorted.clock, body },
    ...(sorted.wrong && { clockWrong: true as const }),
    ...(body.vanish !== undefined && { vanishAt: author.age() + body.vanish * 1000 }),
    ...(membership && !mayWrite(membership, record) && { late: true as const }),
    ...together({}, waiting?.marks ?? {}),
  }
}

/** The feed with one more record, sorted at `clock`. */
export function followed({ tail = 0, ...feed }: Feed, record: FeedRecord, clock: number): Feed {
  const { seq, inner, era } = record
  return { ...feed, seq, head: nextHead(feed, inner), clock, era, ...(tail > seq && { tail }) }
}
