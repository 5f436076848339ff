import type { Body } from '../core/body.ts'
import { toHex, type Bytes } from '../core/bytes.ts'
import { isKnown } from '../core/contact.ts'
import { compareEras, nextEpoch, type Era } from '../core/era.ts'
import type { Feed } from '../core/feed.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { successorOf } from '../core/handover.ts'
import {
  type Card,
  type Cut,
  cutsAt,
  MAX_MEMBERS,
  members,
  type Membership,
  seatOf,
  type SharedKey,
} from '../core/membership.ts'
import type { FeedHead, Roster, Start } from '../core/roster.ts'
import { feedKey } from '../core/record.ts'
import { hash } from '../crypto/hash.ts'
import { MAX_BASE, MAX_CUTS } from '../protocol/limits.ts'
import { append } from './append.ts'
import type { Author } from './author.ts'
import { ownFeed, type Draft } from './draft.ts'
import { profileOf } from './profile.ts'
import { groupIdOf, heldInStep } from './seal.ts'

/** Somebody who is to be in the MLS group; with a card they are new to the conversation. */
export interface Newcomer {
  readonly identity: IdentityKey
  readonly keyPackage: Bytes
  readonly card?: Card
  /** They know nothing of the conversation yet, though we let them in before. */
  readonly anew?: boolean
}

/** What an organiser does to a conversation in one commit. */
export interface Arrangement {
  readonly add?: readonly Newcomer[]
  readonly remove?: readonly { readonly identity: IdentityKey; readonly left: boolean }[]
  readonly psk?: SharedKey
}

/** The MLS welcome for all who were added, and what those who are new need beside it. */
export interface Welcomed {
  readonly generation: number
  readonly welcome: Bytes | undefined
  readonly start: Start
}

/** Key packages that were used are remembered, so many. */
const MAX_USED = 128

/** How we can be reached. */
function ownCard({ self }: Pick<Draft, 'self'>): Card {
  return { identity: self.identity, ...profileOf(self), incarnation: self.incarnation }
}

/** How somebody can be reached, if we know. */
export function cardOf(draft: Draft, who: IdentityKey): Card | undefined {
  if (who === draft.self.identity) return ownCard(draft)
  const contact = draft.get('contacts', who)
  if (!isKnown(contact)) return undefined
  const { identity, name, address, knockKey, incarnation } = contact
  return { identity, name, address, knockKey, incarnation }
}

/** Every feed of a conversation as it is held here; of too many never without ours and the one that tells who is in it. */
export function heads(draft: Draft, conversation: ConversationId): FeedHead[] {
  const { last } = draft.get('memberships', conversation) ?? {}
  const needed = [ownFeed(draft, conversation), ...(last ? [{ conversation, ...last }] : [])].map(feedKey)
  const feeds = draft.feedsOf(conversation).filter(({ seq }) => seq > 0)
  const first = feeds.filter((feed) => needed.includes(feedKey(feed)))
  const others = feeds.filter((feed) => !needed.includes(feedKey(feed)))
  return [...first, ...longest(others, MAX_BASE - first.length)].map(({ author, incarnation, seq, head }) => {
    return { author, incarnation, seq, head }
  })
}

/** Somebody may have lived very often: so many feeds, those in which most was said. */
function longest(feeds: readonly Feed[], most: number): readonly Feed[] {
  return feeds.length <= most ? feeds : [...feeds].sort((a, b) => b.seq - a.seq).slice(0, most)
}

/** Where somebody's feeds end, for good: nothing above it counts. */
function cutsOf(draft: Draft, conversation: ConversationId, who: IdentityKey): Cut[] {
  const feeds = draft.feedsOf(conversation).filter(({ author }) => author === who)
  return cutsAt(longest(feeds, MAX_CUTS), who)
}

/** The organiser does, until the group is handed over. */
function mayArrange({ self }: Draft, membership: Membership): boolean {
  return membership.organiser === self.identity && successorOf(membership) === undefined
}

/** Whether that key package was used here before: nothing is added with it twice. */
export function isUsed(draft: Draft, conversation: ConversationId, keyPackage: Bytes): boolean {
  return draft.get('mls', conversation)?.used.includes(toHex(hash(keyPackage))) ?? false
}

/**
 * Commits (PROTOCOL §6): the MLS commit, our state after it and the record that tells of it, in one draft. Undefined
 * when we are not the organiser, or do not hold the keys of the present epoch. Throws if there would be too many.
 */
export async function arrange(
  draft: Draft,
  author: Author,
  { conversation, add = [], remove = [], psk }: Arrangement & { conversation: ConversationId },
): Promise<Welcomed | undefined> {
  const { mls } = author
  const membership = draft.get('memberships', conversation)
  const held = heldInStep(draft.get('mls', conversation), membership, mls)
  if (!membership || !held || !mayArrange(draft, membership)) return undefined
  const newcomers = add.filter(({ identity }) => !seatOf(membership, identity))
  if (members(membership).length + newcomers.length > MAX_MEMBERS) throw new RangeError('too many members')
  const inside = new Set(mls.look(held.state).members)
  const out = [...remove, ...add].map(({ identity }) => identity).filter((who) => inside.has(who))
  const committed = await mls.commit(held.state, {
    add: add.map(({ keyPackage }) => keyPackage),
    remove: [...new Set(out)],
    ...(psk && { psk }),
  })
  const begins = nextEpoch(membership.era)
  const seats = newcomers.flatMap(({ card }) => (card ? [{ card, since: begins }] : []))
  const roster: Roster = {
    ...{ begins, cause: 'commit', seats, commit: committed.commit },
    ended: remove.map(({ identity, left }) => ({
      identity,
      left,
      cuts: cutsOf(draft, conversation, identity),
    })),
    base: seats.length > 0 ? heads(draft, conversation) : [],
  }
  const used = [...held.used, ...add.map(({ keyPackage }) => toHex(hash(keyPackage)))].slice(-MAX_USED)
  draft.put('mls', { ...held, state: committed.state, used })
  await write(draft, author, { conversation, roster })
  if (seats.length > 0 || add.some(({ anew }) => anew)) reveal(draft, conversation)
  return { generation: begins.generation, welcome: committed.welcome, start: startOf(draft, conversation) }
}

/** What we arrange must count for ourselves, or it would be arranged again and again. */
async function write(
  draft: Draft,
  author: Author,
  { conversation, roster }: { conversation: ConversationId; roster: Roster },
): Promise<void> {
  await append(draft, author, { conversation, bodies: [{ kind: 'roster', roster }] })
  const era = draft.get('memberships', conversation)?.era
  // Others may have waited for this to go on without us: then it is further already.
  if (!era || compareEras(era, roster.begins) < 0) throw new Error('our own roster record does not count')
}

/** Somebody new is told how far our feed goes, and counts on it: all of it has left this device. */
function reveal(draft: Draft, conversation: ConversationId): void {
  const feed = draft.get('feeds', feedKey(ownFeed(draft, conversation)))
  if (feed) draft.put('feeds', { ...feed, left: feed.seq })
}

/** What somebody new is told: who is here now, and where every feed stands. */
function startOf(draft: Draft, conversation: ConversationId): Start {
  const membership = draft.get('memberships', conversation)
  const circle = draft.get('conversations', conversation)?.circle
  if (!membership || !circle) throw new Error('there is no such conversation')
  const name = circle.kind === 'group' ? circle.name : ''
  return {
    ...{ name, era: membership.era, base: heads(draft, conversation) },
    seats: cardsOf(draft, membership, members(membership)),
  }
}

function cardsOf(
  draft: Draft,
  membership: Membership,
  people: readonly IdentityKey[],
): { card: Card; since: Era }[] {
  return people.flatMap((who) => {
    const card = cardOf(draft, who)
    const seat = seatOf(membership, who)
    return card ? [{ card, since: seat?.since ?? membership.era }] : []
  })
}

/** How a generation begins: by whom it is, why, and who is in its MLS group from the start. */
export interface Beginning {
  readonly conversation: ConversationId
  readonly cause: Exclude<Roster['cause'], 'commit'>
  /** Who is in the conversation no longer. */
  readonly without?: readonly IdentityKey[]
  /** People whom a commit that we had lost had added. */
  readonly also?: Roster['seats']
  readonly first?: Newcomer
  readonly psk?: SharedKey
}

/** Begins the next generation, with us as its organiser (PROTOCOL §6, generations). */
export async function beginGeneration(draft: Draft, author: Author, beginning: Beginning): Promise<Welcomed> {
  const { conversation, cause, without = [], also = [], first, psk } = beginning
  const { mls } = author
  const membership = draft.get('memberships', conversation)
  if (!membership) throw new Error('there is no such conversation')
  const { identity, incarnation } = draft.self
  const generation = membership.era.generation + 1
  const id = groupIdOf({ conversation, generation, organiser: identity, incarnation: incarnation.id })
  let state = await mls.create(id)
  let welcome: Bytes | undefined
  if (first) ({ state, welcome } = await mls.commit(state, { add: [first.keyPackage], ...(psk && { psk }) }))
  const stay = members(membership).filter((who) => !without.includes(who))
  const present = cardsOf(draft, membership, stay)
  const added = also.filter(({ card }) => !stay.includes(card.identity) && !without.includes(card.identity))
  const roster: Roster = {
    ...{ begins: { generation, epoch: first ? 1 : 0 }, cause, seats: [...present, ...added] },
    ended: without.map((who) => ({ identity: who, left: false, cuts: cutsOf(draft, conversation, who) })),
    base: heads(draft, conversation),
  }
  const used = first ? [toHex(hash(first.keyPackage))] : []
  draft.put('mls', { conversation, generation, state, used })
  await write(draft, author, { conversation, roster })
  if (cause !== 'first') await showSettings(draft, author, conversation)
  return { generation, welcome, start: startOf(draft, conversation) }
}

/**
 * What was set for the group, once more: whoever is new was told its name, and the rest stands in records that they
 * may not read; and a new generation begins with what its organiser knows.
 */
export async function showSettings(
  draft: Draft,
  author: Author,
  conversation: ConversationId,
): Promise<void> {
  const chat = draft.get('conversations', conversation)
  const known = await draft.load('pictures', conversation)
  const bodies: Body[] = []
  if (chat?.circle.kind !== 'group') return
  if (known || chat.named)
    bodies.push({ kind: 'info', name: chat.circle.name, ...(known && { picture: known.picture }) })
  if (chat.vanish) bodies.push({ kind: 'vanish', seconds: chat.vanish.value })
  if (bodies.length > 0) await append(draft, author, { conversation, bodies })
}
