import MiniSearch, { type SearchOptions, type SearchResult } from 'minisearch'
import { isBeginning, mayDiffer, termsOf, wantedIn } from './terms.ts'

/** A message as it is found. */
export interface Doc {
  /** Its recordKey. */
  readonly key: string
  /** The local number of its conversation. */
  readonly chat: number
  /** Milliseconds: the clock under which it is sorted. */
  readonly order: number
  readonly text: string
}

export interface Query {
  readonly text: string
  /** In this conversation alone, by its local number. */
  readonly chat?: number | undefined
  /** So many hits at the most. */
  readonly limit: number
}

/** A message that holds all that was asked for. */
export interface Match {
  readonly key: string
  readonly chat: number
  /** The words in it that made it one. */
  readonly terms: readonly string[]
}

export interface Found {
  /** The newest first. */
  readonly matches: readonly Match[]
  /** How many there are in all. */
  readonly total: number
  /** Nothing is written like that: these are similar. */
  readonly similar: boolean
}

/** All messages, in memory alone. May be somewhere else, and so takes its time. */
export interface MessageIndex {
  /** Of those that are known already, their new text. */
  put(docs: readonly Doc[]): Promise<void>
  remove(keys: readonly string[]): Promise<void>
  find(query: Query): Promise<Found>
  close(): void
}

const NOTHING: Found = { matches: [], total: 0, similar: false }
const WRITTEN: SearchOptions = { combineWith: 'AND', prefix: isBeginning }
const SIMILAR: SearchOptions = { ...WRITTEN, fuzzy: (term) => (mayDiffer(term) ? 0.25 : false), maxFuzzy: 2 }

export function createMessageIndex(): MessageIndex {
  const index = new MiniSearch<{ id: number; text: string }>({
    fields: ['text'],
    tokenize: termsOf,
    processTerm: (term) => term,
    searchOptions: { tokenize: wantedIn },
  })
  const docs = new Shelf()

  const matching = ({ text, chat }: Query, options: SearchOptions): SearchResult[] => {
    const filter = chat !== undefined && {
      filter: ({ id }: SearchResult) => docs.chatOf(id as number) === chat,
    }
    return index.search(text, { ...options, ...filter })
  }
  const remove = (key: string): void => {
    const id = docs.remove(key)
    if (id !== undefined) index.discard(id)
  }
  return {
    put: (fresh) => {
      for (const doc of fresh) {
        remove(doc.key)
        index.add({ id: docs.add(doc), text: doc.text })
      }
      return Promise.resolve()
    },
    remove: (keys) => {
      keys.forEach(remove)
      return Promise.resolve()
    },
    find: (query) => {
      if (wantedIn(query.text).length === 0) return Promise.resolve(NOTHING)
      const written = matching(query, WRITTEN)
      const found = written.length > 0 ? written : matching(query, SIMILAR)
      const newest = found.sort((a, b) => docs.compare(b.id as number, a.id as number)).slice(0, query.limit)
      const matches = newest.map(({ id, terms }) => ({ ...docs.get(id as number), terms }))
      return Promise.resolve({
        matches,
        total: found.length,
        similar: written.length === 0 && found.length > 0,
      })
    },
    close: () => {
      index.removeAll()
    },
  }
}

/** Where which document is, by small numbers; their long names are kept as short as they can be. */
class Shelf {
  readonly #feeds: string[] = []
  readonly #ids = new Map<string, { readonly feed: number; readonly ids: Map<number, number> }>()
  readonly #places: {
    readonly feed: number
    readonly seq: number
    readonly chat: number
    readonly order: number
  }[] = []

  add({ key, chat, order }: Doc): number {
    const [name, seq] = apart(key)
    const known = this.#ids.get(name) ?? { feed: this.#feeds.push(name) - 1, ids: new Map<number, number>() }
    this.#ids.set(name, known)
    const id = this.#places.push({ feed: known.feed, seq, chat, order }) - 1
    known.ids.set(seq, id)
    return id
  }

  remove(key: string): number | undefined {
    const [name, seq] = apart(key)
    const ids = this.#ids.get(name)?.ids
    const id = ids?.get(seq)
    ids?.delete(seq)
    return id
  }

  get(id: number): { key: string; chat: number } {
    const { feed = 0, seq = 0, chat = 0 } = this.#places[id] ?? {}
    return { key: `${this.#feeds[feed] ?? ''}/${String(seq)}`, chat }
  }

  chatOf(id: number): number | undefined {
    return this.#places[id]?.chat
  }

  compare(a: number, b: number): number {
    return (this.#places[a]?.order ?? 0) - (this.#places[b]?.order ?? 0) || a - b
  }
}

/** A record's key is its feed's, and its number. */
function apart(key: string): [feed: string, seq: number] {
  const end = key.lastIndexOf('/')
  return [key.slice(0, end), Number(key.slice(end + 1))]
}
