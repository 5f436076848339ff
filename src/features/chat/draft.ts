import type { Timers } from '../../core/timers.ts'

/** Keeps what is being written: the first key at once, the next ones together, and the rest when the chat is left. */
export class DraftKeeper {
  readonly #save: (text: string) => void
  readonly #after: Timers['after']
  readonly #pause: number
  /** Ends the rest between two savings. */
  #wake: (() => void) | undefined
  #text: string | undefined

  /** `pause`: milliseconds between two savings. */
  constructor(save: (text: string) => void, after: Timers['after'], pause = 400) {
    this.#save = save
    this.#after = after
    this.#pause = pause
  }

  change(text: string): void {
    this.#text = text
    if (!this.#wake) this.#saveAndRest()
  }

  flush(): void {
    this.#wake?.()
    this.#wake = undefined
    this.#saveNow()
  }

  /** What was written is on its way elsewhere and needs no saving. */
  forget(): void {
    this.#text = undefined
  }

  #saveAndRest(): void {
    this.#wake = undefined
    if (!this.#saveNow()) return
    this.#wake = this.#after(this.#pause, () => {
      this.#saveAndRest()
    })
  }

  #saveNow(): boolean {
    if (this.#text === undefined) return false
    this.#save(this.#text)
    this.#text = undefined
    return true
  }
}
