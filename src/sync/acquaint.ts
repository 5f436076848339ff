import type { Fellow } from '../core/contact.ts'
import type { Card } from '../core/membership.ts'
import { pairConversation } from '../crypto/address.ts'
import { later, verifyIncarnation } from '../crypto/incarnation.ts'
import type { Draft } from './draft.ts'

/** Others tell how somebody can be reached: what is known from themselves is not replaced by it. */
export async function acquaint(draft: Draft, card: Card, through: Fellow['through']): Promise<void> {
  const { identity } = draft.self
  if (card.identity === identity) return
  // A life that nobody signed must not shut the real one out.
  if (!(await verifyIncarnation(card.identity, card.incarnation))) return
  const known = draft.get('contacts', card.identity)
  if (!known) {
    const conversation = pairConversation(identity, card.identity)
    draft.put('contacts', { stage: 'fellow', conversation, trust: 'unverified', through, ...card })
  } else if (known.stage === 'invited') {
    // Whoever is met anyway needs no invite: the pair key opens the door.
    const { knockKey, incarnation } = card
    const { secret: _, expires: __, ended: ___, ...rest } = known
    draft.put('contacts', { ...rest, stage: 'met', through, knockKey, incarnation })
  } else {
    const incarnation = later(card.incarnation, known.incarnation)
    if (incarnation !== known.incarnation) draft.put('contacts', { ...known, incarnation })
  }
}
