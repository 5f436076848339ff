/**
 * Blocks that may be on their way without word that they are on the other side's disk. A browser cannot stop what
 * arrives, it can only keep it in memory: this is what bounds that memory. A receiver drops what exceeds it.
 */
export const CREDIT_BLOCKS = 16
/** What we use of it: enough for 80 MB/s at 100 ms, and half the memory. */
export const AHEAD_BLOCKS = 8

/** What a step of a transfer gives: the state after it, and what is to be done now, in this order. */
export interface Stepped<State, Effect> {
  readonly state: State
  readonly effects: Effect[]
}

/** Nothing changes; what came is late or hostile, and counted. */
export function dropped<State>(state: State): Stepped<State, { do: 'count' }> {
  return { state, effects: [{ do: 'count' }] }
}

/** Nothing changes, and nobody is to blame. */
export function unchanged<State>(state: State): Stepped<State, never> {
  return { state, effects: [] }
}
