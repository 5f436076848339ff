import { nameOf } from '../../core/contact.ts'
import type { IdentityKey } from '../../core/ids.ts'
import type { Engine } from '../context.ts'

/** How this person stands with somebody of whom others tell. */
export class Acquaintance {
  /** False until it was looked up. */
  ready = $state(false)
  /** What they are called here. */
  name = $state<string>()
  /** There is a chat with them. */
  met = $state(false)
  readonly #engine: Engine
  readonly #who: IdentityKey
  readonly #stop: () => void

  constructor(engine: Engine, who: IdentityKey) {
    this.#engine = engine
    this.#who = who
    this.#stop = engine.store.watch(({ tables }) => {
      if (tables.has('contacts') || tables.has('conversations')) this.#read().catch(reportError)
    })
    this.#read().catch(reportError)
  }

  close(): void {
    this.#stop()
  }

  async #read(): Promise<void> {
    const { store } = this.#engine
    const contact = await store.get('contacts', this.#who)
    const chat = contact && (await store.get('conversations', contact.conversation))
    this.name = contact && nameOf(contact)
    this.met = chat !== undefined
    this.ready = true
  }
}
