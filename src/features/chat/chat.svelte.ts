import { comparePlaces } from '../../core/clock.ts'
import type { Contact } from '../../core/contact.ts'
import type { Conversation, Message } from '../../core/conversation.ts'
import type { ConversationId, IncarnationId } from '../../core/ids.ts'
import { NOWHERE, statusOf, type Reach, type Status } from '../../core/status.ts'
import type { Touched } from '../../store/store.ts'
import { reachKey, type StoredRecord } from '../../store/tables.ts'
import type { Engine } from '../context.ts'
import { History } from './history.ts'
import { isUnread, rowsOf, withKnown, type Divider, type Row } from './rows.ts'

/** Messages read when a chat opens, and each time somebody scrolls to the top. */
const PAGE = 220

/** What the list shows, replaced as a whole; `shift` says that it only grew at its beginning. */
interface View {
  readonly rows: readonly Row[]
  readonly shift: boolean
}

/** One open chat: the part of it that is loaded, and how far our messages have come. */
export class Chat {
  conversation = $state.raw<Conversation>()
  contact = $state.raw<Contact>()
  view = $state.raw<View>({ rows: [], shift: false })
  #reaches = $state.raw<ReadonlyMap<IncarnationId, Reach>>(new Map())
  #divider: Divider | undefined

  /** Told of each message of somebody else that came while the chat was open. */
  onHeard: ((message: Message) => void) | undefined
  /** Whether what comes now is seen at once. */
  seesEnd: () => boolean = () => false

  readonly #engine: Engine
  readonly #id: ConversationId
  readonly #stop: () => void
  #history: History | undefined
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

  statusOf(message: Message): Status | undefined {
    if (message.author !== this.#engine.me) return undefined
    if (message.failed !== undefined) return 'Failed'
    return statusOf(message.seq, this.#reaches.get(message.record.incarnation) ?? NOWHERE)
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
    const conversation = this.conversation
    if (!conversation) return
    this.#history = new History((range) => this.#engine.store.page(conversation.local, range))
    this.#divider = dividerOf(conversation)
    await this.#history.readOlder(PAGE)
    await this.#readReaches()
    this.#show({ shift: false })
  }

  async #refresh({ tables, records }: Touched): Promise<void> {
    if (!this.#history) return this.#open()
    if (tables.has('conversations') || tables.has('contacts')) await this.#readBook()
    const local = this.conversation?.local
    const ours = records.filter((record) => record.local === local)
    if (ours.length > 0) await this.#take(this.#history, ours)
    else if (tables.has('reaches')) await this.#readReaches()
  }

  /** What was written is shown without asking the disk for it. */
  async #take(history: History, records: readonly StoredRecord[]): Promise<void> {
    const fresh = history.take(records)
    this.#moveDivider(fresh)
    await this.#readReaches()
    this.#show({ shift: false })
    for (const message of fresh.sort(comparePlaces)) {
      if (message.author !== this.#engine.me) this.onHeard?.(message)
    }
  }

  /** Whoever answers has read; what comes unseen gets a divider, which then stays where it is. */
  #moveDivider(fresh: readonly Message[]): void {
    if (fresh.some(({ author }) => author === this.#engine.me)) this.#divider = undefined
    else if (this.conversation && !this.seesEnd())
      this.#divider = dividerOf(this.conversation) ?? this.#divider
  }

  async #readBook(): Promise<void> {
    const { store } = this.#engine
    const conversation = await store.get('conversations', this.#id)
    this.contact = conversation && (await store.get('contacts', conversation.peer))
    this.conversation = conversation
  }

  /** Only the other person's reach of our own feeds matters; there is one feed per life of our device. */
  async #readReaches(): Promise<void> {
    const { conversation } = this
    const { me, store } = this.#engine
    if (!conversation) return
    const own = (this.#history?.messages ?? []).filter(({ author }) => author === me)
    const incarnations = [...new Set(own.map(({ record }) => record.incarnation))]
    const reaches = incarnations.map(async (incarnation) => {
      const feed = { conversation: this.#id, author: me, incarnation }
      return [
        incarnation,
        (await store.get('reaches', reachKey({ feed, peer: conversation.peer }))) ?? NOWHERE,
      ] as const
    })
    this.#reaches = new Map(await Promise.all(reaches))
  }

  #show({ shift }: { shift: boolean }): void {
    const { messages = [], complete = false } = this.#history ?? {}
    const [total, me, divider] = [this.conversation?.messages ?? 0, this.#engine.me, this.#divider]
    const rows = rowsOf({ messages, total, complete, me, divider })
    this.view = { rows: withKnown(rows, this.view.rows), shift }
  }
}

function dividerOf({ unread, read }: Conversation): Divider | undefined {
  return unread > 0 ? { after: read, count: unread } : undefined
}
