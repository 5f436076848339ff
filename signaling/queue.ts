import { grow, noLoad, shrink, type Limits, type Load } from './limits.ts'
import type { Packed } from './messages.ts'

/** A message for somebody who is not there (yet). */
export interface Waiting extends Packed {
  readonly src: string
  readonly dst: string
}

interface Queued {
  readonly message: Waiting
  readonly deadline: number
}

/** One thing whose load is counted: all of it, a destination, a sender, or both together. */
interface Share {
  readonly name: string
  readonly cap: Load
}

/** Messages that wait a few seconds for somebody absent: a page that reloads, a phone that wakes up. */
export class WaitingMessages {
  readonly #limits: Limits
  /** Every message waits equally long, so the order of insertion is the order of the deadlines. */
  readonly #queued = new Set<Queued>()
  readonly #byDestination = new Map<string, Set<Queued>>()
  readonly #loads = new Map<string, Load>()

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** How much waits altogether. */
  get load(): Load {
    return this.#loads.get('all') ?? noLoad
  }

  /** When the oldest message expires (ms), or undefined when none waits. */
  get nextDeadline(): number | undefined {
    for (const { deadline } of this.#queued) return deadline
    return undefined
  }

  /** Lets a message wait; false when a cap is reached and it is dropped. */
  add(message: Waiting, now: number): boolean {
    const shares = this.#sharesOf(message)
    const grown = shares.map(({ name, cap }) => grow(this.#loads.get(name) ?? noLoad, message.bytes, cap))
    if (grown.includes(undefined)) return false
    shares.forEach(({ name }, index) => this.#loads.set(name, grown[index] ?? noLoad))
    const queued = { message, deadline: now + this.#limits.expireMs }
    this.#queued.add(queued)
    const waiting = this.#byDestination.get(message.dst) ?? new Set()
    this.#byDestination.set(message.dst, waiting.add(queued))
    return true
  }

  /** Takes out what waits for somebody who just arrived, oldest first. */
  take(dst: string, now: number): Waiting[] {
    const waiting = [...(this.#byDestination.get(dst) ?? [])]
    waiting.forEach((queued) => this.#remove(queued))
    return waiting.filter(({ deadline }) => deadline > now).map(({ message }) => message)
  }

  /** Drops what waited too long; returns how many. */
  dropExpired(now: number): number {
    let dropped = 0
    for (const queued of this.#queued) {
      if (queued.deadline > now) break
      this.#remove(queued)
      dropped += 1
    }
    return dropped
  }

  #sharesOf({ src, dst }: Waiting): Share[] {
    return [
      { name: 'all', cap: this.#limits.waiting },
      { name: `to ${dst}`, cap: this.#limits.waitingPerDestination },
      { name: `from ${src}`, cap: this.#limits.waitingPerSender },
      { name: `from ${src} to ${dst}`, cap: this.#limits.waitingPerPair },
    ]
  }

  #remove(queued: Queued): void {
    const { message } = queued
    this.#queued.delete(queued)
    const waiting = this.#byDestination.get(message.dst)
    waiting?.delete(queued)
    if (waiting?.size === 0) this.#byDestination.delete(message.dst)
    for (const { name } of this.#sharesOf(message)) {
      const load = shrink(this.#loads.get(name) ?? noLoad, message.bytes)
      if (load.messages > 0) this.#loads.set(name, load)
      else this.#loads.delete(name)
    }
  }
}
