import { comparePlaces } from '../../core/clock.ts'
import type { Message } from '../../core/conversation.ts'
import { recordKey } from '../../core/record.ts'
import type { StoredRecord } from '../../store/tables.ts'

/** Reads rows of one conversation with an order below `before`, newest first (see Store.page). */
export type ReadPage = (range: { before: number; limit: number }) => Promise<StoredRecord[]>

/**
 * The newest part of a chat, opened. Opening a row costs, and records never change, so each is opened once: new
 * ones are looked for from the end backwards until all that must be there were found.
 */
export class History {
  readonly #read: ReadPage
  readonly #opened = new Map<string, Message>()
  /** Everything from this order on was read. */
  #from = Infinity
  #complete = false
  #messages: readonly Message[] = []

  constructor(read: ReadPage) {
    this.#read = read
  }

  /** In the order of the screen. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  /** Nothing older is left. */
  get complete(): boolean {
    return this.#complete
  }

  /** Reads at least `count` older messages, or all there are. */
  async readOlder(count: number): Promise<void> {
    for (let found = 0; found < count && !this.#complete;) {
      const page = await this.#read({ before: this.#from, limit: count })
      this.#from = page.at(-1)?.order ?? this.#from
      this.#complete = page.length < count
      found += this.#take(page).length
    }
    this.#sort()
  }

  /** Reads `expected` new messages wherever they stand, unless above what is loaded; returns them. */
  async readNew(expected: number): Promise<Message[]> {
    const fresh: Message[] = []
    const limit = Math.max(8, 2 * expected)
    for (let before = Infinity, more = true; more && fresh.length < expected;) {
      const page = await this.#read({ before, limit })
      before = page.at(-1)?.order ?? before
      more = page.length >= limit && before > this.#from
      fresh.push(...this.#take(page.filter(({ order }) => this.#complete || order >= this.#from)))
    }
    this.#sort()
    return fresh
  }

  /** Reads again what is loaded: something about a known message is different. Returns what is new all the same. */
  async readAgain(): Promise<Message[]> {
    const [before, from] = [new Set(this.#opened.keys()), this.#complete ? -Infinity : this.#from]
    this.#opened.clear()
    this.#from = Infinity
    this.#complete = false
    await this.readOlder(Math.max(before.size, 1))
    return this.#messages.filter(({ record, clock }) => clock >= from && !before.has(recordKey(record)))
  }

  #take(page: readonly StoredRecord[]): Message[] {
    return page.flatMap(({ record, message }) => {
      const key = recordKey(record)
      if (message === undefined || record.form !== 'record' || this.#opened.has(key)) return []
      const opened: Message = { ...message, record }
      this.#opened.set(key, opened)
      return [opened]
    })
  }

  #sort(): void {
    this.#messages = [...this.#opened.values()].sort(comparePlaces)
  }
}
