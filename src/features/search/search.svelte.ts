import { nameOf } from '../../core/contact.ts'
import type { IdentityKey } from '../../core/ids.ts'
import { recordKey } from '../../core/record.ts'
import type { Store } from '../../store/store.ts'
import type { StoredRecord } from '../../store/tables.ts'
import { Gatherer, wordsOf, type Progress } from './gather.ts'
import type { Match, MessageIndex, Query } from './message-index.ts'
import { snippet, type Piece } from './snippet.ts'

/** A message that was found. */
export interface Hit {
  readonly key: string
  /** The local number of its conversation. */
  readonly chat: number
  /** Milliseconds since 1970. */
  readonly clock: number
  /** Who wrote it, as they are called here; undefined when that is not known. */
  readonly by: string | undefined
  readonly own: boolean
  readonly file: boolean
  readonly pieces: readonly Piece[]
}

export interface Results {
  /** What was asked for, as it was typed. */
  readonly query: Query
  readonly hits: readonly Hit[]
  /** How many there are in all. */
  readonly total: number
  /** Nothing is written like that: these are similar. */
  readonly similar: boolean
}

/** While everything is being read, what was found is looked for anew so often, milliseconds. */
const AGAIN_MS = 400

/** Everything that was ever said, and what was found in it. */
export class Search {
  results = $state.raw<Results>()
  progress = $state.raw<Progress>()
  readonly #me: IdentityKey
  readonly #store: Store
  readonly #index: MessageIndex
  readonly #gatherer: Gatherer
  #wanted: Query | undefined
  /** What is shown may not be what would be found now. */
  #stale = false
  #looking = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor({ me, store }: { me: IdentityKey; store: Store }, index: MessageIndex) {
    this.#me = me
    this.#store = store
    this.#index = index
    this.#gatherer = new Gatherer(store, index, (rows) => this.#heed(rows))
    const { progress } = this.#gatherer
    progress.watch(() => {
      this.progress = progress.current
      this.#againSoon()
    })
    this.#gatherer.gather().then(
      () => {
        this.progress = undefined
        this.#again()
      },
      (error: unknown) => {
        if (!this.#closed) reportError(error)
      },
    )
  }

  /** Undefined: nothing is looked for any more. */
  ask(query: Query | undefined): void {
    this.#wanted = query
    if (query) this.#again()
    else this.results = undefined
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#gatherer.close()
    this.#index.close()
  }

  /** What is gone must not stand there for another moment. */
  #heed(rows: readonly StoredRecord[]): void {
    const gone = new Set(
      rows.filter((row) => wordsOf(row) === undefined).map(({ record }) => recordKey(record)),
    )
    const { results } = this
    if (results?.hits.some(({ key }) => gone.has(key)))
      this.results = { ...results, hits: results.hits.filter(({ key }) => !gone.has(key)) }
    if (results) this.#again()
  }

  #againSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#again()
    }, AGAIN_MS)
  }

  /** One question at a time; of those that come meanwhile only the last is asked. */
  #again(): void {
    this.#stale = true
    if (this.#looking) return
    this.#looking = true
    this.#look()
      .catch((error: unknown) => {
        if (!this.#closed) reportError(error)
      })
      .finally(() => (this.#looking = false))
  }

  async #look(): Promise<void> {
    while (this.#stale && this.#wanted && !this.#closed) {
      this.#stale = false
      const query = this.#wanted
      const { matches, total, similar } = await this.#index.find(query)
      const hits = await Promise.all(matches.map((match) => this.#hitOf(match, query)))
      const there = hits.filter((hit) => hit !== undefined)
      // Somebody who asks for nothing any more is shown nothing.
      if (this.#wanted)
        this.results = { query, hits: there, total: total - (hits.length - there.length), similar }
    }
  }

  /** As it is now: what was found may be gone meanwhile. */
  async #hitOf({ key, chat, terms }: Match, { text }: Query): Promise<Hit | undefined> {
    const row = await this.#store.get('records', key)
    const words = row && wordsOf(row)
    if (!row?.message || words === undefined) return undefined
    const { author, clock, body } = row.message
    const contact = await this.#store.get('contacts', author)
    return {
      ...{ key, chat, clock, own: author === this.#me, by: contact && nameOf(contact) },
      ...{ file: body?.kind === 'file', pieces: snippet(words, text, terms) },
    }
  }
}
