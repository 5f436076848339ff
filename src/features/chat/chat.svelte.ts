import { comparePlaces } from '../../core/clock.ts'
import type { Contact } from '../../core/contact.ts'
import type { Conversation, Message } from '../../core/conversation.ts'
import type { ConversationId, IncarnationId } from '../../core/ids.ts'
import { NOWHERE, statusOf, type Reach, type Status } from '../../core/status.ts'
import type { Touched } from '../../store/store.ts'
import { reachKey } from '../../store/tables.ts'
import type { Engine } from '../context.ts'
import { History } from './history.ts'
import { linesOf, type Line } from './lines.svelte.ts'
import { isUnread, rowsOf, type Divider } from './rows.ts'

/** Messages read when a chat opens, and each time somebody scrolls to the top. */
const PAGE = 220

/** What the list shows, replaced as a whole; `shift` says that it only grew at its beginning. */
interface View {
  readonly lines: readonly Line[]
  readonly shift: boolean
}

interface Book {
  readonly conversation: Conversation
  readonly contact: Contact | undefined
}

/** One open chat: the part of it that is loaded, and how far our messages have come. */
export class Chat {
  conversation = $state.raw<Conversation>()
  contact = $state.raw<Contact>()
  view = $state.raw<View>({ lines: [], shift: false })
  #divider: Divider | undefined

  /** Told of each message of somebody else that came while the chat was open. */
  onHeard: ((message: Message) => void) | undefined
  /** Whether what comes now is seen at once. */
  seesEnd: () => boolean = () => false

  readonly #engine: Engine
  readonly #id: ConversationId
  readonly #stop: () => void
  #history: History | undefined
  /** What was read last; shown all at once, so that the screen is drawn once for each change. */
  #book: Book | undefined
  #reaches: ReadonlyMap<IncarnationId, Reach> = new Map()
  #loadingOlder = false
  #marking = false
  /** Reads follow each other, so that none overtakes another. */
  #turn: Promise<void> = Promise.resolve()

  constructor(engine: Engine, id: ConversationId) {
    this.#engine = engine
    this.#id = id
    this.#stop = engine.store.watch((touched) => {
      this.#inTurn(() => this.#refresh(touched))
    })
    this.#inTurn(() => this.#open())
  }

  /** Resolves when everything asked for so far is on the screen. */
  get settled(): Promise<void> {
    return this.#turn
  }

  isUnread(message: Message): boolean {
    return isUnread(message, this.#engine.me, this.conversation?.read)
  }

  loadOlder(): void {
    const history = this.#history
    if (!history || history.complete || this.#loadingOlder) return
    this.#loadingOlder = true
    this.#inTurn(async () => {
      await history.readOlder(PAGE)
      await this.#readReaches()
      this.#show({ shift: true })
      this.#loadingOlder = false
    })
  }

  /** Everything was on the screen. */
  markRead(): void {
    if ((this.conversation?.unread ?? 0) === 0 || this.#marking) return
    this.#marking = true
    this.#inTurn(async () => {
      await this.#engine.markRead(this.#id)
      await this.#readBook()
      this.#show({ shift: false })
      this.#marking = false
    })
  }

  close(): void {
    this.#stop()
  }

  #inTurn(task: () => Promise<void>): void {
    this.#turn = this.#turn.then(task).catch(reportError)
  }

  async #open(): Promise<void> {
    await this.#readBook()
    if (!this.#book) return
    const { conversation } = this.#book
    this.#history = new History((range) => this.#engine.store.page(conversation.local, range))
    this.#divider = dividerOf(conversation)
    await this.#history.readOlder(PAGE)
    await this.#readReaches()
    this.#show({ shift: false })
  }

  /** What was written is shown without asking the disk for it. */
  async #refresh({ tables, records }: Touched): Promise<void> {
    if (!this.#history) return this.#open()
    if (tables.has('conversations') || tables.has('contacts')) await this.#readBook()
    const ours = records.filter(({ local }) => local === this.#book?.conversation.local)
    const fresh = ours.length > 0 ? this.#history.take(ours) : []
    this.#moveDivider(fresh)
    if (ours.length > 0 || tables.has('reaches')) await this.#readReaches()
    this.#show({ shift: false })
    for (const message of fresh.sort(comparePlaces)) {
      if (message.author !== this.#engine.me) this.onHeard?.(message)
    }
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
    const own = (this.#history?.messages ?? []).filter(({ author }) => author === me)
    const incarnations = [...new Set(own.map(({ record }) => record.incarnation))]
    const reaches = incarnations.map(async (incarnation) => {
      const feed = { conversation: this.#id, author: me, incarnation }
      return [incarnation, (await store.get('reaches', reachKey({ feed, peer }))) ?? NOWHERE] as const
    })
    this.#reaches = new Map(await Promise.all(reaches))
  }

  #show({ shift }: { shift: boolean }): void {
    const { messages = [], complete = false } = this.#history ?? {}
    const [me, divider, total] = [this.#engine.me, this.#divider, this.#book?.conversation.messages ?? 0]
    const statusOf = (message: Message): Status => this.#statusOf(message)
    const rows = rowsOf({ messages, total, complete, me, divider, statusOf })
    this.conversation = this.#book?.conversation
    this.contact = this.#book?.contact
    this.view = { lines: linesOf(rows, this.view.lines), shift }
  }

  #statusOf(message: Message): Status {
    if (message.failed !== undefined) return 'Failed'
    return statusOf(message.seq, [this.#reaches.get(message.record.incarnation) ?? NOWHERE])
  }
}

function dividerOf({ unread, read }: Conversation): Divider | undefined {
  return unread > 0 ? { after: read, count: unread } : undefined
}
