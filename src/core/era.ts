/** When in a conversation's life something was composed: compared by generation, then epoch (PROTOCOL §5). */
export interface Era {
  readonly generation: number
  readonly epoch: number
}

/** Neither number of an era goes beyond four bytes. */
export const MAX_ERA = 2 ** 32 - 1

/** Generations that may have begun without us: whoever speaks of later ones means to leave no number for the next. */
const MAX_LEAP = 1_024

/** Whether somebody in the one era can have got to the other by now, as far as anybody needs to believe. */
export function isWithinReach(era: Era, present: Era): boolean {
  return era.generation <= present.generation + MAX_LEAP
}

/** Before there is a group. */
export const FIRST_ERA: Era = { generation: 0, epoch: 0 }

/** Below zero: `a` is earlier. */
export function compareEras(a: Era, b: Era): number {
  return a.generation === b.generation ? a.epoch - b.epoch : a.generation - b.generation
}

export function sameEra(a: Era, b: Era): boolean {
  return compareEras(a, b) === 0
}

/** What the next commit begins. */
export function nextEpoch({ generation, epoch }: Era): Era {
  return { generation, epoch: epoch + 1 }
}
