import { comparePlaces } from '../../core/clock.ts'
import type { Message } from '../../core/conversation.ts'
import { recordKey } from '../../core/record.ts'
import type { StoredRecord } from '../../store/tables.ts'

/** Reads rows of one conversation with an order below `before`, newest first (see Store.page). */
export type ReadPage = (range: { before: number; limit: number }) => Promise<StoredRecord[]>

/** The newest part of a chat, opened: read from its end backwards, and kept up to date by what is written. */
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

  /** Takes in what was just written, unless it belongs above what is loaded; returns the messages that are new. */
  take(rows: readonly StoredRecord[]): Message[] {
    const fresh = this.#take(rows.filter(({ order }) => this.#complete || order >= this.#from))
    this.#sort()
    return fresh
  }

  #take(rows: readonly StoredRecord[]): Message[] {
    return rows.flatMap(({ record, message }) => {
      if (message === undefined || message.hidden) return []
      const key = recordKey(record)
      const known = this.#opened.has(key)
      const opened: Message = { ...message, record }
      this.#opened.set(key, opened)
      return known ? [] : [opened]
    })
  }

  #sort(): void {
    this.#messages = [...this.#opened.values()].sort(comparePlaces)
  }
}
