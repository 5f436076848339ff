import type { Change, Goal } from './reading.ts'
import { alike, type Row } from './rows.ts'

/** A row's place in the list. It stays the same while the row in it changes, so that only this row is drawn again. */
export class Line {
  readonly key: string
  row: Row

  constructor(row: Row) {
    this.key = row.key
    this.row = $state.raw(row)
  }
}

/** The rows in their lines: those that were there before keep theirs. */
export function linesOf(rows: readonly Row[], before: readonly Line[]): Line[] {
  const known = new Map(before.map((line) => [line.key, line]))
  return rows.map((row) => {
    const line = known.get(row.key)
    if (!line) return new Line(row)
    if (!alike(row, line.row)) line.row = row
    return line
  })
}

/** What the list shows, replaced as a whole. */
export interface View {
  readonly lines: readonly Line[]
  /** Another number: another part of the chat, which has nothing to do with the one before. */
  readonly part: number
  /** The newest message is among the lines. */
  readonly ended: boolean
  readonly grown: Change['grown'] | undefined
  /** Where the list is to be put, once for each new object. */
  readonly goal: Goal | undefined
}
