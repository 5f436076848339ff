import type { Engine } from '../context.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import type { Pairing, Shown } from './pairing.ts'

/** Somebody used our code. */
export interface Arrival {
  readonly name: string
  readonly conversation: ConversationId
}

/** Our code and link as they are on the screen: the code is renewed when it runs out. */
export class ShownCode {
  qr = $state.raw<Shown>()
  link = $state.raw<Shown>()
  /** Milliseconds until the code is replaced. */
  left = $state(0)

  readonly #pairing: Pairing
  readonly #now: () => number
  readonly #timer: ReturnType<typeof setInterval>

  constructor(pairing: Pairing, now: () => number) {
    this.#pairing = pairing
    this.#now = now
    this.#timer = setInterval(() => {
      this.#tick().catch(reportError)
    }, 1000)
  }

  async show(): Promise<void> {
    ;[this.qr, this.link] = await Promise.all([this.#pairing.show('qr'), this.#pairing.show('link')])
    this.#count()
  }

  /** Makes whatever was shown before worthless. */
  async renew(): Promise<void> {
    this.qr = await this.#pairing.renew('qr')
    this.link = await this.#pairing.renew('link')
    this.#count()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #tick(): Promise<void> {
    this.#count()
    if (this.qr && this.left <= 0) await this.show()
  }

  #count(): void {
    this.left = (this.qr?.expires ?? 0) - this.#now()
  }
}

/** Tells of people who were not met when it began; returns the function that ends it. */
export function watchArrivals({ store }: Engine, arrived: (arrival: Arrival) => void): () => void {
  let known: Set<IdentityKey> | undefined
  const look = async () => {
    const met = (await store.all('contacts')).filter(({ stage }) => stage === 'met')
    const before = known
    known = new Set(met.map(({ identity }) => identity))
    const fresh = before && met.find(({ identity }) => !before.has(identity))
    if (fresh) arrived(fresh)
  }
  look().catch(reportError)
  return store.watch(({ tables }) => {
    if (tables.has('contacts')) look().catch(reportError)
  })
}
