import { comparePlaces, type Place } from '../../core/clock.ts'
import type { Conversation, Message } from '../../core/conversation.ts'
import type { Store } from '../../store/store.ts'
import type { StoredRecord } from '../../store/tables.ts'
import { Above } from './above.ts'
import { History, type Pages } from './history.ts'

/** Messages read when a chat opens, and each time somebody scrolls to an end of what is loaded. */
const PAGE = 220

/** Where the list is to be put. */
export type Goal = { readonly at: 'message'; readonly key: string } | { readonly at: 'end' }

/** What became of the part that is loaded. */
export interface Change {
  /** At which end it only grew because somebody went on reading there. */
  readonly grown?: 'older' | 'newer'
  readonly goal?: Goal
}

/** The chat that is read. */
interface Reader {
  /** As it was read last. */
  conversation(): Conversation | undefined
  /** When everything asked for before is done; undefined if it failed, of which somebody else is told. */
  inTurn<T>(task: () => Promise<T>): Promise<T | undefined>
  /** Shows what is loaded now. */
  draw(change: Change): Promise<void>
}

/** Which part of a chat is loaded, and the ways to another one. */
export class Reading {
  readonly #store: Store
  readonly #reader: Reader
  readonly #above: Above
  #history: History | undefined
  #loading = false
  /** Where to begin as soon as the chat is open. */
  #wanted: string | undefined
  /** Another number: another part, which has nothing to do with the one before. */
  part = 0

  constructor(store: Store, reader: Reader) {
    this.#store = store
    this.#reader = reader
    this.#above = new Above(store)
  }

  get history(): History | undefined {
    return this.#history
  }

  /** Begins at the end; false if it is at a message instead, which is drawn by the jump whose turn is next. */
  async open(): Promise<boolean> {
    if (this.#wanted !== undefined && (await this.#goTo(this.#wanted))) return false
    await this.#goToEnd()
    return true
  }

  load(end: 'older' | 'newer'): void {
    const over = end === 'older' ? this.#history?.complete : this.#history?.ended
    if (over !== false || this.#loading) return
    this.#loading = true
    const loaded = this.#reader.inTurn(async () => {
      await (end === 'older' ? this.#history?.readOlder(PAGE) : this.#history?.readNewer(PAGE))
      await this.#reader.draw({ grown: end })
    })
    void loaded.then(() => (this.#loading = false))
  }

  /** Goes to the message of that recordKey; false if it is not in this chat (any more). */
  async jump(key: string): Promise<boolean> {
    this.#wanted = key
    const there = await this.#reader.inTurn(async () => {
      this.#wanted = undefined
      const found = await this.#goTo(key)
      if (found) await this.#reader.draw({ goal: { at: 'message', key } })
      return found
    })
    return there ?? false
  }

  /** Goes to the end, wherever it is. */
  latest(): void {
    void this.#reader.inTurn(async () => {
      await this.#goToEnd()
      await this.#reader.draw({ goal: { at: 'end' } })
    })
  }

  /** To be told of everything that is written, and at once. */
  heed(rows: readonly StoredRecord[]): void {
    const local = this.#reader.conversation()?.local
    this.#above.heed(rows.filter((row) => row.local === local))
  }

  /** Takes in what was just written behind what was the newest message; returns what is new, loaded or not. */
  take(rows: readonly StoredRecord[], newest: Place | undefined): Message[] {
    const fresh = this.#history?.take(rows) ?? []
    if (this.#history?.ended !== false) return fresh
    const further = rows.flatMap(({ record, message }) =>
      !message || message.hidden || (newest && comparePlaces(message, newest) <= 0)
        ? []
        : [{ ...message, record }],
    )
    return [...fresh, ...further]
  }

  /** Messages above those that are loaded; undefined until they are counted, after which all is shown once more. */
  above(): number | undefined {
    const conversation = this.#reader.conversation()
    if (!conversation || !this.#history) return 0
    const known = this.#above.of(this.#history, conversation)
    if (known === undefined) this.#count(this.#history, conversation)
    return known
  }

  #count(history: History, { id }: Conversation): void {
    const counted = this.#above.count(history, id)
    counted
      .then((known) => (known ? this.#reader.inTurn(() => this.#reader.draw({})) : undefined))
      .catch(reportError)
  }

  async #goTo(key: string): Promise<boolean> {
    if (this.#history?.has(key)) return true
    const [row, conversation] = [await this.#store.get('records', key), this.#reader.conversation()]
    if (!conversation || row?.local !== conversation.local || !row.message || row.message.hidden) return false
    this.#enter(await History.around(this.#pages(conversation), row.order, PAGE))
    return true
  }

  async #goToEnd(): Promise<void> {
    const conversation = this.#reader.conversation()
    if (!conversation || this.#history?.ended) return
    this.#enter(await History.atEnd(this.#pages(conversation), PAGE))
  }

  #enter(history: History): void {
    this.#history = history
    this.#above.forget()
    this.part++
  }

  #pages({ local }: Conversation): Pages {
    return {
      older: (range) => this.#store.page(local, range),
      newer: (range) => this.#store.pageAfter(local, range),
    }
  }
}
