import type { MessageBody, Target } from './body.ts'
import { comparePlaces, MAX_DRIFT_MS, type Place } from './clock.ts'
import { cleanFileName } from './file-name.ts'
import type { ConversationId, IdentityKey } from './ids.ts'
import type { Edit, Marks } from './marks.ts'
import type { FeedRecord } from './record.ts'

/** With whom a conversation is. */
export type Circle =
  | { readonly kind: 'pair'; /** The other person. */ readonly peer: IdentityKey }
  | { readonly kind: 'group'; readonly name: string }
  /** Notes to oneself. */
  | { readonly kind: 'self' }

/** A chat as the list shows it; kept up to date in the same transaction as the records it speaks of. */
export interface Conversation {
  readonly id: ConversationId
  readonly circle: Circle
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
  /** Stands above the others in the list. */
  readonly pinned?: true
  /** Out of the list until something new comes. */
  readonly archived?: true
  /** No sound and no notice. */
  readonly muted?: true
  /** Others hear what was read here, and it is told what they read. */
  readonly receipts?: true
  /** Messages disappear after so many seconds. */
  readonly vanish?: Setting<number>
  /** The message that stands at the head of the chat. */
  readonly pin?: Setting<Target | undefined>
  /** A group's name was given by the record at this place. */
  readonly named?: Standing
  /** Of these people two different records were seen at one place, both with their signature; shown for good. */
  readonly forked?: readonly IdentityKey[]
  /** These people's devices have other keys than this one, though all should have the same; shown for good. */
  readonly apart?: readonly IdentityKey[]
  /** This person left the group. */
  readonly left?: true
  /** Somebody named us, and it was not on the screen yet. */
  readonly mentioned?: true
}

/** By what settings are compared: the highest counts, in whatever order they come. */
export interface Standing extends Place {
  /** In which it was arranged, where that is for a group's organiser: of an earlier one nothing counts any more. */
  readonly generation?: number
}

/** What is set for a chat as a whole. */
interface Setting<T> extends Standing {
  readonly value: T
}

/** What happened to a conversation itself, told between its messages. */
export type Line =
  | {
      readonly line: 'created' | 'joined' | 'renamed' | 'pictured'
      readonly by: IdentityKey
      readonly name?: string
    }
  | { readonly line: 'added' | 'removed'; readonly by: IdentityKey; readonly who: readonly IdentityKey[] }
  | {
      readonly line: 'left' | 'restored' | 'organiser' | 'declined'
      readonly who: IdentityKey
      readonly name?: string
    }
  /** A proposal to go on without the organiser; `roster` is its recordKey. */
  | {
      readonly line: 'without'
      readonly by: IdentityKey
      readonly organiser: IdentityKey
      readonly roster: string
    }
  | { readonly line: 'vanish'; readonly by: IdentityKey; readonly seconds: number }
  | { readonly line: 'pinned'; readonly by: IdentityKey; readonly target: Target }
  | {
      readonly line: 'invited'
      readonly by: IdentityKey
      readonly group: ConversationId
      readonly name: string
    }

/** A record at its place on the screen. */
export interface Message extends Place, Marks {
  readonly record: FeedRecord
  readonly author: IdentityKey
  /** Undefined once its author took it back. */
  readonly body: MessageBody | undefined
  /** The author's clock did not rise: shown, and sorted behind the record before it. */
  readonly clockWrong?: true
  /** Reason why this can never go, if so. */
  readonly failed?: 'file-gone' | 'contact-deleted' | 'removed'
  /** Written by somebody who had been removed, before that was known here. */
  readonly late?: true
  /** Taken off this device by the person; what others are owed of it stays on the disk as long. */
  readonly hidden?: true
  /** When it disappears, by the device's age (age.ts). */
  readonly vanishAt?: number
}

/** The chat with one more message in it, seen by `me` at the time `now`. */
export function withMessage(
  chat: Conversation,
  message: Omit<Message, 'record'>,
  { me, now }: { me: IdentityKey; now: number },
): Conversation {
  const { clock, author, seq } = message
  const newest = !chat.newest || comparePlaces(message, chat.newest) > 0
  const { archived: _, ...rest } = chat
  const mine = message.author === me
  return {
    ...(chat.muted ? chat : rest),
    messages: chat.messages + 1,
    // Whose clock is far ahead does not stay on top for ever.
    active: Math.max(chat.active, Math.min(message.clock, now + MAX_DRIFT_MS)),
    unread: mine ? chat.unread : chat.unread + 1,
    ...(!mine && names(message.body, me) && { mentioned: true as const }),
    ...(newest && { newest: { clock, author, seq }, last: { author, text: preview(message.body) } }),
  }
}

function names(body: MessageBody | undefined, me: IdentityKey): boolean {
  return body?.kind === 'text' && (body.mentions ?? []).some(({ who }) => who === me)
}

/** What a message says now: its newest edit, if there is one. */
export function textNow(
  message: Pick<Message, 'body' | 'edits'>,
): Pick<Edit, 'text' | 'mentions'> | undefined {
  const { body, edits = [] } = message
  if (body?.kind !== 'text') return undefined
  return edits.at(-1) ?? body
}

/** A few words for the chat list. */
export function preview(body: MessageBody | undefined): string {
  if (body === undefined) return 'Message deleted'
  if (body.kind === 'text') return body.text.slice(0, 120)
  return body.kind === 'file' ? cleanFileName(body.manifest.name) : body.card.name
}
