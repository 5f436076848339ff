import { nameOf, type Contact } from '../../core/contact.ts'
import type { Conversation } from '../../core/conversation.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import type { Engine } from '../context.ts'
import { NOTES } from './words.ts'

/** A line of the list. */
export interface Entry {
  readonly conversation: Conversation
  /** The other person, one to one. */
  readonly contact: Contact | undefined
  /** What it is called here. */
  readonly title: string
  /** Decides the colour of its picture. */
  readonly face: string
}

/** Changes so close together are shown together: what is read at once is never shown as unread, milliseconds. */
const TOGETHER_MS = 50

export function entryOf(
  conversation: Conversation,
  contacts: ReadonlyMap<IdentityKey, Contact>,
): Entry | undefined {
  const { id, circle } = conversation
  if (circle.kind === 'group') return { conversation, contact: undefined, title: circle.name, face: id }
  if (circle.kind === 'self') return { conversation, contact: undefined, title: NOTES, face: id }
  const contact = contacts.get(circle.peer)
  return contact && { conversation, contact, title: nameOf(contact), face: contact.identity }
}

/** All chats, the one where something happened last first. */
export class Conversations {
  entries = $state.raw<readonly Entry[]>([])
  /** False until they were read for the first time. */
  ready = $state(false)
  /** Told when somebody wrote; of several at once, of the newest. */
  onHeard: ((entry: Entry) => void) | undefined

  readonly #engine: Engine
  readonly #stop: () => void
  #turn: Promise<void> = Promise.resolve()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(engine: Engine) {
    this.#engine = engine
    this.#stop = engine.store.watch(({ tables }) => {
      if (tables.has('conversations') || tables.has('contacts')) this.#refreshSoon()
    })
    this.#refresh()
  }

  close(): void {
    this.#stop()
    clearTimeout(this.#timer)
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#refresh()
    }, TOGETHER_MS)
  }

  #refresh(): void {
    this.#turn = this.#turn.then(() => this.#read()).catch(reportError)
  }

  async #read(): Promise<void> {
    const { store } = this.#engine
    const [conversations, contacts] = await Promise.all([store.all('conversations'), store.all('contacts')])
    const byIdentity = new Map(contacts.map((contact) => [contact.identity, contact]))
    const before = new Map(this.entries.map(({ conversation }) => [conversation.id, conversation.unread]))
    this.entries = conversations
      .flatMap((conversation) => entryOf(conversation, byIdentity) ?? [])
      .sort((a, b) => b.conversation.active - a.conversation.active)
    if (this.ready) this.#tell(before)
    this.ready = true
  }

  #tell(before: ReadonlyMap<ConversationId, number>): void {
    for (const entry of this.entries) {
      if (entry.conversation.unread > (before.get(entry.conversation.id) ?? 0)) this.onHeard?.(entry)
    }
  }
}
