import type { Target } from '../core/body.ts'
import type { Conversation } from '../core/conversation.ts'
import { sameEra, type Era } from '../core/era.ts'
import { emptyFeed } from '../core/feed.ts'
import type { Invitation } from '../core/group.ts'
import type { ConversationId } from '../core/ids.ts'
import {
  cutsAt,
  firstMembership,
  MAX_MEMBERS,
  seatOf,
  type Membership,
  type Seat,
} from '../core/membership.ts'
import { stepped, type Start } from '../core/roster.ts'
import { cleanName } from '../core/name.ts'
import { feedKey } from '../core/record.ts'
import { pairConversation } from '../crypto/address.ts'
import type { Frame } from '../protocol/frame.ts'
import { acquaint } from './acquaint.ts'
import { append, localNumber } from './append.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'
import { markLate } from './late.ts'
import type { Bringer } from './receive.ts'
import { groupIdOf } from './seal.ts'
import { tell } from './tell.ts'
import { purposeOf, works } from './wish.ts'

type Welcome = Frame & { type: 'welcome' }

/**
 * Takes an MLS welcome from the person it must come from, with the key package that was shown for this alone
 * (PROTOCOL §6). False if we hold no keys by it.
 */
export async function enter(
  draft: Draft,
  author: Author,
  { frame, from }: { frame: Welcome; from: Bringer },
): Promise<boolean> {
  const { conversation, generation, welcome, start } = frame
  const membership = draft.get('memberships', conversation)
  const seated = membership !== undefined && seatOf(membership, draft.self.identity) !== undefined
  const invitation = seated ? undefined : invitationFor(draft, { conversation, from })
  const beginning = invitation && start && beginningOf(start, from, invitation)
  if (!seated && !(beginning && isFree(draft, conversation, beginning.start))) return false
  const held = draft.get('mls', conversation)
  const present =
    held && membership && seated && works(held, membership, author.mls)
      ? author.mls.look(held.state).epoch
      : -1
  // Only the first group behind an invite rests on its secret.
  const psk = membership?.organiser === undefined ? membership?.psks?.shown : undefined
  const name = { conversation, generation, organiser: from.peer, incarnation: from.incarnation }
  for (const purpose of purposes(frame, { from, invitation, psk: psk !== undefined })) {
    const own = draft.get('keyPackages', purpose.purpose)
    if (!own) continue
    const expected = { id: groupIdOf(name), organiser: from.peer, ...(purpose.psk && psk && { psk }) }
    const state = await author.mls.join(welcome, own, expected)
    if (!state) continue
    const { epoch, members: inside } = author.mls.look(state)
    if (beginning && !fitsStart(beginning.start, { generation, epoch, inside })) return false
    draft.remove('keyPackages', purpose.purpose)
    // Commits that passed us by cannot be made up for: we ask again later, with a new key package.
    if (epoch <= present) return false
    if (!beginning && membership && isOutrun({ generation, epoch }, membership.era)) return false
    draft.put('mls', { conversation, generation, state, used: [] })
    if (beginning) await begin(draft, author, { conversation, beginning })
    else if (start) stepAhead(draft, { conversation, start, from })
    return true
  }
  return false
}

/** The key packages that this welcome can be for. */
function purposes(
  { conversation, generation }: Welcome,
  { from, invitation, psk }: { from: Bringer; invitation: Invitation | undefined; psk: boolean },
): { purpose: string; psk: boolean }[] {
  const at = (generation: number) => purposeOf({ conversation, generation }, from.peer)
  if (invitation?.poster) return [{ purpose: `invite/${invitation.id}/${from.peer}`, psk: false }]
  if (invitation) return [{ purpose: at(0), psk: false }]
  return [{ purpose: at(generation), psk }]
}

function invitationFor(
  draft: Draft,
  { conversation, from }: { conversation: ConversationId; from: Bringer },
): Invitation | undefined {
  return draft
    .all('invitations')
    .find(
      ({ at, organiser, group, poster }) =>
        at === 'accepted' && organiser === from.peer && (group === conversation || poster !== undefined),
    )
}

function isOutrun(welcomed: Era, present: Era): boolean {
  return welcomed.generation === present.generation && welcomed.epoch < present.epoch
}

/**
 * A group is never the notes of this person or the chat with somebody: those have ids that everybody can compute, and
 * whoever takes one for a group would read what is written there.
 */
function isFree(draft: Draft, conversation: ConversationId, { seats }: Start): boolean {
  const circle = draft.get('conversations', conversation)?.circle
  if (circle && circle.kind !== 'group') return false
  const me = draft.self.identity
  const people = [me, ...draft.all('contacts').map(({ identity }) => identity)]
  for (const { card } of seats) people.push(card.identity)
  return people.every((who) => pairConversation(me, who) !== conversation)
}

/** Who is in the MLS group must be in the conversation. */
function fitsStart(
  { era, seats }: Start,
  { generation, epoch, inside }: { generation: number; epoch: number; inside: readonly string[] },
): boolean {
  const seated = new Set<string>(seats.map(({ card }) => card.identity))
  if (seated.size > MAX_MEMBERS) return false
  return sameEra(era, { generation, epoch }) && inside.every((who) => seated.has(who))
}

/**
 * Between two, words wait until both have the keys, also those that stand before the record that tells of the
 * generation: the welcome tells of it first.
 */
function stepAhead(
  draft: Draft,
  { conversation, start, from }: { conversation: ConversationId; start: Start; from: Bringer },
): void {
  const membership = draft.get('memberships', conversation)
  const last = start.base.findLast(
    (head) => head.author === from.peer && head.incarnation === from.incarnation,
  )
  if (draft.get('conversations', conversation)?.circle.kind !== 'pair' || !membership || !last) return
  const { author, incarnation, seq } = last
  draft.put('memberships', {
    ...stepped(membership, start.era, author),
    last: { author, incarnation, seq },
  })
}

interface Beginning {
  readonly start: Start
  readonly invitation: Invitation
  /** The organiser's newest record: of the life in which they made the group. */
  readonly last: Target
}

function beginningOf(
  start: Start,
  { peer, incarnation }: Bringer,
  invitation: Invitation,
): Beginning | undefined {
  const found = start.base.find((head) => head.author === peer && head.incarnation === incarnation)
  return found && { start, invitation, last: { author: peer, incarnation, seq: found.seq } }
}

/** A conversation begins here for somebody new, or for somebody who was in it before. */
async function begin(
  draft: Draft,
  author: Author,
  { conversation, beginning }: { conversation: ConversationId; beginning: Beginning },
): Promise<void> {
  const { start, invitation, last } = beginning
  const before = draft.get('memberships', conversation) ?? firstMembership(conversation, [], start.era)
  for (const { card } of start.seats) await acquaint(draft, card, { group: conversation })
  const here = start.seats.map(({ card, since }) => ({ identity: card.identity, since }))
  const membership: Membership = {
    ...{ conversation, era: start.era, organiser: last.author, last, open: [] },
    organisers: [[start.era.generation, last.author]],
    seats: [...endedBy(start, before, author.now()), ...here],
  }
  draft.put('memberships', membership)
  await markLate(draft, before, membership)
  for (const { author: who, incarnation, seq, head } of start.base) {
    const id = { conversation, author: who, incarnation }
    const feed = draft.get('feeds', feedKey(id)) ?? emptyFeed(id)
    if (who !== draft.self.identity && seq > feed.seq) draft.put('feeds', { ...feed, seq, head })
  }
  openChat(draft, author, { conversation, name: cleanName(start.name) })
  const [first] = await append(draft, author, { conversation, bodies: [] })
  if (first) tell(draft, first, { line: 'joined', by: draft.self.identity })
  draft.remove('invitations', invitation.id)
}

/** Seats of former times; who went while we were out of it ends where the organiser holds their feeds. */
function endedBy({ seats, base }: Start, { seats: known, era }: Membership, now: number): Seat[] {
  const here = new Set(seats.map(({ card }) => card.identity))
  return known.flatMap((seat): Seat[] => {
    if (seat.ended) return [seat]
    if (here.has(seat.identity)) return []
    const cuts = cutsAt(base, seat.identity)
    return [{ ...seat, ended: { until: era, cuts, left: false, at: now } }]
  })
}

function openChat(
  draft: Draft,
  { now, randomBytes }: Author,
  { conversation, name }: { conversation: ConversationId; name: string },
): void {
  // What was set while we were out of it is said again to whoever is let in (admit.ts).
  const {
    left: _,
    vanish: __,
    named: ___,
    ...chat
  }: Conversation = draft.get('conversations', conversation) ?? {
    ...{ id: conversation, circle: { kind: 'group', name }, local: localNumber(randomBytes) },
    ...{ active: now(), unread: 0, messages: 0 },
  }
  draft.put('conversations', { ...chat, circle: { kind: 'group', name } })
  draft.remove('pictures', conversation)
}
