import type { Lanes } from './lanes.ts'
import type { Ledger } from './ledger.ts'
import type { Receivers } from './receivers.ts'
import type { FilesDeps } from './types.ts'
import type { Untold } from './untold.ts'

/** What both sides of a transfer work with. */
export interface Parts {
  readonly deps: FilesDeps
  readonly ledger: Ledger
  readonly untold: Untold
  readonly receivers: Receivers
  /** Asked for late: the lanes need both sides as well. */
  lanes(): Lanes
  /** Counts what is late or hostile. */
  drop(): void
  /** Something began or ended. */
  changed(): void
}
