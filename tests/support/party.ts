import { FIRST_ERA } from '../../src/core/era.ts'
import { toHex } from '../../src/core/bytes.ts'
import { inviteId, type ConversationId } from '../../src/core/ids.ts'
import { firstMembership, type Membership, type SharedKey } from '../../src/core/membership.ts'
import { feedKey, type FeedId } from '../../src/core/record.ts'
import type { Joining } from '../../src/protocol/frame.ts'
import { admit, type Answer } from '../../src/sync/admit.ts'
import { localNumber } from '../../src/sync/append.ts'
import { ownFeed, type Draft } from '../../src/sync/draft.ts'
import { enter } from '../../src/sync/enter.ts'
import { keyPackageFor } from '../../src/sync/key-packages.ts'
import { arrange, beginGeneration } from '../../src/sync/organise.ts'
import { toWire, type Taken } from '../../src/sync/receive.ts'
import { purposeOf } from '../../src/sync/wish.ts'
import { acquaint, bringerOf, desk, placeOf, rowsOf, take, type Desk, type Place } from './desk.ts'
import { bytesOf, conversationOf } from './samples.ts'
import { allLeft } from './session-wire.ts'

/** The group of these tests. */
export const GROUP: ConversationId = conversationOf(200)

/** What an invite gave to two of them. */
export const SECRET: SharedKey = { id: bytesOf(16, 0x1d), secret: bytesOf(32, 0x5e) }

/** People who all know the first of them. */
export async function desks<N extends readonly string[]>(
  ...names: N
): Promise<{ readonly [K in keyof N]: Desk }> {
  const people = await Promise.all(names.map((name, n) => desk(name, n + 1)))
  const [first, ...others] = people
  for (const other of others) if (first) await acquaint(first, other)
  return people as unknown as { readonly [K in keyof N]: Desk }
}

/** The first makes a group, all others are let in one after another, and everybody knows. */
export async function party([first, ...others]: readonly Desk[]): Promise<void> {
  if (!first) throw new Error('nobody there')
  await found(first)
  const inside = [first]
  for (const other of others) {
    await letIn(first, other)
    inside.push(other)
    await gossip(inside)
  }
}

/** A group of one. */
export async function found(self: Desk, id = GROUP): Promise<void> {
  const { author, ledger } = self
  await ledger.transact(async (draft) => {
    const circle = { kind: 'group', name: 'Choir' } as const
    const local = localNumber(author.randomBytes)
    draft.add('conversations', { id, circle, local, active: author.now(), unread: 0, messages: 0 })
    draft.add('memberships', firstMembership(id, [draft.self.identity], FIRST_ERA))
    await beginGeneration(draft, author, { conversation: id, cause: 'first' })
  })
}

/** Asked, willing, and let in. */
export async function letIn(organiser: Desk, other: Desk): Promise<void> {
  await wanted(organiser, other)
  const answer = await ask(other, organiser, { conversation: GROUP, generation: 0 })
  if (answer?.type !== 'welcome') throw new Error('not let in')
  await enterWith(other, organiser, answer)
}

/** The organiser asked, and the other said yes. */
export async function wanted(organiser: Desk, other: Desk): Promise<void> {
  await organiser.ledger.transact((draft) => {
    draft.put('requests', { group: GROUP, identity: other.me, at: 'asked' })
  })
  await other.ledger.transact((draft) => {
    const invitation = { id: GROUP, group: GROUP, name: 'Choir', organiser: organiser.me }
    draft.put('invitations', { ...invitation, at: 'accepted' })
  })
}

/** Shows a key package for that; what the other answers. */
export async function ask(self: Desk, other: Desk, to: Joining): Promise<Answer | undefined> {
  const keyPackage = await self.ledger.transact((draft) =>
    keyPackageFor(draft, self.author, purposeOf(to, other.me)),
  )
  return other.ledger.transact((draft) => admit(draft, other.author, { peer: self.me, to, keyPackage }))
}

/** Whether it was taken. */
export function enterWith(self: Desk, from: Desk, frame: Answer): Promise<boolean> {
  if (frame.type !== 'welcome') throw new Error('no welcome')
  return self.ledger.transact((draft) => enter(draft, self.author, { frame, from: bringerOf(from) }))
}

/** The two have keys in common; the first is the organiser. Nothing else of what they wrote has left. */
export async function keysBetween(one: Desk, other: Desk): Promise<void> {
  const conversation = placeOf(one, other)
  await act(one, (draft) => holdInvite(draft, conversation, 'opened'))
  await act(other, (draft) => holdInvite(draft, conversation, 'shown'))
  const invite = inviteId(toHex(SECRET.id))
  const answer = await ask(other, one, { conversation, generation: 1, invite })
  if (!answer) throw new Error('no keys')
  await enterWith(other, one, answer)
}

/** As if one had opened the invite of the other. */
function holdInvite(draft: Draft, conversation: ConversationId, how: 'opened' | 'shown'): void {
  const membership = draft.get('memberships', conversation)
  if (membership) draft.put('memberships', { ...membership, psks: { [how]: SECRET } })
}

/** Puts these out of the group, for good. */
export async function removeFrom(organiser: Desk, ...people: readonly Desk[]): Promise<void> {
  const remove = people.map(({ me }) => ({ identity: me, left: false }))
  const done = await act(organiser, (draft) =>
    arrange(draft, organiser.author, { conversation: GROUP, remove }),
  )
  if (!done) throw new Error('the organiser has no keys')
}

/** Gives the other all that lies here of a chat; what is given has left. */
export async function bring(from: Desk, to: Desk, place: Place = GROUP): Promise<Taken> {
  const rows = await rowsOf(from, placeOf(from, place))
  await allLeft(from, place)
  return take(
    to,
    from,
    rows.map(({ record }) => toWire(record)),
  )
}

/** Until everybody holds what anybody holds. */
export async function gossip(people: readonly Desk[], place: Place = GROUP): Promise<void> {
  for (let round = 0; round < 2; round++) {
    for (const from of people) for (const to of people) if (from !== to) await bring(from, to, place)
  }
}

export function membershipOf(self: Desk, place: Place = GROUP): Membership {
  const membership = self.ledger.state.memberships.get(placeOf(self, place))
  if (!membership) throw new Error('there is no such conversation')
  return membership
}

export function feedIn(self: Desk, place: Place = GROUP): FeedId {
  return ownFeed(self.ledger.state, placeOf(self, place))
}

/** How far somebody holds the feed that another one writes now. */
export function heldOf(self: Desk, other: Desk, place: Place = GROUP): number {
  return self.ledger.state.feeds.get(feedKey(feedIn(other, placeOf(self, place))))?.seq ?? 0
}

/** One transaction. */
export function act<T>(self: Desk, work: (draft: Draft) => T | Promise<T>): Promise<T> {
  return self.ledger.transact(work)
}
