import { createContext } from 'svelte'
import type { Body, Picture } from '../core/body.ts'
import type { Conversation } from '../core/conversation.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import type { Watched } from '../core/watched.ts'
import type { Links } from '../net/links.ts'
import type { Store } from '../store/store.ts'

/** How the app stands to the introducer, in the words of the screen. */
export type Network = 'Online' | 'Connecting' | 'Server unreachable' | 'Offline'

/**
 * 'intercepted': somebody stood between us and whoever tried to pair. 'storage-full', 'storage-failed': the disk
 * refused. 'elsewhere': the address was registered by another device of ours, or a newer incarnation is at work. 'clock-wrong':
 * this device and the server differ by minutes.
 */
export type Notice = 'intercepted' | 'storage-full' | 'storage-failed' | 'elsewhere' | 'clock-wrong'

/** What every feature may use; made in app.ts, given to the components through Svelte's context. */
export interface Engine {
  readonly me: IdentityKey
  readonly store: Store
  readonly links: Links
  readonly network: Watched<Network>
  /** What the person must hear that belongs to no chat. */
  readonly notice: Watched<Notice | undefined>
  /** Milliseconds since 1970. */
  now(): number
  /**
   * Composes, signs and stores; resolves when it is on the disk. Delivery goes on by itself. Messages get the time after
   * which they disappear from the chat.
   */
  say(conversation: ConversationId, body: Body): Promise<void>
  /** What is this person's own business about a chat: nobody is told. */
  change(conversation: ConversationId, edit: (chat: Conversation) => Conversation): Promise<void>
  /** Takes a message off this device alone; `key`: its recordKey. */
  hide(key: string): Promise<void>
  /** What this person calls somebody, and the picture they gave them; undefined: as they call themselves. */
  nickname(who: IdentityKey, as: { alias: string | undefined; picture: Picture | undefined }): Promise<void>
  /** Opens the notes to oneself. */
  notes(): Promise<ConversationId>
  /** Our name as contacts see it. */
  rename(name: string): Promise<void>
  /** Everything up to the newest message was on the screen. */
  markRead(conversation: ConversationId): Promise<void>
  saveDraft(conversation: ConversationId, draft: string): Promise<void>
}

export const [useEngine, provideEngine] = createContext<Engine>()

/** What others do just now, as the screens show it. */
export interface Presence {
  /** Who is writing where. */
  readonly typing: Watched<ReadonlyMap<ConversationId, readonly IdentityKey[]>>
  /** Who has Earshot open and looks at something else. */
  readonly away: Watched<ReadonlySet<IdentityKey>>
  /** This person writes, or stopped. */
  write(conversation: ConversationId, on: boolean): void
}

export const [usePresence, providePresence] = createContext<Presence>()
