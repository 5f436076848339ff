/** How time passes: the page's own, or a simulated one. */
export interface Timers {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds since a moment of this run. Unlike the clock it is never set, so spans are measured by it. */
  elapsed(): number
  /** Calls once after so many milliseconds, unless the returned function is called before. */
  after(ms: number, call: () => void): () => void
}
