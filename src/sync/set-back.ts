import { equal, type Bytes } from '../core/bytes.ts'
import { emptyFeed, type Feed } from '../core/feed.ts'
import { recordKey } from '../core/record.ts'
import type { Draft } from './draft.ts'
import { followed } from './keep.ts'

/**
 * A device whose disk was set back to an older copy may have said something else under a seq that others know. It
 * begins a new incarnation, and its own feeds go back to what others are known to hold. Whatever lies behind that
 * stays on the disk as the feed's tail: what the others give back is compared with it record by record (receive.ts); a
 * record of the tail that differs is said again in the new incarnation, and what nobody knows better is taken up
 * again. Its MLS states may have sealed what it does not know of, so it gives them all up and asks to be added anew.
 */
export async function rollBack(draft: Draft): Promise<void> {
  const { identity, incarnation } = draft.self
  const own = draft
    .all('feeds')
    .filter((feed) => feed.author === identity && feed.incarnation === incarnation.id)
  for (const feed of own) {
    const reaches = draft
      .all('reaches')
      .filter(({ feed: of }) => of.conversation === feed.conversation && of.incarnation === feed.incarnation)
    const seq = Math.max(0, ...reaches.map(({ delivered }) => delivered))
    if (seq >= feed.seq) continue
    const last = await draft.record(recordKey({ ...feed, seq }))
    const start = last
      ? { ...feed, seq, head: last.head, clock: last.order, era: last.record.era }
      : { ...feed, ...emptyFeed(feed) }
    draft.put('feeds', { ...start, left: seq, tail: feed.tail ?? feed.seq })
  }
  for (const { conversation } of draft.all('mls')) draft.remove('mls', conversation)
  for (const { purpose } of draft.all('keyPackages')) draft.remove('keyPackages', purpose)
}

/** What lies behind the feed is what everybody will get: the feed goes on to its end. */
export async function takenUp(draft: Draft, feed: Feed): Promise<void> {
  let next = feed
  for (let seq = feed.seq + 1; seq <= (feed.tail ?? 0); seq++) {
    const row = await draft.record(recordKey({ ...feed, seq }))
    if (!row) break
    next = followed(next, row.record, row.order)
    if (!equal(next.head, row.head)) draft.put('records', { ...row, head: next.head })
  }
  const { tail: _, ...whole } = next
  draft.put('feeds', whole)
}

/** The feed's head after its `seq`-th record; undefined if that is not known here. */
export async function headAt(draft: Draft, feed: Feed, seq: number): Promise<Bytes | undefined> {
  if (seq === feed.seq) return feed.head
  if (seq === 0) return emptyFeed(feed).head
  return seq < feed.seq ? (await draft.record(recordKey({ ...feed, seq })))?.head : undefined
}
