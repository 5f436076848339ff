import { createSubscriber } from 'svelte/reactivity'
import type { Watched } from '../core/watched.ts'

/** Begins to tell of changes; returns the function that ends it. */
export type Subscribe = (changed: () => void) => () => void

/** Anything that can be looked at and tells when it changed, as a rune. Listens only while somebody reads it. */
export class Live<T> {
  readonly #read: () => T
  readonly #subscribe: () => void

  constructor(read: () => T, subscribe: Subscribe) {
    this.#read = read
    this.#subscribe = createSubscriber((update) => subscribe(update))
  }

  static of<T>(source: Watched<T>): Live<T> {
    return new Live(
      () => source.current,
      (changed) => source.watch(changed),
    )
  }

  get current(): T {
    this.#subscribe()
    return this.#read()
  }
}
