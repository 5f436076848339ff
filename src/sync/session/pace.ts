/** Records taken in by one transaction at the most. */
export const BATCH = 128
/** Records that are sent ahead of what the other side has confirmed: its disk may be slower than the link. */
export const AHEAD = 4 * BATCH
