import type { Limits, Load } from './limits.ts'
import { connectionOf, expired, pack, type Incoming, type Introduction, type Packed } from './messages.ts'
import type { Metrics } from './metrics.ts'
import { PendingOffers } from './offers.ts'
import type { Peer } from './peer.ts'
import { WaitingMessages } from './queue.ts'

/** What a rewritten message may be longer than the original: the `src` that the introducer adds. */
const SRC_BYTES = 64

/** What lobby and introductions share. `now` counts ms and never goes back. */
export interface Deps {
  readonly limits: Limits
  readonly metrics: Metrics
  readonly now: () => number
}

/** What the introductions need of the lobby. */
export interface Present {
  find(address: string): Peer | undefined
  send(peer: Peer, packed: Packed): void
}

/** What a message was found to be. */
export type Verdict = 'fine' | 'malformed' | 'offers' | 'goodbye'

/** What people say to each other on the way to a direct connection. */
export class Introductions {
  readonly #deps: Deps
  readonly #present: Present
  readonly #offers: PendingOffers
  readonly #waiting: WaitingMessages
  #expiring: NodeJS.Timeout | undefined

  constructor(deps: Deps, present: Present) {
    this.#deps = deps
    this.#present = present
    this.#offers = new PendingOffers(deps.limits.expireMs)
    this.#waiting = new WaitingMessages(deps.limits)
  }

  /** What waits for somebody absent. */
  get waiting(): Load {
    return this.#waiting.load
  }

  /** Takes one message of somebody who is here. */
  take(peer: Peer, message: Incoming): Verdict {
    switch (message.type) {
      case 'HEARTBEAT':
        return 'fine'
      case 'LEAVE':
        return message.dst === undefined ? 'goodbye' : this.#relay(peer, { ...message, dst: message.dst })
      case 'OFFER':
        return this.#offer(peer, message)
      case 'ANSWER':
        this.#answer(peer, message)
        return this.#relay(peer, message)
      case 'CANDIDATE':
        return this.#relay(peer, message)
    }
  }

  /** Hands over what waited for somebody who just came in. */
  deliverWaiting(peer: Peer): void {
    for (const packed of this.#waiting.take(peer.address, this.#deps.now())) this.#present.send(peer, packed)
  }

  /** Somebody left: his offers need no answer. */
  forget(peer: Peer): void {
    this.#offers.forget(peer.address)
  }

  /** Stops the clock. */
  close(): void {
    clearTimeout(this.#expiring)
  }

  #offer(peer: Peer, message: Introduction): Verdict {
    const { limits, now } = this.#deps
    if (this.#offers.countOf(peer.address) >= limits.pendingOffers) return 'offers'
    const verdict = this.#relay(peer, message)
    if (verdict !== 'fine') return verdict
    this.#offers.add({ src: peer.address, dst: message.dst, connection: connectionOf(message) }, now())
    this.#armExpiry()
    return verdict
  }

  #answer(peer: Peer, message: Introduction): void {
    const dial = { src: message.dst, dst: peer.address, connection: connectionOf(message) }
    if (this.#offers.answer(dial)) this.#deps.metrics.count('introductions')
  }

  #relay(peer: Peer, message: Parameters<typeof pack>[1]): Verdict {
    const { limits, metrics } = this.#deps
    const packed = pack(peer.address, message, limits.messageBytes + SRC_BYTES)
    if (!packed) return 'malformed'
    const called = this.#present.find(message.dst)
    if (called) {
      metrics.count('relayed')
      this.#present.send(called, packed)
    } else if (message.type === 'LEAVE') metrics.drop('absent')
    else this.#keep(packed, { src: peer.address, dst: message.dst })
    return 'fine'
  }

  #keep(packed: Packed, { src, dst }: { src: string; dst: string }): void {
    const kept = this.#waiting.add({ ...packed, src, dst }, this.#deps.now())
    if (kept) this.#armExpiry()
    else this.#deps.metrics.drop('queue_full')
  }

  #armExpiry(): void {
    if (this.#expiring) return
    const deadlines = [this.#offers.nextDeadline, this.#waiting.nextDeadline].filter((at) => at !== undefined)
    if (deadlines.length === 0) return
    const wait = Math.max(1, Math.ceil(Math.min(...deadlines) - this.#deps.now()))
    this.#expiring = setTimeout(() => this.#expire(), wait)
  }

  #expire(): void {
    const { metrics, now } = this.#deps
    this.#expiring = undefined
    metrics.drop('expired', this.#waiting.dropExpired(now()))
    for (const { src, dst } of this.#offers.takeExpired(now())) {
      const caller = this.#present.find(src)
      if (!caller) continue
      metrics.count('expired')
      this.#present.send(caller, expired(src, dst))
    }
    this.#armExpiry()
  }
}
