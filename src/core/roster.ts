import type { Bytes } from './bytes.ts'
import { compareEras, isWithinReach, type Era } from './era.ts'
import type { Have } from './feed.ts'
import { successorOf } from './handover.ts'
import type { IdentityKey, IncarnationId } from './ids.ts'
import {
  cutsAt,
  MAX_MEMBERS,
  MAX_SEATS,
  members,
  type Card,
  type Cut,
  type Membership,
  type Seat,
} from './membership.ts'
import { recordKey, type FeedId } from './record.ts'

/** What a roster record tells (PROTOCOL §6): a commit, or the beginning of a generation. */
export interface Roster {
  readonly begins: Era
  /**
   * 'commit': in the same generation. 'first': there was none before. 'lost': the organiser lost the keys.
   * 'handover': the former organiser named this one. 'without': who agrees goes on without the former organiser.
   */
  readonly cause: 'commit' | 'first' | 'lost' | 'handover' | 'without'
  /** With a commit those who are new, else everybody. */
  readonly seats: readonly { readonly card: Card; readonly since: Era }[]
  readonly ended: readonly {
    readonly identity: IdentityKey
    readonly cuts: readonly Cut[]
    readonly left: boolean
  }[]
  /** Each feed as the organiser holds it: where those who are new begin, and what a new generation knows of the last. */
  readonly base: readonly FeedHead[]
  /** The MLS commit that leads from the era of the record to the one it begins; absent where nobody follows it. */
  readonly commit?: Bytes
}

/** How far somebody holds a feed. */
export interface FeedHead {
  readonly author: IdentityKey
  readonly incarnation: IncarnationId
  readonly seq: number
  /** 32 bytes. */
  readonly head: Bytes
}

/** What somebody new is told beside the MLS welcome: from here on they follow. */
export interface Start {
  readonly name: string
  /** The one that begins with them. */
  readonly era: Era
  readonly seats: readonly { readonly card: Card; readonly since: Era }[]
  readonly base: readonly FeedHead[]
}

/** What a roster record does to a conversation, or why it does nothing. */
export type Judgement =
  | { readonly verdict: 'counts'; readonly membership: Membership }
  /** Not yet, or never: something else must come before it. */
  | { readonly verdict: 'open' }

/** Whether whoever wrote a roster record knew of the last one that counts here. */
export function isInformed({ last }: Membership, { base }: Roster): boolean {
  if (!last) return true
  return base.some(
    ({ author, incarnation, seq }) =>
      author === last.author && incarnation === last.incarnation && seq >= last.seq,
  )
}

/** What is known besides the membership when a roster record is judged. */
export interface Knowledge {
  readonly me: IdentityKey
  /** One-to-one: each of the two may begin anew, and of two beginnings the lower key's counts. */
  readonly pair: boolean
  /** The roster record. */
  readonly record: FeedId & { readonly seq: number }
  readonly now: number
  /** How far our own feed goes. */
  readonly ours: Have
}

/** The conversation after a roster record. State in, state out. */
export function judge(membership: Membership, roster: Roster, known: Knowledge): Judgement {
  const rightful =
    roster.cause === 'commit' ? isNextCommit(membership, roster, known) : mayBegin(membership, roster, known)
  if (!rightful) return { verdict: 'open' }
  const seats =
    roster.cause === 'commit' ? changed(membership, roster, known) : begun(membership, roster, known)
  // A chat of two is of these two for good.
  if (known.pair && seats.length > membership.seats.length) return { verdict: 'open' }
  const alive = seats.filter(({ ended }) => !ended).length
  if (alive > MAX_MEMBERS || seats.length > MAX_SEATS) return { verdict: 'open' }
  const { author, incarnation, seq } = known.record
  const last = { author, incarnation, seq }
  const next = stepped(membership, roster.begins, author)
  return { verdict: 'counts', membership: { ...next, seats, last } }
}

/** The conversation in another era, with its organiser. */
export function stepped(membership: Membership, era: Era, organiser: IdentityKey): Membership {
  const { follows: _, goingOn: __, ...kept } = membership
  const organisers = withOrganiser(membership.organisers, era.generation, organiser)
  return { ...kept, era, organiser, organisers }
}

/** Generations whose organiser is remembered. */
const MAX_ORGANISERS = 16

type Organisers = Membership['organisers']

function withOrganiser(organisers: Organisers, generation: number, who: IdentityKey): Organisers {
  const others = organisers.filter(([known]) => known !== generation)
  return [...others, [generation, who] as const].slice(-MAX_ORGANISERS)
}

function isNextCommit(membership: Membership, { begins }: Roster, { record }: Knowledge): boolean {
  // Whoever handed the group over arranges it no more.
  const { era, organiser } = membership
  if (record.author !== organiser || successorOf(membership) !== undefined) return false
  return begins.generation === era.generation && begins.epoch === era.epoch + 1
}

/** Whether this person may begin that generation (PROTOCOL §6, generations). */
function mayBegin(membership: Membership, roster: Roster, known: Knowledge): boolean {
  const { era, organiser, follows } = membership
  const { begins, cause } = roster
  const successor = successorOf(membership)
  if (begins.epoch > 1 || !isWithinReach(begins, era)) return false
  if (known.pair) {
    if (begins.generation === era.generation && organiser !== undefined)
      return known.record.author < organiser
    return begins.generation === era.generation + 1
  }
  if (begins.generation <= era.generation) return false
  if (cause === 'first') return organiser === undefined
  if (cause === 'without') return follows === recordKey(known.record) || known.record.author === known.me
  if (known.record.author !== known.me && !isInformed(membership, roster)) return false
  if (cause === 'handover') return known.record.author === successor
  return successor === undefined && known.record.author === organiser
}

function changed({ seats, era }: Membership, roster: Roster, { now, ours }: Knowledge): Seat[] {
  const after = seats.map((seat) => {
    const end = roster.ended.find(({ identity }) => identity === seat.identity)
    if (!end || seat.ended) return seat
    return { ...seat, ended: { until: era, cuts: end.cuts, left: end.left, at: now, ours } }
  })
  return withSeats(after, roster, era)
}

/** A generation names everybody who is in it; who is not named has left it. */
function begun({ seats, era }: Membership, roster: Roster, { now, ours }: Knowledge): Seat[] {
  const named = new Set(roster.seats.map(({ card }) => card.identity))
  const kept = seats.map((seat): Seat => {
    if (seat.ended || named.has(seat.identity)) return seat
    const end = roster.ended.find(({ identity }) => identity === seat.identity)
    return {
      ...seat,
      ended: {
        until: era,
        cuts: end?.cuts ?? cutsAt(roster.base, seat.identity),
        left: end?.left ?? false,
        at: now,
        ours,
      },
    }
  })
  return withSeats(kept, roster, era)
}

/** Nobody is given what was said in eras that we know without them, whatever the record says. */
function withSeats(seats: readonly Seat[], roster: Roster, era: Era): Seat[] {
  const { begins } = roster
  const due = (since: Era): Era =>
    compareEras(since, era) > 0 && compareEras(since, begins) <= 0 ? since : begins
  const present = new Set(members({ seats }))
  const added = roster.seats.filter(({ card }) => !present.has(card.identity))
  return [...seats, ...added.map(({ card, since }) => ({ identity: card.identity, since: due(since) }))]
}
