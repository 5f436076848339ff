import { createContext } from 'svelte'
import type { MessageBody } from '../core/body.ts'
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
  /** Composes, signs and stores; resolves when it is on the disk. Delivery goes on by itself. */
  say(conversation: ConversationId, body: MessageBody): Promise<void>
  /** Our name as contacts see it. */
  rename(name: string): Promise<void>
  /** Everything up to the newest message was on the screen. */
  markRead(conversation: ConversationId): Promise<void>
  saveDraft(conversation: ConversationId, draft: string): Promise<void>
}

export const [useEngine, provideEngine] = createContext<Engine>()
