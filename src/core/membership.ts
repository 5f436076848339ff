import type { Incarnation, Profile, Target } from './body.ts'
import type { Bytes } from './bytes.ts'
import { compareEras, type Era } from './era.ts'
import type { Have } from './feed.ts'
import type { Handover } from './handover.ts'
import type { ConversationId, IdentityKey, IncarnationId } from './ids.ts'
import type { FeedId, FeedRecord } from './record.ts'

/** People in one group at the most, the organiser included. */
export const MAX_MEMBERS = 32
/** Seats that are remembered, of those who are in it and of those who were. */
export const MAX_SEATS = 256

/** How far a feed is taken from somebody who was removed: nothing above it counts. */
export interface Cut {
  readonly incarnation: IncarnationId
  readonly seq: number
}

/** Where somebody's feeds end for whoever holds them so far. */
export function cutsAt(
  feeds: readonly {
    readonly author: IdentityKey
    readonly incarnation: IncarnationId
    readonly seq: number
  }[],
  who: IdentityKey,
): Cut[] {
  const theirs = feeds.filter(({ author, seq }) => author === who && seq > 0)
  return theirs.map(({ incarnation, seq }) => ({ incarnation, seq }))
}

/** One person's part in a conversation: what they may read and write (PROTOCOL §6, roster). */
export interface Seat {
  readonly identity: IdentityKey
  /** The first era that they may read; a rejoin does not change it. */
  readonly since: Era
  /** Set when they were removed or left: the last era they belong to. */
  readonly ended?: {
    readonly until: Era
    readonly cuts: readonly Cut[]
    /** When this device took the removal in, milliseconds since 1970. */
    readonly at: number
    /** How far our own feed went then: they are told of nothing that we said since. */
    readonly ours?: Have
    readonly left: boolean
  }
}

/** How somebody can be reached, as others tell it. */
export interface Card extends Profile {
  readonly identity: IdentityKey
  readonly incarnation: Incarnation
}

/** A pre-shared key that an invite gave to two people (PROTOCOL §1, "psk"). */
export interface SharedKey {
  readonly id: Bytes
  readonly secret: Bytes
}

/** Who is in a conversation, as the records taken in so far tell it. */
export interface Membership {
  readonly conversation: ConversationId
  /** The present one. */
  readonly era: Era
  /** Who may commit; undefined before the first generation. */
  readonly organiser?: IdentityKey
  /** Who organised which generation; the latest alone. */
  readonly organisers: readonly (readonly [generation: number, who: IdentityKey])[]
  /** In the order in which they came; a place in it never changes. */
  readonly seats: readonly Seat[]
  /** The roster record that began the present era. */
  readonly last?: Target
  /** Whom an organiser named to begin the generation after theirs; their first word about each counts, for good. */
  readonly handovers?: readonly Handover[]
  /** Roster records that are stored and do not count (yet), by recordKey. */
  readonly open: readonly string[]
  /** What was arranged in generations whose organiser is not known yet, by recordKey. */
  readonly early?: readonly string[]
  /** Whose proposal to go on without the organiser this person agreed to, by recordKey of the roster record. */
  readonly follows?: string
  /** Who else goes on without the organiser, by the recordKey of the roster record; the latest word of each. */
  readonly goingOn?: readonly { readonly who: IdentityKey; readonly by: string }[]
  /** With an invite behind the first generation: the key from the one that we opened, and from the one that we showed. */
  readonly psks?: { readonly opened?: SharedKey; readonly shown?: SharedKey }
}

/** The seat of somebody who is in it now. */
export function seatOf({ seats }: Pick<Membership, 'seats'>, who: IdentityKey): Seat | undefined {
  return seats.find(({ identity, ended }) => identity === who && !ended)
}

/** Whether one more person can be added; seats that ended count as long as the group lives. */
export function hasRoom(membership: Membership): boolean {
  return members(membership).length < MAX_MEMBERS && membership.seats.length < MAX_SEATS
}

/** Those who are in it now. */
export function members({ seats }: Pick<Membership, 'seats'>): IdentityKey[] {
  return seats.filter(({ ended }) => !ended).map(({ identity }) => identity)
}

/** What somebody is given of a record of that era (PROTOCOL §5). */
export type Entitlement = 'whole' | 'tombstone' | 'nothing'

/** Whoever was taken in again has two seats: nothing of what lies between is for them. */
export function entitlement({ seats }: Membership, who: IdentityKey, era: Era): Entitlement {
  const own = seats.filter(({ identity }) => identity === who)
  if (own.some((seat) => covers(seat, era))) return 'whole'
  return own.some(({ since }) => compareEras(era, since) < 0) ? 'tombstone' : 'nothing'
}

function covers({ since, ended }: Seat, era: Era): boolean {
  return compareEras(era, since) >= 0 && (!ended || compareEras(era, ended.until) <= 0)
}

/** Whom a record is for, apart from its author: those who may read it and are still there. */
export function readersOf(membership: Membership, { author, era }: FeedRecord): IdentityKey[] {
  return members(membership).filter((who) => who !== author && entitlement(membership, who, era) === 'whole')
}

/** Whether somebody's record of that era, at that place, can be genuine: nothing counts above the cut of a removal. */
export function mayWrite(
  { seats }: Membership,
  { author, incarnation, seq, era }: FeedId & { readonly seq: number; readonly era: Era },
): boolean {
  return seats.some((seat) => {
    if (seat.identity !== author || !covers(seat, era)) return false
    if (!seat.ended) return true
    const cut = seat.ended.cuts.find((known) => known.incarnation === incarnation)
    return cut !== undefined && seq <= cut.seq
  })
}

/** The conversation as its first generation finds it, with everybody who may read from the beginning. */
export function firstMembership(
  conversation: ConversationId,
  people: readonly IdentityKey[],
  era: Era,
): Membership {
  const seats = people.map((identity) => ({ identity, since: era }))
  return { conversation, era, organisers: [], seats, open: [] }
}

/** Two people, one of whom this device belongs to. */
interface Two {
  readonly me: IdentityKey
  readonly peer: IdentityKey
}

/** Whether two people have something to say to each other about a conversation, if they meet. */
export function isShared(membership: Membership, { me, peer }: Two): boolean {
  const { seats } = membership
  const was = (who: IdentityKey): boolean => seats.some(({ identity }) => identity === who)
  const one = seatOf(membership, me) !== undefined || seatOf(membership, peer) !== undefined
  return one && was(me) && was(peer)
}

/** For so long somebody who was removed may meet the others to be given what was theirs (PROTOCOL §3). */
const FAREWELL_MS = 30 * 24 * 3_600_000

/** Whether two people may meet for the sake of a conversation, be they contacts or not. */
export function brings(membership: Membership, two: Two, now: number): boolean {
  const stays = (who: IdentityKey): boolean =>
    membership.seats.some(
      ({ identity, ended }) => identity === who && (!ended || now - ended.at < FAREWELL_MS),
    )
  return isShared(membership, two) && stays(two.me) && stays(two.peer)
}
