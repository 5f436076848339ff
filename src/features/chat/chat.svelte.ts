import type { Target } from '../../core/body.ts'
import { comparePlaces } from '../../core/clock.ts'
import type { Contact } from '../../core/contact.ts'
import type { Conversation, Message } from '../../core/conversation.ts'
import type { ConversationId } from '../../core/ids.ts'
import { targetKey } from '../../core/marks.ts'
import type { Membership } from '../../core/membership.ts'
import { recordKey } from '../../core/record.ts'
import type { Status } from '../../core/status.ts'
import type { TableName } from '../../store/rows.ts'
import type { Touched } from '../../store/store.ts'
import type { Engine } from '../context.ts'
import { peopleOf, samePeople, type People } from '../people.ts'
import { linesOf, type View } from './lines.svelte.ts'
import { NO_PROGRESS, progressOf, readProgress, type Progress } from './progress.ts'
import { quoteOf, type Quote } from './quote.ts'
import { Reading, type Change } from './reading.ts'
import { isUnread, rowsOf, type Divider } from './rows.ts'

/** What the chat itself and its people are kept in. */
const BOOK: readonly TableName[] = ['conversations', 'contacts', 'memberships']

interface Book {
  readonly conversation: Conversation
  readonly contact: Contact | undefined
  readonly membership: Membership | undefined
  readonly people: People
}

/** One open chat: the part of it that is loaded, and how far our messages have come. */
export class Chat {
  conversation = $state.raw<Conversation>()
  group = $derived(this.conversation?.circle.kind === 'group')
  /** The other person, one to one. */
  contact = $state.raw<Contact>()
  membership = $state.raw<Membership>()
  people = $state.raw<People>()
  /** The message that stands at the head. */
  pinned = $state.raw<Quote>()
  /** How far our own messages have come with everybody. */
  progress = $state.raw<Progress>(NO_PROGRESS)
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
  #progress: Progress = NO_PROGRESS
  /** Messages that are quoted and not loaded, by recordKey; undefined for those that are not here. */
  #quoted: ReadonlyMap<string, Message | undefined> = new Map()
  #marking = false
  /** What was written and is not on the screen yet. */
  #unshown: Touched[] = []
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
      this.#unshown.push(touched)
      void this.#inTurn(() => this.#refreshAll())
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

  /** The newest message of ours whose words can be changed. */
  lastOwn(): Message | undefined {
    const { me } = this.#engine
    return this.#reading.history?.messages.findLast(
      ({ author, body, failed }) => author === me && body?.kind === 'text' && failed === undefined,
    )
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
    await this.#readAround()
    this.#show(change)
  }

  /** What came in many transactions while the screen was drawn is drawn at once. */
  async #refreshAll(): Promise<void> {
    const all = this.#unshown
    this.#unshown = []
    if (all.length === 0) return
    const latest = new Map(all.flatMap(({ records }) => records.map((row) => [recordKey(row.record), row])))
    const tables = new Set(all.flatMap(({ tables }) => [...tables]))
    await this.#refresh({ tables, records: [...latest.values()] })
  }

  /** What was written is shown without asking the disk for it. */
  async #refresh({ tables, records }: Pick<Touched, 'tables' | 'records'>): Promise<void> {
    const before = this.#book?.conversation
    if (!before || !this.#reading.history) return this.#open()
    if (BOOK.some((table) => tables.has(table))) await this.#readBook()
    const ours = records.filter(({ local }) => local === before.local)
    const fresh = this.#reading.take(ours, before.newest)
    this.#moveDivider(fresh)
    for (const { record } of ours) this.#forgetQuoted(recordKey(record))
    await this.#readAround()
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
    const { me, store } = this.#engine
    const conversation = await store.get('conversations', this.#id)
    const membership = await store.get('memberships', this.#id)
    const contacts = await store.all('contacts')
    const peer = conversation?.circle.kind === 'pair' ? conversation.circle.peer : undefined
    const contact = contacts.find(({ identity }) => identity === peer)
    const people = peopleOf(me, contacts)
    this.#book = conversation && { conversation, contact, membership, people }
  }

  /** What the messages that are loaded need besides themselves. */
  async #readAround(): Promise<void> {
    const { me, store } = this.#engine
    const { messages = [] } = this.#reading.history ?? {}
    const own = messages.filter(({ author }) => author === me)
    this.#progress = await readProgress(store, own, this.#book?.membership)
    await this.#readQuoted(messages)
  }

  async #readQuoted(messages: readonly Message[]): Promise<void> {
    const targets = [...messages.flatMap(({ body }) => body?.reply ?? []), ...this.#pinTarget()]
    const loaded = new Set(targets.length > 0 ? messages.map(({ record }) => recordKey(record)) : [])
    const keys = new Set(targets.map((target) => targetKey(this.#id, target)))
    const found = [...keys]
      .filter((key) => !loaded.has(key))
      .map(async (key) => {
        if (this.#quoted.has(key)) return [key, this.#quoted.get(key)] as const
        const row = await this.#engine.store.get('records', key)
        return [key, row?.message && { ...row.message, record: row.record }] as const
      })
    this.#quoted = new Map(await Promise.all(found))
  }

  #forgetQuoted(key: string): void {
    if (this.#quoted.has(key)) this.#quoted = new Map([...this.#quoted].filter(([known]) => known !== key))
  }

  #pinTarget(): Target[] {
    const target = this.#book?.conversation.pin?.value
    return target ? [target] : []
  }

  #show({ grown, goal = this.view.goal }: Change = {}): void {
    const { messages = [], told = [], complete = false, ended = true } = this.#reading.history ?? {}
    const [me, divider, above] = [this.#engine.me, this.#divider, this.#reading.above()]
    const book = this.#book
    let byKey: ReadonlyMap<string, Message> | undefined
    const quoted = (target: Target): Quote => {
      const key = targetKey(this.#id, target)
      byKey ??= new Map(messages.map((message) => [recordKey(message.record), message]))
      return quoteOf({ conversation: this.#id, target }, byKey.get(key) ?? this.#quoted.get(key))
    }
    const rows = rowsOf({
      ...{ messages, told, above, complete, ended, me, divider },
      statusOf: (message) => this.#statusOf(message),
      quoteOf: ({ body }) => body?.reply && quoted(body.reply),
    })
    this.conversation = book?.conversation
    this.contact = book?.contact
    this.membership = book?.membership
    if (book && !(this.people && samePeople(this.people, book.people))) this.people = book.people
    const [pin] = this.#pinTarget()
    this.pinned = pin && quoted(pin)
    this.progress = this.#progress
    this.view = { lines: linesOf(rows, this.view.lines), part: this.#reading.part, ended, grown, goal }
  }

  #statusOf(message: Message): Status {
    const { circle, receipts } = this.#book?.conversation ?? {}
    const manners = { group: circle?.kind === 'group', receipts: receipts === true }
    return progressOf(message, this.#progress, manners).status
  }
}

function dividerOf({ unread, read }: Conversation): Divider | undefined {
  return unread > 0 ? { after: read, count: unread } : undefined
}
