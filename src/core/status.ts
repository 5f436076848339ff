/** What the sender is told about a message; `Read` comes with receipts. */
export type Status = 'Waiting' | 'Sent' | 'Delivered' | 'Failed'

/** How far one other device has come with one of our feeds, as far as we know. */
export interface Reach {
  /** Highest seq its `have` confirmed: on that device's disk. */
  readonly delivered: number
  /** Highest seq that left on the link that is open now; falls back to `delivered` when that link ends. */
  readonly sent: number
}

export const NOWHERE: Reach = { delivered: 0, sent: 0 }

/** Never claims more than `have` and the open link prove. */
export function statusOf(seq: number, reach: Reach): Status {
  if (seq <= reach.delivered) return 'Delivered'
  return seq <= reach.sent ? 'Sent' : 'Waiting'
}
