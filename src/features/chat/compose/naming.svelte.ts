import type { Mention } from '../../../core/body.ts'
import { candidatesFor, moved, searchAt, withMention, type Candidate, type Search } from '../mentions.ts'

/** Naming people while one writes: whom the text names, and the list that opens behind an "@". */
export class Naming {
  mentions: readonly Mention[] = []
  search = $state.raw<Search>()
  active = $state(0)
  readonly #all: () => readonly Candidate[]
  #text = ''
  /** Closed by hand: the same "@" does not open it again. */
  #dismissed: number | undefined

  constructor(all: () => readonly Candidate[]) {
    this.#all = all
  }

  found = $derived.by(() => (this.search ? candidatesFor(this.search.query, this.#all()) : []))

  /** The text was set, not written. */
  begin(text: string, mentions: readonly Mention[] = []): void {
    this.#text = text
    this.mentions = mentions
    this.search = undefined
    this.#dismissed = undefined
  }

  /** The text was changed, or the caret moved. */
  look(text: string, caret: number): void {
    if (text !== this.#text) this.mentions = moved(this.mentions, this.#text, text)
    this.#text = text
    const search = searchAt(text, caret)
    const inside = this.mentions.some(({ at }) => at === search?.at)
    if (search?.at !== this.#dismissed) this.#dismissed = undefined
    if (search?.query !== this.search?.query) this.active = 0
    this.search = search && !inside && this.#dismissed === undefined ? search : undefined
  }

  dismiss(): void {
    this.#dismissed = this.search?.at
    this.search = undefined
  }

  step(by: number): void {
    const count = this.found.length
    this.active = (this.active + by + count) % count
  }

  /** The text with somebody named in it, and where the caret goes. */
  pick(candidate: Candidate): { text: string; caret: number } | undefined {
    if (!this.search) return undefined
    const next = withMention({ text: this.#text, mentions: this.mentions }, this.search, candidate)
    this.begin(next.text, next.mentions)
    return next
  }
}
