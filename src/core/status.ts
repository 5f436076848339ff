/** What the sender is told about a message. */
export type Status = 'Waiting' | 'Sent' | 'Delivered' | 'Read' | 'Failed'

/** How far one other device has come with one of our feeds, as far as we know. */
export interface Reach {
  /** Highest seq its `have` confirmed: on that device's disk. */
  readonly delivered: number
  /** Highest seq that left on the link that is open now; falls back to `delivered` when that link ends. */
  readonly sent: number
  /** Highest seq that was on that person's screen, if they tell. */
  readonly read?: number
  /** When `delivered` came to each seq, milliseconds since 1970; the latest steps alone. */
  readonly steps?: readonly (readonly [seq: number, at: number])[]
}

export const NOWHERE: Reach = { delivered: 0, sent: 0 }

/** Steps that are kept for "when was it delivered". */
const MAX_STEPS = 32

/** The other device confirmed the feed up to `seq` at the time `at`. */
export function confirmed<T extends Reach>(reach: T, seq: number, at: number): T {
  const steps = [...(reach.steps ?? []), [seq, at] as const].slice(-MAX_STEPS)
  return { ...reach, delivered: seq, sent: Math.max(reach.sent, seq), steps }
}

/** When that record was confirmed, milliseconds since 1970; undefined if it was not, or that is long ago. */
export function deliveredAt(seq: number, { steps = [] }: Reach): number | undefined {
  const first = steps.findIndex(([reached]) => reached >= seq)
  // The oldest step that is known may stand for others before it.
  return first > 0 || (first === 0 && steps.length < MAX_STEPS) ? steps[first]?.[1] : undefined
}

/**
 * How far a record of ours has come with everybody it is for. Never claims more than `have` and the open links prove;
 * without anybody it is for it has arrived.
 */
export function statusOf(seq: number, reaches: readonly Reach[]): Status {
  if (reaches.length > 0 && reaches.every(({ read = 0 }) => seq <= read)) return 'Read'
  if (reaches.every(({ delivered }) => seq <= delivered)) return 'Delivered'
  return reaches.some(({ sent }) => seq <= sent) ? 'Sent' : 'Waiting'
}
