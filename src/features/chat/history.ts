import { comparePlaces, type Place } from '../../core/clock.ts'
import type { Line, Message } from '../../core/conversation.ts'
import { recordKey } from '../../core/record.ts'
import type { StoredRecord } from '../../store/tables.ts'

/** Reads rows of one conversation (see Store.page). */
export interface Pages {
  older(range: { before: number; limit: number }): Promise<StoredRecord[]>
  newer(range: { after: number; limit: number }): Promise<StoredRecord[]>
}

/** What happened to the chat itself, at its place between the messages. */
export interface Told extends Place {
  readonly key: string
  readonly line: Line
}

/**
 * A part of a chat without gaps, opened: read from the chat's end or from a message in its middle, in both directions,
 * and kept up to date by what is written.
 */
export class History {
  readonly #pages: Pages
  readonly #opened = new Map<string, Message>()
  readonly #lines = new Map<string, Told>()
  /** Everything between these two orders was read, both included. */
  #from: number
  #to: number
  #complete = false
  #messages: readonly Message[] = []
  #told: readonly Told[] = []

  private constructor(pages: Pages, start: number) {
    this.#pages = pages
    this.#from = start
    this.#to = start
  }

  /** At least `count` messages at the end of the chat, or all there are. */
  static async atEnd(pages: Pages, count: number): Promise<History> {
    const history = new History(pages, Infinity)
    await history.readOlder(count)
    return history
  }

  /** At least `count` messages in all on both sides of a moment, or all there are. */
  static async around(pages: Pages, order: number, count: number): Promise<History> {
    const history = new History(pages, order)
    const half = Math.ceil(count / 2)
    const newest = await history.readOlder(half)
    // Upwards from what lies below: so nothing can be written between the two that neither of them sees.
    history.#to = newest ?? -Infinity
    await history.readNewer(Math.max(half, count - history.messages.length))
    if (history.ended) await history.readOlder(count - history.messages.length)
    return history
  }

  /** In the order of the screen. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  /** What happened meanwhile, in the order of the screen. */
  get told(): readonly Told[] {
    return this.#told
  }

  /** Nothing older is left. */
  get complete(): boolean {
    return this.#complete
  }

  /** Nothing newer is left: what is written at the end comes in by itself. */
  get ended(): boolean {
    return this.#to === Infinity
  }

  get from(): number {
    return this.#complete ? -Infinity : this.#from
  }

  get to(): number {
    return this.#to
  }

  has(key: string): boolean {
    return this.#opened.has(key)
  }

  /** Reads at least `count` older messages, or all there are; returns the newest order that was read. */
  async readOlder(count: number): Promise<number | undefined> {
    let newest: number | undefined
    for (let found = 0; found < count && !this.#complete;) {
      const page = await this.#pages.older({ before: this.#from, limit: count })
      this.#from = page.at(-1)?.order ?? this.#from
      this.#complete = page.length < count
      newest ??= page[0]?.order
      found += this.#take(page).length
    }
    this.#sort()
    return newest
  }

  /** Reads at least `count` newer messages, or all there are. */
  async readNewer(count: number): Promise<void> {
    for (let found = 0; found < count && !this.ended;) {
      const page = await this.#pages.newer({ after: this.#to, limit: count })
      this.#to = page.length < count ? Infinity : (page.at(-1)?.order ?? Infinity)
      found += this.#take(page).length
    }
    this.#sort()
  }

  /** Takes in what was just written, unless it belongs outside of what is loaded; returns the messages that are new. */
  take(rows: readonly StoredRecord[]): Message[] {
    const isInside = ({ order }: StoredRecord): boolean => order >= this.from && order <= this.#to
    for (const row of rows) if (!isInside(row)) this.#opened.delete(recordKey(row.record))
    const fresh = this.#take(rows.filter(isInside))
    this.#sort()
    return fresh
  }

  #take(rows: readonly StoredRecord[]): Message[] {
    return rows.flatMap(({ record, message, line, order }) => {
      const key = recordKey(record)
      if (line) this.#lines.set(key, { key, line, clock: order, author: record.author, seq: record.seq })
      const known = this.#opened.has(key)
      if (message === undefined || message.hidden) {
        this.#opened.delete(key)
        return []
      }
      const opened: Message = { ...message, record }
      this.#opened.set(key, opened)
      return known ? [] : [opened]
    })
  }

  #sort(): void {
    this.#messages = [...this.#opened.values()].sort(comparePlaces)
    this.#told = [...this.#lines.values()].sort(comparePlaces)
  }
}
