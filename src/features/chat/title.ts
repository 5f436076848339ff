import type { Conversation } from '../../core/conversation.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import type { People } from '../people.ts'
import { NOTES } from './list-words.ts'

/** What a chat is called here. */
export function titleOf({ circle }: Conversation, people: Pick<People, 'nameOf'>): string {
  if (circle.kind === 'group') return circle.name
  return circle.kind === 'self' ? NOTES : people.nameOf(circle.peer)
}

/** Decides the colour of its picture, and names the picture it was given. */
export function faceOf({ id, circle }: Conversation): ConversationId | IdentityKey {
  return circle.kind === 'pair' ? circle.peer : id
}
