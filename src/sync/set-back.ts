import { equal, type Bytes } from '../core/bytes.ts'
import { emptyFeed, type Feed } from '../core/feed.ts'
import { feedKey, recordKey, type FeedId } from '../core/record.ts'
import type { Change } from '../store/store.ts'
import { reachKey, type StoredRecord } from '../store/tables.ts'
import { followed } from './append.ts'
import type { State } from './ledger.ts'

/**
 * A device whose disk was set back to an older copy may have said something else under a seq that others know. It
 * begins a new incarnation, and its own feeds go back to what the other side is known to hold. Whatever lies behind
 * that stays on the disk as the feed's tail: what the others give back is compared with it record by record
 * (receive.ts); a record of the tail that differs is said again in the new incarnation, and what nobody knows better
 * is taken up again.
 */

/** Reads a record by its key. */
export type ReadRecord = (key: string) => Promise<StoredRecord | undefined>

/** Our feeds of the present incarnation, as far back as is certain. */
export async function rolledBack(state: State, read: ReadRecord): Promise<Change[]> {
  const { self, conversations, reaches } = state
  const own = [...state.feeds.values()].filter(
    ({ author, incarnation }) => author === self.identity && incarnation === self.incarnation.id,
  )
  const changes = own.map(async (feed): Promise<Change[]> => {
    const peer = conversations.get(feed.conversation)?.peer
    const seq = (peer && reaches.get(reachKey({ feed, peer }))?.delivered) ?? 0
    if (seq >= feed.seq) return []
    const last = await read(recordKey({ ...feed, seq }))
    const start = last ? { ...feed, seq, head: last.head, clock: last.order } : emptyFeed(feed)
    return [{ table: 'feeds', put: { ...start, tail: feed.tail ?? feed.seq } }]
  })
  return (await Promise.all(changes)).flat()
}

/** What lies behind the feed is what everybody will get: the feed goes on to its end. */
export async function takenUp(feed: Feed, read: ReadRecord): Promise<Change[]> {
  let next = feed
  const changes: Change[] = []
  for (let seq = feed.seq + 1; seq <= (feed.tail ?? 0); seq++) {
    const row = await read(recordKey({ ...feed, seq }))
    if (!row) break
    next = followed(next, row.record, row.order)
    if (!equal(next.head, row.head)) changes.push({ table: 'records', put: { ...row, head: next.head } })
  }
  const { tail: _, ...whole } = next
  return [...changes, { table: 'feeds', put: whole }]
}

/** The feed's head after its `seq`-th record; undefined if that is not known here. */
export async function headAt(feed: Feed, seq: number, read: ReadRecord): Promise<Bytes | undefined> {
  if (seq === feed.seq) return feed.head
  if (seq === 0) return emptyFeed(feed).head
  return seq < feed.seq ? (await read(recordKey({ ...feed, seq })))?.head : undefined
}

/** Our feeds that have a tail, by feedKey. */
export function tails(state: State, conversation: FeedId['conversation']): Map<string, Feed> {
  const own = [...state.feeds.values()].filter((feed) => feed.tail !== undefined)
  return new Map(
    own.filter((feed) => feed.conversation === conversation).map((feed) => [feedKey(feed), feed]),
  )
}
