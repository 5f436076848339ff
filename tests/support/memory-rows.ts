import { DuplicateRow, type Row, type RowChange, type Rows, type TableName } from '../../src/store/rows.ts'

/** What a disk holds; outlives the device that writes it, as a real one does. */
export type Disk = Map<TableName, Map<string, Row>>

/** What may happen around a commit. */
export interface CommitHooks {
  /** May throw (a full disk) or never resolve (a crash before anything was written). */
  before?(): Promise<void>
  /** May never resolve: a crash after all was written. */
  after?(): Promise<void>
}

export function memoryRows(disk: Disk = new Map(), { before, after }: CommitHooks = {}): Rows {
  const recordsOf = (conversation: number): Row[] =>
    [...table('records').values()]
      .filter((row) => row.conversation === conversation)
      .sort((a, b) => a.order - b.order)
  const table = (name: TableName): Map<string, Row> => {
    const known = disk.get(name) ?? new Map<string, Row>()
    disk.set(name, known)
    return known
  }
  return {
    get: (name, id) => Promise.resolve(table(name).get(id)),
    all: (name) => Promise.resolve([...table(name).values()]),
    page: (conversation, { before, limit }) => {
      const below = recordsOf(conversation)
        .filter(({ order }) => order < before)
        .reverse()
      const last = below[limit - 1]?.order ?? -Infinity
      return Promise.resolve(below.filter((row) => row.order >= last))
    },
    pageAfter: (conversation, { after, limit }) => {
      const above = recordsOf(conversation).filter(({ order }) => order > after)
      const last = above[limit - 1]?.order ?? Infinity
      return Promise.resolve(above.filter(({ order }) => order <= last))
    },
    stride: (conversation, { after, upTo, limit }) => {
      const above = recordsOf(conversation).filter(
        ({ order, shown }) => shown && order > after && order <= upTo,
      )
      const last = above[limit - 1]?.order
      const count = above.filter(({ order }) => order <= (last ?? Infinity)).length
      return Promise.resolve({ count, last })
    },
    commit: async (changes) => {
      await before?.()
      for (const [name, rows] of applied(disk, changes)) disk.set(name, rows)
      await after?.()
    },
    close: () => undefined,
  }
}

/** The tables that change, after all changes in their order. */
function applied(disk: Disk, changes: RowChange[]): Disk {
  const next: Disk = new Map()
  for (const change of changes) {
    const rows = next.get(change.table) ?? new Map(disk.get(change.table))
    next.set(change.table, rows)
    if ('remove' in change) rows.delete(change.remove)
    else if ('put' in change) rows.set(change.put.id, change.put)
    else if (rows.has(change.add.id)) throw new DuplicateRow('the row is there already')
    else rows.set(change.add.id, change.add)
  }
  return next
}

/** The disk as it is now, to be put back later. */
export function copyOf(disk: Disk): Disk {
  return new Map([...disk].map(([name, rows]) => [name, new Map(rows)]))
}
