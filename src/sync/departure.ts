import type { Feed } from '../core/feed.ts'
import type { ConversationId } from '../core/ids.ts'
import { entitlement, seatOf, type Membership } from '../core/membership.ts'
import { feedKey, feedOf, recordKey, type FeedId } from '../core/record.ts'
import { NOWHERE } from '../core/status.ts'
import type { Frame } from '../protocol/frame.ts'
import { reachKey, type StoredMls, type StoredRecord } from '../store/tables.ts'
import type { Author } from './author.ts'
import { ownFeed, type Draft } from './draft.ts'
import { tombstone } from './entomb.ts'
import { agreementOf } from './have.ts'
import { toWire } from './receive.ts'
import { heldInStep, maySeal, seal } from './seal.ts'
import type { Session } from './session/session.ts'

/** Records that leave in one transaction at the most. */
const BATCH = 64

/** Records of ours that leave this device for the first time, as soon as the transaction that says so is complete. */
export interface Departure {
  /** The transaction is complete: the bytes go. */
  depart(): void
  /** It came to nothing. */
  stay(): void
}

interface Party {
  readonly session: Session
  /** They can open what is sealed. */
  readonly opens: boolean
  readonly frames: Frame[]
  /** How far the feed goes with these frames. */
  given: number
}

interface Trip {
  readonly feed: FeedId
  readonly membership: Membership
  readonly parties: readonly Party[]
  held: StoredMls | undefined
}

/**
 * The first trip (PROTOCOL §5): each record is sealed at most once, for all who are linked and can open it; whoever
 * cannot is given it in the open over the bound link. One to one it waits until the other can open it. The draft then
 * says that they left, and holds the MLS state after it.
 */
export async function prepare(
  draft: Draft,
  author: Author,
  { conversation, sessions }: { conversation: ConversationId; sessions: readonly Session[] },
): Promise<Departure | undefined> {
  const feed = draft.get('feeds', feedKey(ownFeed(draft, conversation)))
  const membership = draft.get('memberships', conversation)
  const left = feed?.left ?? 0
  if (!feed || !membership || left >= feed.seq || !seatOf(membership, draft.self.identity)) return undefined
  // Somebody holds what we do not know of having sent: our keys may be older than what they sealed (set-back.ts).
  if ((feed.claimed ?? 0) > left) return undefined
  const trip = tripOf(draft, author, {
    feed,
    membership,
    sessions: sessions.filter((one) => one.awaits(feed, left)),
  })
  const pair = draft.get('conversations', conversation)?.circle.kind === 'pair'
  if (!trip.parties.some(({ opens }) => opens || !pair)) return undefined
  let seq = left
  while (seq < Math.min(feed.seq, left + BATCH)) {
    const row = await draft.record(recordKey({ ...feed, seq: seq + 1 }))
    if (!row || !(await pack(trip, row, author))) break
    seq += 1
  }
  if (seq === left) return undefined
  draft.put('feeds', { ...feed, left: seq })
  if (trip.held) draft.put('mls', trip.held)
  if (pair) {
    for (const { session } of trip.parties) markSent(draft, { feed, session, seq })
    forgetInvite(draft, conversation)
  }
  for (const { session } of trip.parties) session.reserve(feed)
  return departureOf(trip)
}

function tripOf(
  draft: Draft,
  { mls }: Author,
  { feed, membership, sessions }: { feed: Feed; membership: Membership; sessions: readonly Session[] },
): Trip {
  const { conversation } = membership
  const held = heldInStep(draft.get('mls', conversation), membership, mls)
  const ours = held && agreementOf({ mls: new Map([[conversation, held]]) }, conversation, mls)
  const members = new Set(held ? mls.look(held.state).members : [])
  const parties = sessions.map((session): Party => {
    const opens = ours !== undefined && members.has(session.link.peer) && session.opens(conversation, ours)
    return { session, opens, frames: [], given: feed.left ?? 0 }
  })
  return { feed, membership, parties, held }
}

/** False if it is for nobody who is there. */
async function pack(trip: Trip, row: StoredRecord, { mls }: Author): Promise<boolean> {
  const { membership, held } = trip
  const record = row.message?.failed === 'removed' ? tombstone(row.record) : row.record
  const rightOf = ({ session }: Party) => entitlement(membership, session.link.peer, record.era)
  // Whoever was removed gets not even the place of what comes after that.
  const parties = trip.parties.filter(
    (party) => party.given === record.seq - 1 && rightOf(party) !== 'nothing',
  )
  if (parties.length === 0) return false
  const sealing =
    held &&
    record.form === 'record' &&
    parties.some(({ opens }) => opens) &&
    maySeal(membership, held, { mls, era: record.era })
  let sealed: Frame | undefined
  if (sealing) {
    const result = await seal(held, record, mls)
    trip.held = result.held
    sealed = { type: 'sealed', sealed: result.sealed }
  }
  for (const party of parties) {
    const whole = rightOf(party) === 'whole' || record.seq === 1
    const open: Frame = { type: 'record', record: toWire(whole ? record : tombstone(record)) }
    party.frames.push(party.opens && sealed ? sealed : open)
    party.given = record.seq
  }
  return true
}

/** Both are in the group that rested on the invite's secret: it is of no more use. */
function forgetInvite(draft: Draft, conversation: ConversationId): void {
  const { psks, ...membership } = draft.get('memberships', conversation) ?? {}
  if (psks) draft.put('memberships', membership as Membership)
}

function markSent(
  draft: Draft,
  { feed, session, seq }: { feed: FeedId; session: Session; seq: number },
): void {
  const { peer } = session.link
  const id = feedOf(feed)
  const reach = draft.get('reaches', reachKey({ feed: id, peer })) ?? { feed: id, peer, ...NOWHERE }
  if (seq > reach.sent) draft.put('reaches', { ...reach, sent: seq })
}

function departureOf({ feed, parties }: Trip): Departure {
  return {
    depart: () => {
      for (const { session, frames, given } of parties) session.depart(feed, frames, given)
    },
    stay: () => {
      for (const { session } of parties) session.depart(feed, [], 0)
    },
  }
}
