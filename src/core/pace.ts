/** So many at once, then one every `everyMs`. */
export interface Pace {
  readonly burst: number
  readonly everyMs: number
}

/** When the next would be free of charge, in the milliseconds of `Timers.elapsed`: as much in the future as was used up. */
export type Used = number

/** What is used after `cost` more, or undefined when that is too soon. */
export function step(
  used: Used | undefined,
  pace: Pace,
  { now, cost = 1 }: { now: number; cost?: number },
): Used | undefined {
  const next = Math.max(used ?? now, now) + cost * pace.everyMs
  return next - now > pace.burst * pace.everyMs ? undefined : next
}
