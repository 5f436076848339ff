import { equal, toHex } from '../core/bytes.ts'
import { isWithinReach, type Era } from '../core/era.ts'
import { inviteId, type ConversationId, type IdentityKey } from '../core/ids.ts'
import { seatOf, type Membership, type SharedKey } from '../core/membership.ts'
import type { Mls } from '../crypto/mls.ts'
import type { Joining } from '../protocol/frame.ts'
import type { StoredMls } from '../store/tables.ts'
import type { State } from './ledger.ts'
import { groupIdOf, presentGroup } from './seal.ts'

/** The part of the state that decides about keys. */
export type Keys = Pick<State, 'self' | 'conversations' | 'memberships' | 'mls' | 'invitations'>

/** What we want to be added to by somebody we are linked to, if anything. */
export function wishOf(
  keys: Keys,
  conversation: ConversationId,
  { mls, peer, theirs }: { mls: Mls; peer: IdentityKey; theirs: Era | undefined },
): Joining | undefined {
  const membership = keys.memberships.get(conversation)
  const me = keys.self.identity
  if (!membership || !seatOf(membership, me) || !seatOf(membership, peer)) return undefined
  if (works(keys.mls.get(conversation), membership, mls)) return undefined
  const { organiser, era, psks } = membership
  const pair = keys.conversations.get(conversation)?.circle.kind === 'pair'
  if (pair && organiser === undefined) {
    const invite = psks?.shown && nameOf(psks.shown)
    return { conversation, generation: 1, ...(invite !== undefined && { invite }) }
  }
  if (!pair) return organiser === peer ? { conversation, generation: era.generation } : undefined
  // Of a later generation there may be no record any more, but they are in it; the two take turns to begin one.
  const heard = theirs && isWithinReach(theirs, era) ? theirs.generation : 0
  const generation = Math.max(era.generation, heard)
  const turned = (generation - era.generation) % 2 === 1
  const isTheirs = (organiser === peer) !== turned
  // Who has lost the keys of a chat between two asks the other to begin it anew.
  return { conversation, generation: isTheirs ? generation : generation + 1 }
}

interface Wish {
  /** The invitation's. */
  readonly id: string
  readonly to: Joining
}

/** The groups that this person could let us into, and we want to be in. */
export function invitationsOf(keys: Keys, peer: IdentityKey): Wish[] {
  return [...keys.invitations.values()].flatMap(({ id, at, organiser, group, poster }): Wish[] => {
    if (at !== 'accepted' || organiser !== peer) return []
    if (poster) return [{ id, to: { invite: inviteId(id) } }]
    return group === undefined ? [] : [{ id, to: { conversation: group, generation: 0 } }]
  })
}

/** Whether our keys are those of the present generation. */
export function works(held: StoredMls | undefined, membership: Membership, mls: Mls): boolean {
  const group = presentGroup(membership)
  return held !== undefined && group !== undefined && equal(mls.look(held.state).id, groupIdOf(group))
}

/** What a key package of ours that is shown for that wish is good for, and nothing else (PROTOCOL §6). */
export function purposeOf(to: Joining, organiser: IdentityKey): string {
  if (!('conversation' in to)) return `invite/${to.invite}/${organiser}`
  return `${to.conversation}/${String(to.generation)}/${organiser}`
}

/** Which of two people begins the first generation of their chat: who opened the invite; else the lower key. */
export function beginnerOf({ psks }: Membership, me: IdentityKey, peer: IdentityKey): IdentityKey {
  if (psks?.opened && !psks.shown) return me
  if (psks?.shown && !psks.opened) return peer
  return me < peer ? me : peer
}

export function nameOf({ id }: SharedKey): ReturnType<typeof inviteId> {
  return inviteId(toHex(id))
}
