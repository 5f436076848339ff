/** One offer: who calls whom, for which of the connections between them. */
export interface Dial {
  readonly src: string
  readonly dst: string
  readonly connection: string
}

interface Pending {
  readonly dial: Dial
  readonly deadline: number
}

/**
 * The offers that wait for an answer. Whether the person called is there plays no part in it,
 * so nothing in the content or the timing of an EXPIRE tells absent from silent.
 */
export class PendingOffers {
  readonly #waitMs: number
  /** Every offer waits equally long, so the order of insertion is the order of the deadlines. */
  readonly #pending = new Map<string, Pending>()
  readonly #byCaller = new Map<string, Set<string>>()

  /** @param waitMs how long an answer may take, in ms */
  constructor(waitMs: number) {
    this.#waitMs = waitMs
  }

  /** Offers of one caller that wait. */
  countOf(caller: string): number {
    return this.#byCaller.get(caller)?.size ?? 0
  }

  /** When the oldest offer expires (ms), or undefined when none waits. */
  get nextDeadline(): number | undefined {
    for (const { deadline } of this.#pending.values()) return deadline
    return undefined
  }

  /** Starts to wait; an offer said twice keeps its first deadline. */
  add(dial: Dial, now: number): void {
    const key = keyOf(dial)
    if (this.#pending.has(key)) return
    this.#pending.set(key, { dial, deadline: now + this.#waitMs })
    const own = this.#byCaller.get(dial.src) ?? new Set()
    this.#byCaller.set(dial.src, own.add(key))
  }

  /** The person called answered. False when no such offer waits. */
  answer(dial: Dial): boolean {
    return this.#remove(keyOf(dial), dial.src)
  }

  /** The caller is gone: nobody is left to be told. */
  forget(caller: string): void {
    for (const key of this.#byCaller.get(caller) ?? []) this.#pending.delete(key)
    this.#byCaller.delete(caller)
  }

  /** Takes out the offers whose time is over, oldest first. */
  takeExpired(now: number): Dial[] {
    const expired: Dial[] = []
    for (const [key, { dial, deadline }] of this.#pending) {
      if (deadline > now) break
      this.#remove(key, dial.src)
      expired.push(dial)
    }
    return expired
  }

  #remove(key: string, caller: string): boolean {
    const own = this.#byCaller.get(caller)
    own?.delete(key)
    if (own?.size === 0) this.#byCaller.delete(caller)
    return this.#pending.delete(key)
  }
}

/** Destinations are what a stranger wrote, so the fields are joined in a way that cannot be imitated. */
function keyOf({ src, dst, connection }: Dial): string {
  return JSON.stringify([src, dst, connection])
}
