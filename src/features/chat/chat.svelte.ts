import { comparePlaces } from '../../core/clock.ts'
import type { Contact } from '../../core/contact.ts'
import type { Conversation, Message } from '../../core/conversation.ts'
import type { ConversationId, IncarnationId } from '../../core/ids.ts'
import { NOWHERE, statusOf, type Reach, type Status } from '../../core/status.ts'
import type { Touched } from '../../store/store.ts'
import { reachKey } from '../../store/tables.ts'
import type { Engine } from '../context.ts'
import { linesOf, type View } from './lines.svelte.ts'
import { Reading, type Change } from './reading.ts'
import { isUnread, rowsOf, type Divider } from './rows.ts'

interface Book {
  readonly conversation: Conversation
  readonly contact: Contact | undefined
}

/** One open chat: the part of it that is loaded, and how far our messages have come. */
export class Chat {
  conversation = $state.raw<Conversation>()
  contact = $state.raw<Contact>()
  view = $state.raw<View>({ lines: [], part: 0, ended: true, grown: undefined, goal: undefined })
  #divider: Divider | undefined

  /** Told of each message of somebody else that came while the chat was open. */
  onHeard: ((message: Message) => void) | undefined
  /** Whether what comes now is seen at once. */
  seesEnd: () => boolean = () => false

  readonly #engine: Engine
  readonly #id: ConversationId
  readonly #stop: () => void
  readonly #reading: Reading
  /** What was read last; shown all at once, so that the screen is drawn once for each change. */
  #book: Book | undefined
  #reaches: ReadonlyMap<IncarnationId, Reach> = new Map()
  #marking = false
  /** Reads follow each other, so that none overtakes another. */
  #turn: Promise<void> = Promise.resolve()

  constructor(engine: Engine, id: ConversationId) {
    this.#engine = engine
    this.#id = id
    this.#reading = new Reading(engine.store, {
      conversation: () => this.#book?.conversation,
      inTurn: (task) => this.#inTurn(task),
      draw: (change) => this.#draw(change),
    })
    this.#stop = engine.store.watch((touched) => {
      this.#reading.heed(touched.records)
      void this.#inTurn(() => this.#refresh(touched))
    })
    void this.#inTurn(() => this.#open())
  }

  /** Resolves when everything asked for so far is on the screen. */
  get settled(): Promise<void> {
    return this.#turn
  }

  isUnread(message: Message): boolean {
    return isUnread(message, this.#engine.me, this.conversation?.read)
  }

  loadOlder(): void {
    this.#reading.load('older')
  }

  loadNewer(): void {
    this.#reading.load('newer')
  }

  /** Goes to the message of that recordKey, wherever it stands; false if it is not in this chat (any more). */
  jump(key: string): Promise<boolean> {
    return this.#reading.jump(key)
  }

  /** Goes to the end of the chat, loaded or not. */
  latest(): void {
    this.#reading.latest()
  }

  /** Everything was on the screen. */
  markRead(): void {
    if ((this.conversation?.unread ?? 0) === 0 || this.#marking) return
    this.#marking = true
    void this.#inTurn(async () => {
      await this.#engine.markRead(this.#id)
      await this.#readBook()
      this.#show()
      this.#marking = false
    })
  }

  close(): void {
    this.#stop()
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T | undefined> {
    const turn = this.#turn.then(task).catch((error: unknown) => {
      reportError(error)
      return undefined
    })
    this.#turn = turn.then(() => undefined)
    return turn
  }

  async #open(): Promise<void> {
    await this.#readBook()
    if (!this.#book) return
    this.#divider = dividerOf(this.#book.conversation)
    if (await this.#reading.open()) await this.#draw()
  }

  async #draw(change?: Change): Promise<void> {
    await this.#readReaches()
    this.#show(change)
  }

  /** What was written is shown without asking the disk for it. */
  async #refresh({ tables, records }: Touched): Promise<void> {
    const before = this.#book?.conversation
    if (!before || !this.#reading.history) return this.#open()
    if (tables.has('conversations') || tables.has('contacts')) await this.#readBook()
    const ours = records.filter(({ local }) => local === before.local)
    const fresh = this.#reading.take(ours, before.newest)
    this.#moveDivider(fresh)
    if (ours.length > 0 || tables.has('reaches')) await this.#readReaches()
    this.#show()
    this.#tell(fresh)
  }

  #tell(fresh: Message[]): void {
    const { me } = this.#engine
    for (const message of fresh.sort(comparePlaces)) {
      if (message.author !== me) this.onHeard?.(message)
    }
    // Whoever says something wants to see it, wherever they were reading.
    if (!this.view.ended && fresh.some(({ author }) => author === me)) this.latest()
  }

  /** Whoever answers has read; what comes unseen gets a divider, which then stays where it is. */
  #moveDivider(fresh: readonly Message[]): void {
    if (fresh.length === 0) return
    if (fresh.some(({ author }) => author === this.#engine.me)) this.#divider = undefined
    else if (this.#book && !this.seesEnd())
      this.#divider = dividerOf(this.#book.conversation) ?? this.#divider
  }

  async #readBook(): Promise<void> {
    const { store } = this.#engine
    const conversation = await store.get('conversations', this.#id)
    const contact =
      conversation?.circle.kind === 'pair' ? await store.get('contacts', conversation.circle.peer) : undefined
    this.#book = conversation && { conversation, contact }
  }

  /** Only the other person's reach of our own feeds matters; there is one feed per life of our device. */
  async #readReaches(): Promise<void> {
    const { me, store } = this.#engine
    const circle = this.#book?.conversation.circle
    if (circle?.kind !== 'pair') return
    const { peer } = circle
    const own = (this.#reading.history?.messages ?? []).filter(({ author }) => author === me)
    const incarnations = [...new Set(own.map(({ record }) => record.incarnation))]
    const reaches = incarnations.map(async (incarnation) => {
      const feed = { conversation: this.#id, author: me, incarnation }
      return [incarnation, (await store.get('reaches', reachKey({ feed, peer }))) ?? NOWHERE] as const
    })
    this.#reaches = new Map(await Promise.all(reaches))
  }

  #show({ grown, goal = this.view.goal }: Change = {}): void {
    const { messages = [], complete = false, ended = true } = this.#reading.history ?? {}
    const [me, divider, above] = [this.#engine.me, this.#divider, this.#reading.above()]
    const statusOf = (message: Message): Status => this.#statusOf(message)
    const rows = rowsOf({ messages, above, complete, ended, me, divider, statusOf })
    this.conversation = this.#book?.conversation
    this.contact = this.#book?.contact
    this.view = { lines: linesOf(rows, this.view.lines), part: this.#reading.part, ended, grown, goal }
  }

  #statusOf(message: Message): Status {
    if (message.failed !== undefined) return 'Failed'
    return statusOf(message.seq, [this.#reaches.get(message.record.incarnation) ?? NOWHERE])
  }
}

function dividerOf({ unread, read }: Conversation): Divider | undefined {
  return unread > 0 ? { after: read, count: unread } : undefined
}
