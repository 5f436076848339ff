/** So many at once, then one every `everyMs`. */
export interface Pace {
  readonly burst: number
  readonly everyMs: number
}

/** Asks for one more, or for `cost` at a time: false, and nothing is charged, when that is too soon. */
export type Pacer = (cost?: number) => boolean

/** `elapsed`: milliseconds of a clock that is never set, `Timers.elapsed`. */
export function pacer({ burst, everyMs }: Pace, elapsed: () => number): Pacer {
  /** When all that was taken will be paid for. */
  let paid = -Infinity
  return (cost = 1) => {
    const now = elapsed()
    const next = Math.max(paid, now) + cost * everyMs
    if (next - now > burst * everyMs) return false
    paid = next
    return true
  }
}
