import type { Contact } from '../../core/contact.ts'
import type { Conversation } from '../../core/conversation.ts'
import type { Request } from '../../core/group.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import type { ShownInvite } from '../../core/invite.ts'
import { successorOf } from '../../core/handover.ts'
import { members, seatOf, type Membership } from '../../core/membership.ts'
import type { Roster } from '../../core/roster.ts'
import type { People } from '../people.ts'

/** A group as its screens show it. */
export interface Book {
  readonly id: ConversationId
  readonly name: string
  readonly part: Part
  readonly organiser: IdentityKey | undefined
  /** Who takes over, as soon as their device has heard of it. */
  readonly successor: IdentityKey | undefined
  /** The organiser first, then this person, then by name. */
  readonly members: readonly IdentityKey[]
  /** Those who were asked or ask, and are not in it. */
  readonly guests: readonly Guest[]
  readonly proposals: readonly Proposal[]
  readonly poster: Poster | undefined
  readonly people: People
  /** What this person calls themselves. */
  readonly ownName: string
}

/** This person's part in a group. */
export type Part =
  | 'organiser'
  | 'member'
  /** Left, and not let go yet. */
  | 'leaving'
  | 'left'
  | 'removed'

export interface Guest {
  readonly identity: IdentityKey
  readonly name: string
  readonly at: 'asked' | 'declined' | 'wishes' | 'admitted'
}

/** Somebody would go on without the organiser. */
export interface Proposal {
  readonly by: IdentityKey
  /** The recordKey of its roster record. */
  readonly roster: string
  /** Names of those who are in it now and would not be, apart from the organiser. */
  readonly out: readonly string[]
  /** Names of those who would be in it, and are not. */
  readonly in: readonly string[]
}

/** The invite for many, while it is good. */
export interface Poster {
  readonly expires: number
  readonly admit: 'ask' | 'all'
}

/** What a group's screens are put together from. */
export interface Sources {
  readonly conversation: Conversation
  readonly membership: Membership
  readonly requests: readonly Request[]
  readonly invites: readonly ShownInvite[]
  /** The roster records that do not count yet, with their recordKeys. */
  readonly open: readonly { readonly by: IdentityKey; readonly key: string; readonly roster: Roster }[]
  readonly people: People
  readonly ownName: string
  readonly now: number
}

/** Undefined for what is no group. */
export function bookOf(sources: Sources): Book | undefined {
  const { conversation, membership, people, ownName } = sources
  const { id, circle } = conversation
  if (circle.kind !== 'group') return undefined
  const { organiser } = membership
  return {
    ...{ id, name: circle.name, organiser, successor: successorOf(membership), people, ownName },
    part: partOf(conversation, membership, people.me),
    members: inOrder(members(membership), { organiser, people }),
    guests: guestsOf(sources),
    proposals: proposalsOf(sources),
    poster: posterOf(sources),
  }
}

function partOf({ left }: Pick<Conversation, 'left'>, membership: Membership, me: IdentityKey): Part {
  if (!seatOf(membership, me)) {
    const seat = membership.seats.findLast(({ identity }) => identity === me)
    return left || seat?.ended?.left ? 'left' : 'removed'
  }
  if (left) return members(membership).length > 1 ? 'leaving' : 'left'
  // Whoever handed it over arranges nothing any more.
  return membership.organiser === me && successorOf(membership) === undefined ? 'organiser' : 'member'
}

function inOrder(
  all: readonly IdentityKey[],
  { organiser, people }: { organiser: IdentityKey | undefined; people: People },
): IdentityKey[] {
  const rank = (who: IdentityKey): number => (who === organiser ? 0 : who === people.me ? 1 : 2)
  return [...all].sort((a, b) => rank(a) - rank(b) || compareNames(people.nameOf(a), people.nameOf(b)))
}

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })

export function compareNames(a: string, b: string): number {
  return collator.compare(a, b)
}

function guestsOf({ conversation, membership, requests, people }: Sources): Guest[] {
  return requests
    .filter(({ group, identity }) => group === conversation.id && !seatOf(membership, identity))
    .flatMap(({ identity, at, card }): Guest[] => {
      if (at === 'called' || at === 'turned-away' || at === 'leaves') return []
      return [{ identity, at, name: knownName(people, identity) ?? card?.name ?? people.nameOf(identity) }]
    })
    .sort((a, b) => compareNames(a.name, b.name))
}

function knownName(people: People, who: IdentityKey): string | undefined {
  return people.known.has(who) ? people.nameOf(who) : undefined
}

/** Only what begins later than the present generation can still be followed. */
function proposalsOf({ membership, open, people }: Sources): Proposal[] {
  if (!seatOf(membership, people.me) || membership.organiser === people.me) return []
  return open
    .filter(({ by, roster }) => {
      const includes = roster.seats.some(({ card }) => card.identity === people.me)
      const later = roster.begins.generation > membership.era.generation
      return roster.cause === 'without' && by !== people.me && includes && later
    })
    .map(({ by, key, roster }) => ({ by, roster: key, ...changes(membership, roster, people) }))
}

/** What a proposal changes beside the organiser: nobody should agree to more than they read. */
function changes(membership: Membership, { seats }: Roster, people: People): Pick<Proposal, 'out' | 'in'> {
  const named = new Map(seats.map(({ card }) => [card.identity, card.name]))
  const out = members(membership).filter((who) => who !== membership.organiser && !named.has(who))
  const fresh = [...named].filter(([who]) => !seatOf(membership, who))
  return {
    out: out.map((who) => people.nameOf(who)),
    in: fresh.map(([who, name]) => knownName(people, who) ?? name),
  }
}

function posterOf({ conversation, invites, now }: Sources): Poster | undefined {
  const live = invites.find(
    ({ group, state, expires }) =>
      group?.conversation === conversation.id && state === 'live' && expires > now,
  )
  return live?.group && { expires: live.expires, admit: live.group.admit }
}

/** Those who can be asked into a group: everybody with whom there is a chat. */
export function contactsWithChat(
  contacts: readonly Contact[],
  conversations: readonly Conversation[],
): Contact[] {
  const chats = new Set(conversations.map(({ id }) => id))
  return contacts.filter(({ conversation }) => chats.has(conversation))
}
