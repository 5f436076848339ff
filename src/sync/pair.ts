import type { Bytes } from '../core/bytes.ts'
import { FIRST_ERA } from '../core/era.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { firstMembership, type Membership } from '../core/membership.ts'
import { pairConversation } from '../crypto/address.ts'
import { localNumber } from './append.ts'
import type { Draft } from './draft.ts'

/** The chat with somebody, made if there is none. */
export function openPair(
  draft: Draft,
  peer: IdentityKey,
  { now, randomBytes }: { now(): number; randomBytes(length: number): Bytes },
): ConversationId {
  const me = draft.self.identity
  const id = pairConversation(me, peer)
  const found = draft.get('conversations', id)
  // This id is ours by our keys: a group that took it was made to read along.
  const taken = found?.circle.kind === 'group'
  if (taken) for (const table of ['memberships', 'mls'] as const) draft.remove(table, id)
  if (!found || taken) {
    const kind = peer === me ? ({ kind: 'self' } as const) : ({ kind: 'pair', peer } as const)
    const local = localNumber(randomBytes)
    draft.put('conversations', { id, circle: kind, local, active: now(), unread: 0, messages: 0 })
    const people = [...new Set([me, peer])].sort()
    if (!draft.get('memberships', id)) draft.put('memberships', firstMembership(id, people, FIRST_ERA))
  }
  return id
}

/** A key that an invite gave to the two, as long as they have no group (PROTOCOL §6). */
export function holdPsk(
  draft: Draft,
  conversation: ConversationId,
  psks: NonNullable<Membership['psks']>,
): void {
  const membership = draft.get('memberships', conversation)
  if (!membership || membership.organiser !== undefined) return
  draft.put('memberships', { ...membership, psks: { ...membership.psks, ...psks } })
}
