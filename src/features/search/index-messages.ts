import type { Doc, Found, Query } from './message-index.ts'

/** What the page asks of the index in its worker. */
export type Ask =
  | { readonly ask: 'put'; readonly docs: readonly Doc[] }
  | { readonly ask: 'remove'; readonly keys: readonly string[] }
  | { readonly ask: 'find'; readonly query: Query }

export type ToIndex = Ask & { readonly id: number }

/** Every question is answered, in the order in which they were asked. */
export interface FromIndex {
  readonly id: number
  readonly found?: Found
  /** Why it could not be done. */
  readonly error?: string
}
