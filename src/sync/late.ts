import { compareEras } from '../core/era.ts'
import type { Feed } from '../core/feed.ts'
import { mayWrite, members, seatOf, type Membership } from '../core/membership.ts'
import { recordKey } from '../core/record.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { Draft } from './draft.ts'

/** Records in a row that may be absent before a feed is taken for at its beginning here, however far it is said to go. */
const MAX_GAP = 1_024

/**
 * What somebody wrote above the cut of their removal is not theirs to write; our own can never go. What they wrote in
 * a generation that has them again, be it before we followed, is theirs after all.
 */
export async function markLate(draft: Draft, before: Membership, after: Membership): Promise<void> {
  const [were, are] = [new Set(members(before)), new Set(members(after))]
  for (const feed of draft.feedsOf(after.conversation)) {
    if (were.has(feed.author) && !are.has(feed.author)) await markAbove(draft, after, feed)
    if (are.has(feed.author) && !were.has(feed.author)) await unmark(draft, after, feed)
  }
}

async function markAbove(draft: Draft, { seats }: Membership, feed: Feed): Promise<void> {
  const { ended } = seats.findLast(({ identity }) => identity === feed.author) ?? {}
  const cut = ended?.cuts.find(({ incarnation }) => incarnation === feed.incarnation)?.seq ?? 0
  const flag = feed.author === draft.self.identity ? { failed: 'removed' as const } : { late: true as const }
  await backwards(draft, feed, ({ message, ...row }) => {
    if (row.record.seq <= cut) return false
    if (message) draft.put('records', { ...row, message: { ...message, ...flag } })
    return true
  })
}

async function unmark(draft: Draft, membership: Membership, feed: Feed): Promise<void> {
  const seat = seatOf(membership, feed.author)
  await backwards(draft, feed, ({ message, ...row }) => {
    if (!seat || compareEras(row.record.era, seat.since) < 0) return false
    const marked = message?.late === true || message?.failed === 'removed'
    if (!message || !marked || !mayWrite(membership, row.record)) return true
    const { late: _, failed, ...rest } = message
    const kept = failed !== undefined && failed !== 'removed' ? { ...rest, failed } : rest
    draft.put('records', { ...row, message: kept })
    return true
  })
}

/** Shows what is held of a feed, from its end on, as long as more is wanted. */
async function backwards(draft: Draft, feed: Feed, look: (row: StoredRecord) => boolean): Promise<void> {
  let gap = 0
  for (let seq = feed.seq; seq > 0 && gap < MAX_GAP; seq--) {
    const row = await draft.record(recordKey({ ...feed, seq }))
    gap = row ? 0 : gap + 1
    if (row && !look(row)) return
  }
}
