import { equal, fromHex, type Bytes } from '../core/bytes.ts'
import { compareEras, sameEra, type Era } from '../core/era.ts'
import { emptyFeed } from '../core/feed.ts'
import type { ConversationId, IdentityKey, IncarnationId } from '../core/ids.ts'
import { label } from '../core/labels.ts'
import { seatOf, type Membership } from '../core/membership.ts'
import { feedKey, type FeedRecord } from '../core/record.ts'
import { hash } from '../crypto/hash.ts'
import type { Mls } from '../crypto/mls.ts'
import { innerOf } from '../crypto/record.ts'
import type { FeedPlace } from '../protocol/frame.ts'
import { decodeContext, decodeTrip, encodeContext, encodeTrip } from '../protocol/sealed.ts'
import type { StoredMls } from '../store/tables.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'
import type { Bringer } from './receive.ts'

/** Which MLS group a generation is. */
export interface GroupName {
  readonly conversation: ConversationId
  readonly generation: number
  readonly organiser: IdentityKey
  /** The life of the organiser in which it was made. */
  readonly incarnation: IncarnationId
}

/** H("mls-group" ‖ conversation ‖ generation ‖ organiser ‖ incarnation)[0..8] */
export function groupIdOf({ conversation, generation, organiser, incarnation }: GroupName): Bytes {
  const fields = [fromHex(conversation), generation, fromHex(organiser), fromHex(incarnation)]
  return hash(label.mlsGroup, ...fields).slice(0, 8)
}

/** The group of the present generation; undefined before there is one. */
export function presentGroup({ conversation, era, organiser, last }: Membership): GroupName | undefined {
  if (organiser === undefined || !last) return undefined
  return { conversation, generation: era.generation, organiser, incarnation: last.incarnation }
}

/** The era whose keys a state holds. */
export function eraOf(mls: Mls, { generation, state }: StoredMls): Era {
  return { generation, epoch: mls.look(state).epoch }
}

/** Our part in the present generation's group, if it is in step with what the records tell. */
export function heldInStep(
  held: StoredMls | undefined,
  membership: Membership | undefined,
  mls: Mls,
): StoredMls | undefined {
  return held && membership && sameEra(eraOf(mls, held), membership.era) ? held : undefined
}

/**
 * Everybody who holds the keys of this epoch may read a record of that era: it can travel under them, also when it was
 * composed before.
 */
export function maySeal(
  membership: Membership,
  held: StoredMls,
  { mls, era }: { mls: Mls; era: Era },
): boolean {
  return mls.look(held.state).members.every((who) => {
    const seat = seatOf(membership, who)
    return seat !== undefined && compareEras(seat.since, era) <= 0
  })
}

/** Seals a record for its first trip; the state that comes back must be on the disk before the bytes leave. */
export async function seal(
  held: StoredMls,
  record: FeedRecord & { form: 'record' },
  mls: Mls,
): Promise<{ held: StoredMls; sealed: Bytes }> {
  const { seq, era } = record
  const context = encodeContext({ seq, ...(!sameEra(era, eraOf(mls, held)) && { era }) })
  const { state, sealed } = await mls.seal(held.state, encodeTrip(record), context)
  return { held: { ...held, state }, sealed }
}

/** 'unopened': it must be given in the open. 'unknown': it is of no group that we know. */
export type Unsealed =
  | { readonly result: 'opened'; readonly record: FeedRecord }
  | { readonly result: 'unopened'; readonly feed: FeedPlace }
  | { readonly result: 'unknown' }

/** Opens a record on its first trip: its author is who sealed it, and who brings it. */
export async function unseal(
  draft: Draft,
  author: Author,
  { bringer, sealed }: { bringer: Bringer; sealed: Bytes },
): Promise<Unsealed> {
  const { mls } = author
  const header = mls.header(sealed)
  const membership = header && membershipOf(draft, header.id, bringer.peer)
  if (!membership) return unknown(author)
  const { conversation } = membership
  const id = { conversation, author: bringer.peer, incarnation: bringer.incarnation }
  const feed = draft.get('feeds', feedKey(id)) ?? emptyFeed(id)
  const unopened = (): Unsealed => {
    author.suspicious('unopened')
    return { result: 'unopened', feed }
  }
  const held = draft.get('mls', conversation)
  if (held?.generation !== membership.era.generation) return unopened()
  const opened = await mls.open(held.state, sealed)
  if (opened.result === 'later') return unopened()
  draft.put('mls', { ...held, state: opened.state })
  if (opened.result === 'refused' || opened.sender !== bringer.peer) return unopened()
  const context = decodeContext(opened.context)
  const trip = decodeTrip(opened.plain)
  if (!context || !trip) return unopened()
  const era = context.era ?? { generation: held.generation, epoch: opened.epoch }
  const { content, signature } = trip
  const signed = { ...id, seq: context.seq, era, inner: innerOf(content), signature }
  return { result: 'opened', record: { ...signed, form: 'record', content } }
}

function unknown(author: Author): Unsealed {
  author.suspicious('unopened')
  return { result: 'unknown' }
}

function membershipOf(draft: Draft, id: Bytes, peer: IdentityKey): Membership | undefined {
  return draft.all('memberships').find((membership) => {
    const group = seatOf(membership, peer) && presentGroup(membership)
    return group !== undefined && equal(groupIdOf(group), id)
  })
}
