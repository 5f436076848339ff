/** How far a foreign clock may pull ours ahead of wall time (PROTOCOL §5). */
export const MAX_DRIFT_MS = 5 * 60_000

/**
 * The next value of the author's hybrid clock: wall time, but never behind what was written or read before:
 * an answer stands behind what it answers. All values are milliseconds since 1970. A received clock counts only up
 * to wall time + 5 min, so that nobody can push another person's messages into the future.
 */
export function nextClock(times: { wall: number; own: number; received: number }): number {
  return Math.max(times.wall, times.own + 1, Math.min(times.received + 1, times.wall + MAX_DRIFT_MS))
}

/** Where a record stands on the screen: the author's clock, then author, then seq; the same for everybody. */
export interface Place {
  readonly clock: number
  readonly author: string
  readonly seq: number
}

export function comparePlaces(a: Place, b: Place): number {
  if (a.clock !== b.clock) return a.clock - b.clock
  if (a.author !== b.author) return a.author < b.author ? -1 : 1
  return a.seq - b.seq
}
