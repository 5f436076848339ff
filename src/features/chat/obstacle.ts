import type { Conversation } from '../../core/conversation.ts'
import type { IdentityKey } from '../../core/ids.ts'
import { seatOf, type Membership } from '../../core/membership.ts'

/** Why nothing can be written in a chat, in words; undefined when it can. */
export function obstacleTo(
  { circle, left }: Conversation,
  membership: Membership | undefined,
  me: IdentityKey,
): string | undefined {
  if (circle.kind !== 'group') return undefined
  if (left) return 'You left this group. You can still read what was written until then.'
  if (!membership || seatOf(membership, me)) return undefined
  const seat = membership.seats.findLast(({ identity }) => identity === me)
  return seat?.ended?.left === true
    ? 'You left this group. You can still read what was written until then.'
    : 'You are no longer in this group, so you cannot write here. You can still read what was written until then.'
}
