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

/** The way of the server's answer alone makes as much, and nobody minds. */
const TOLERATED_MS = 60_000
const MAX_CORRECTION_MS = 24 * 3_600_000
/** More than this behind our own last record, and a feed would stand in the future for hours. */
const RUNAWAY_MS = 3_600_000

/**
 * What is added to the device's clock for new records, when the server's clock is so far ahead of it, milliseconds.
 * A server that claims more than a day is not believed (PROTOCOL §5).
 */
export function correction(serverAhead: number): number {
  const wrong = Math.abs(serverAhead)
  return wrong > TOLERATED_MS && wrong <= MAX_CORRECTION_MS ? serverAhead : 0
}

/** What the server's clock was last believed to be ahead by, and since when; milliseconds. */
export interface Belief {
  readonly ahead: number
  readonly since: number
}

/** After a change of mind the server is not believed another one for so long. */
const STEADY_MS = 3_600_000

/**
 * What to believe after the server told its time once more. Back towards the device's own clock always; away from it
 * seldom, or a server that lies to and fro could put all words out of order.
 */
export function believed(held: Belief | undefined, ahead: number, now: number): Belief {
  if (held === undefined) return { ahead, since: now }
  if (Math.abs(ahead - held.ahead) <= TOLERATED_MS) return { ahead, since: held.since }
  const back = Math.abs(ahead) <= Math.abs(held.ahead)
  return back || now - held.since >= STEADY_MS ? { ahead, since: now } : held
}

/** The person should hear that the device's clock, or the server's, is wrong. */
export function clockIsWrong(serverAhead: number): boolean {
  return Math.abs(serverAhead) > MAX_DRIFT_MS
}

/** Our clock ran so far ahead that the feed is given up for a new incarnation (PROTOCOL §1). */
export function ranAway(own: number, wall: number): boolean {
  return own > wall + RUNAWAY_MS
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
