import { Dexie, type Table } from 'dexie'
import {
  DuplicateRow,
  StorageFull,
  TABLES,
  type Row,
  type RowChange,
  type Rows,
  type TableName,
} from './rows.ts'

/** Rows in IndexedDB. `onLost` is told when the browser takes the database away (another version, cleared data). */
export function openDexieRows(name: string, onLost: () => void): Rows {
  const db = new Dexie(name, { chromeTransactionDurability: 'strict' })
  db.version(1).stores(Object.fromEntries(TABLES.map((table) => [table, 'id, [conversation+order]'])))
  db.on('versionchange', () => {
    db.close()
    onLost()
  })
  const table = (name: TableName): Table<Row, string> => db.table(name)

  return {
    get: (name, id) => table(name).get(id),
    all: (name) => table(name).toArray(),
    page: (name, conversation, range) => page(table(name), conversation, range),
    commit: (changes) => commit(db, changes),
    close: () => {
      db.close()
    },
  }
}

async function page(
  table: Table<Row, string>,
  conversation: number,
  range: { before: number; limit: number },
) {
  const below = (upper: number, open: boolean) =>
    table
      .where('[conversation+order]')
      .between([conversation, Dexie.minKey], [conversation, upper], true, !open)
  const rows = await below(range.before, true).reverse().limit(range.limit).toArray()
  const oldest = rows.at(-1)?.order
  if (oldest === undefined || rows.length < range.limit) return rows
  const ties = await table.where({ conversation, order: oldest }).toArray()
  return [...rows.filter((row) => row.order !== oldest), ...ties]
}

async function commit(db: Dexie, changes: RowChange[]): Promise<void> {
  const names = [...new Set(changes.map((change) => change.table))]
  try {
    await db.transaction('rw', names, async () => {
      await Promise.all(changes.map((change) => apply(db.table(change.table), change)))
    })
  } catch (error) {
    throw translated(error)
  }
}

async function apply(table: Table<Row, string>, change: RowChange): Promise<void> {
  if ('put' in change) await table.put(change.put)
  else if ('add' in change) await table.add(change.add)
  else await table.delete(change.remove)
}

function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const inner = 'inner' in error && error.inner instanceof Error ? error.inner.name : ''
  const names = [error.name, inner]
  if (names.includes('ConstraintError')) return new DuplicateRow('the row is there already', { cause: error })
  if (names.includes('QuotaExceededError')) return new StorageFull('the disk is full', { cause: error })
  return error
}
