/** How time passes: the page's own, or a simulated one. */
export interface Timers {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls once after so many milliseconds, unless the returned function is called before. */
  after(ms: number, call: () => void): () => void
}
