import { endOf } from '../../core/contact.ts'
import type { IdentityKey } from '../../core/ids.ts'
import type { Entry } from './conversations.svelte.ts'

/** The chat with oneself. */
export const NOTES = 'Notes to self'

/** The second line of a chat in the list. */
export function previewText({ conversation, contact, by }: Entry, me: IdentityKey, now: number): string {
  const { draft, last, circle, messages } = conversation
  if (draft !== undefined && draft !== '') return `Draft: ${draft.slice(0, 120)}`
  if (last) {
    const who = circle.kind === 'self' ? undefined : last.author === me ? 'You' : by
    return who === undefined ? last.text : `${who}: ${last.text}`
  }
  // The newest one disappeared or was deleted.
  if (messages > 0) return ''
  if (circle.kind === 'self') return 'Keep something for later'
  if (contact?.stage === 'invited')
    return endOf(contact, now) ? 'The invitation has ended' : 'Waiting to meet'
  return 'Say hello'
}

/** The accessible name of a chat in the list. */
export function entryLabel(name: string, unread: number): string {
  return unread === 0 ? name : `${name}, ${String(unread)} unread`
}

/** "typing…", and in a group who: "Ann is typing…", "Ann and Cem are typing…", "3 people are typing…" */
export function typingText(
  who: readonly IdentityKey[],
  { group, nameOf }: { group: boolean; nameOf: (who: IdentityKey) => string },
): string | undefined {
  const [first, second, ...more] = who
  if (first === undefined) return undefined
  if (!group) return 'typing…'
  if (second === undefined) return `${nameOf(first)} is typing…`
  if (more.length > 0) return `${String(who.length)} people are typing…`
  return `${nameOf(first)} and ${nameOf(second)} are typing…`
}

/** What else there is to know of a chat in the list, for who cannot see its small marks. */
export function entryNotes(
  { conversation, hint }: Pick<Entry, 'conversation' | 'hint'>,
  { presence }: { presence: 'Online' | 'Away' | undefined },
): string {
  const { mentioned, pinned, muted } = conversation
  const notes = [hint, mentioned && 'You were mentioned', presence, pinned && 'Pinned', muted && 'Muted']
  return notes.filter((note) => note !== undefined).join(', ')
}
