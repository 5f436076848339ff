/** So many at once, then one every `everyMs`. */
export interface Pace {
  readonly burst: number
  readonly everyMs: number
}

/** When the next would be free of charge, in the milliseconds of `Timers.elapsed`: as much in the future as was used up. */
export type Used = number

/** What is used after one more, or undefined when that is too soon. */
export function step(used: Used | undefined, pace: Pace, now: number): Used | undefined {
  const from = Math.max(used ?? now, now)
  return from - now > (pace.burst - 1) * pace.everyMs ? undefined : from + pace.everyMs
}
