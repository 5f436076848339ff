/** When in a conversation's life something was composed: compared by generation, then epoch (PROTOCOL §5). */
export interface Era {
  readonly generation: number
  readonly epoch: number
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
