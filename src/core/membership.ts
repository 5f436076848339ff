import type { Incarnation, Profile, Target } from './body.ts'
import type { Bytes } from './bytes.ts'
import { compareEras, isWithinReach, type Era } from './era.ts'
import type { Have } from './feed.ts'
import type { ConversationId, IdentityKey, IncarnationId } from './ids.ts'
import { recordKey, type FeedId, type FeedRecord } from './record.ts'

/** People in one group at the most, the organiser included. */
export const MAX_MEMBERS = 32
/** Seats that are remembered, of those who are in it and of those who were. */
export const MAX_SEATS = 256

/** How far a feed is taken from somebody who was removed: nothing above it counts. */
export interface Cut {
  readonly incarnation: IncarnationId
  readonly seq: number
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
  /** Whose proposal to go on without the organiser this person agreed to, by recordKey of the roster record. */
  readonly follows?: string
  /** Who else goes on without the organiser, by the recordKey of the roster record; the latest word of each. */
  readonly goingOn?: readonly { readonly who: IdentityKey; readonly by: string }[]
  /** With an invite behind the first generation: the key from the one that we opened, and from the one that we showed. */
  readonly psks?: { readonly opened?: SharedKey; readonly shown?: SharedKey }
}

/** A hand-over of a generation by its organiser. */
export interface Handover {
  readonly generation: number
  readonly by: IdentityKey
  readonly to: IdentityKey
}

/** Hand-overs of one person that are kept for generations to come. */
const MAX_AHEAD = 32

/** The conversation with one more hand-over, also of a generation that is not the present one here (yet). */
export function handedOver(membership: Membership, next: Handover): Membership {
  const { handovers = [], era } = membership
  // Whoever was away follows one after the other, so those still ahead are kept; nobody can push out another's.
  const ahead = handovers.filter(({ generation }) => generation >= era.generation)
  const theirs = ahead.filter(({ by }) => by === next.by)
  const known = theirs.some(({ generation }) => generation === next.generation)
  if (known || next.generation < era.generation || theirs.length >= MAX_AHEAD) return membership
  return { ...membership, handovers: [...ahead, next] }
}

/** Whom the present organiser named to begin the next generation. */
export function successorOf({ era, organiser, handovers = [] }: Membership): IdentityKey | undefined {
  return handovers.find(({ generation, by }) => generation === era.generation && by === organiser)?.to
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

export function organiserOf({ organisers }: Membership, generation: number): IdentityKey | undefined {
  return organisers.find(([known]) => known === generation)?.[1]
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
    return { ...seat, ended: { until: era, cuts: end?.cuts ?? [], left: end?.left ?? false, at: now, ours } }
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
