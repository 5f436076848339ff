import type { MessageBody } from './body.ts'
import { comparePlaces, MAX_DRIFT_MS, type Place } from './clock.ts'
import { cleanFileName } from './file-name.ts'
import type { ConversationId, IdentityKey } from './ids.ts'
import type { FeedRecord } from './record.ts'

/** A chat as the list shows it; kept up to date in the same transaction as the records it speaks of. */
export interface Conversation {
  readonly id: ConversationId
  /** The other person of a one-to-one chat. */
  readonly peer: IdentityKey
  /** A random number that stands for the conversation in the index of sealed rows. */
  readonly local: number
  /** Milliseconds since 1970: when something last happened here, for the order of the list. */
  readonly active: number
  readonly last?: { readonly author: IdentityKey; readonly text: string }
  /** Messages of others that were not on the screen yet. */
  readonly unread: number
  /** The last place that was on the screen; the divider stands behind it. */
  readonly read?: Place
  /** Where the newest message stands. */
  readonly newest?: Place
  /** Number of messages (not records) kept here. */
  readonly messages: number
  readonly draft?: string
}

/** A record at its place on the screen. */
export interface Message extends Place {
  readonly record: FeedRecord & { readonly form: 'record' }
  readonly author: IdentityKey
  readonly body: MessageBody
  /** The author's clock did not rise: shown, and sorted behind the record before it. */
  readonly clockWrong?: true
  /** Reason why this can never go, if so. */
  readonly failed?: 'file-gone' | 'contact-deleted'
}

/** The chat with one more message in it, seen by `me` at the time `now`. */
export function withMessage(
  chat: Conversation,
  message: Omit<Message, 'record'>,
  { me, now }: { me: IdentityKey; now: number },
): Conversation {
  const { clock, author, seq } = message
  const newest = !chat.newest || comparePlaces(message, chat.newest) > 0
  return {
    ...chat,
    messages: chat.messages + 1,
    // Whose clock is far ahead does not stay on top for ever.
    active: Math.max(chat.active, Math.min(message.clock, now + MAX_DRIFT_MS)),
    unread: message.author === me ? chat.unread : chat.unread + 1,
    ...(newest && { newest: { clock, author, seq }, last: { author, text: preview(message.body) } }),
  }
}

/** A few words for the chat list. */
export function preview(body: MessageBody): string {
  return body.kind === 'text' ? body.text.slice(0, 120) : cleanFileName(body.manifest.name)
}
