import type { Contact } from '../../core/contact.ts'
import type { Conversation } from '../../core/conversation.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import type { Engine } from '../context.ts'
import { peopleOf, type People } from '../people.ts'
import { faceOf, titleOf } from './title.ts'

/** A line of the list. */
export interface Entry {
  readonly conversation: Conversation
  /** The other person, one to one. */
  readonly contact: Contact | undefined
  /** What it is called here. */
  readonly title: string
  /** Tells apart people of the same name. */
  readonly hint: string | undefined
  /** Decides the colour of its picture, and names the picture it was given. */
  readonly face: ConversationId | IdentityKey
  /** Who wrote the last message, where that is not plain: in a group. */
  readonly by: string | undefined
  /** What anybody is called here. */
  nameOf(who: IdentityKey): string
}

/** Changes so close together are shown together: what is read at once is never shown as unread, milliseconds. */
const TOGETHER_MS = 50

function entryOf(conversation: Conversation, people: People): Entry | undefined {
  const { circle, last } = conversation
  const contact = circle.kind === 'pair' ? people.known.get(circle.peer) : undefined
  if (circle.kind === 'pair' && !contact) return undefined
  return {
    ...{ conversation, contact, title: titleOf(conversation, people), face: faceOf(conversation) },
    hint: contact && people.hintOf(contact.identity),
    by: circle.kind === 'group' && last ? people.nameOf(last.author) : undefined,
    nameOf: people.nameOf,
  }
}

/** In the order of the list: those that were pinned first, then the one where something happened last. */
export function entriesOf(conversations: readonly Conversation[], people: People): Entry[] {
  const rank = ({ conversation }: Entry): number => (conversation.pinned ? 1 : 0)
  return conversations
    .flatMap((conversation) => entryOf(conversation, people) ?? [])
    .sort((a, b) => rank(b) - rank(a) || b.conversation.active - a.conversation.active)
}

/** All chats. */
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
    const { me, store } = this.#engine
    const [conversations, contacts] = await Promise.all([store.all('conversations'), store.all('contacts')])
    const before = new Map(this.entries.map(({ conversation }) => [conversation.id, conversation.unread]))
    this.entries = entriesOf(conversations, peopleOf(me, contacts))
    if (this.ready) this.#tell(before)
    this.ready = true
  }

  #tell(before: ReadonlyMap<ConversationId, number>): void {
    for (const entry of this.entries) {
      if (entry.conversation.unread > (before.get(entry.conversation.id) ?? 0)) this.onHeard?.(entry)
    }
  }
}
