import type { IdentityKey } from './ids.ts'
import type { Membership } from './membership.ts'
import type { FeedId, FeedRecord } from './record.ts'

/** A hand-over of a generation by its organiser. */
export interface Handover {
  readonly generation: number
  readonly by: IdentityKey
  readonly to: IdentityKey
  /** The record that says so. */
  readonly at: Pick<FeedId, 'incarnation'> & { readonly seq: number }
}

/** Hand-overs of one person that are kept for generations to come. */
const MAX_AHEAD = 32

/** The conversation with one more hand-over, also of a generation that is not the present one here (yet). */
export function handedOver(membership: Membership, next: Handover): Membership {
  const { handovers = [], era } = membership
  // Whoever was away follows one after the other, so those still ahead are kept; nobody can push out another's.
  const kept = handovers.filter(
    ({ generation }) => generation >= era.generation || organiserOf(membership, generation) !== undefined,
  )
  const theirs = kept.filter(({ by, generation }) => by === next.by && generation >= era.generation)
  const known = theirs.some(({ generation }) => generation === next.generation)
  if (known || next.generation < era.generation || theirs.length >= MAX_AHEAD) return membership
  return { ...membership, handovers: [...kept, next] }
}

/** Whom the present organiser named to begin the next generation. */
export function successorOf({ era, organiser, handovers = [] }: Membership): IdentityKey | undefined {
  return handovers.find(({ generation, by }) => generation === era.generation && by === organiser)?.to
}

export function organiserOf({ organisers }: Membership, generation: number): IdentityKey | undefined {
  return organisers.find(([known]) => known === generation)?.[1]
}

/**
 * Whether a record arranges the group: its author organised the generation of its era, and had not handed it over
 * before. 'unknown' as long as nobody told who organises that generation.
 */
export function arranges(membership: Membership, record: FeedRecord): 'yes' | 'no' | 'unknown' {
  const { author, incarnation, seq, era } = record
  const organiser = organiserOf(membership, era.generation)
  if (organiser === undefined) return era.generation > membership.era.generation ? 'unknown' : 'no'
  if (organiser !== author) return 'no'
  const given = membership.handovers?.find(
    ({ generation, by }) => generation === era.generation && by === author,
  )
  return !given || (given.at.incarnation === incarnation && seq < given.at.seq) ? 'yes' : 'no'
}
