import type { Conversation } from '../../../core/conversation.ts'

/** What this person decides about a chat for themselves. */
export type Mark = 'muted' | 'pinned' | 'archived' | 'receipts'

/** The chat with one of these on instead of off, or off instead of on. */
export function toggled(chat: Conversation, mark: Mark): Conversation {
  if (chat[mark]) {
    const { [mark]: _, ...rest } = chat
    return rest
  }
  // Out of the list and on top of it at once is nonsense.
  const { pinned, archived, ...rest } = chat
  if (mark === 'pinned') return { ...rest, pinned: true }
  if (mark === 'archived') return { ...rest, archived: true }
  return { ...chat, [mark]: true }
}
