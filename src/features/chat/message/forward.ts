import type { MessageBody } from '../../../core/body.ts'
import { textNow, type Message } from '../../../core/conversation.ts'
import type { Entry } from '../conversations.svelte.ts'

/** What is sent on of a message: its words as they are now, and nothing that belongs to its own chat. */
export function forwarded(message: Message): MessageBody | undefined {
  const { body } = message
  if (body?.kind === 'card') return { kind: 'card', card: body.card, forwarded: true }
  const text = textNow(message)?.text
  return text === undefined ? undefined : { kind: 'text', text, forwarded: true }
}

/** Chats whose name holds what is looked for. */
export function found(entries: readonly Entry[], query: string): readonly Entry[] {
  const wanted = query.trim().toLocaleLowerCase()
  return entries.filter(({ title }) => title.toLocaleLowerCase().includes(wanted))
}
