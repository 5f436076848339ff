import type { Target } from '../core/body.ts'
import type { ConversationId } from '../core/ids.ts'
import { targetKey } from '../core/marks.ts'
import { members, seatOf } from '../core/membership.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'
import { reconsider, rosterAt } from './roster.ts'

/** Somebody agrees to go on without the organiser: the latest word of each member is remembered. */
export function goesOn(draft: Draft, { record }: StoredRecord, roster: Target): void {
  const { conversation, author: who } = record
  const membership = draft.get('memberships', conversation)
  if (!membership || who === draft.self.identity || !seatOf(membership, who)) return
  const others = (membership.goingOn ?? []).filter((known) => known.who !== who)
  const goingOn = [...others, { who, by: targetKey(conversation, roster) }]
  draft.put('memberships', { ...membership, goingOn })
}

/**
 * Once everybody else goes on without us, by the same roster record, it counts for us as well: we are not in it any
 * more. As long as one of them stays, so do we.
 */
export async function lookWhoStays(
  draft: Draft,
  author: Author,
  conversation: ConversationId,
): Promise<void> {
  const me = draft.self.identity
  for (const key of draft.get('memberships', conversation)?.open ?? []) {
    const membership = draft.get('memberships', conversation)
    const found = await rosterAt(draft, key)
    if (!membership || found?.roster.cause !== 'without') continue
    if (found.roster.seats.some(({ card }) => card.identity === me)) continue
    const gone = new Set([found.stored.record.author])
    for (const { who, by } of membership.goingOn ?? []) if (by === key) gone.add(who)
    if (!members(membership).every((who) => who === me || gone.has(who))) continue
    draft.put('memberships', { ...membership, follows: key })
    await reconsider(draft, author, conversation)
    return
  }
}
