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
  let closed = false
  const schema = (table: TableName): string => (table === 'records' ? 'id, [conversation+order]' : 'id')
  db.version(2).stores(Object.fromEntries(TABLES.map((table) => [table, schema(table)])))
  db.on('versionchange', () => {
    closed = true
    db.close()
    onLost()
  })
  const table = (name: TableName): Table<Row, string> => db.table(name)

  return {
    get: (name, id) => table(name).get(id),
    all: (name) => table(name).toArray(),
    page: (conversation, range) => page(table('records'), conversation, range),
    commit: async (changes) => {
      // A closed store stays closed: another tab may be writing by now.
      if (closed) throw new Error('the store is closed')
      await commit(db, changes)
    },
    close: () => {
      closed = true
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

/**
 * Not by Dexie's own transaction, which waits for each answer before it lets the transaction end: `commit()` right
 * behind the last write saves a way to the disk and back, and here every message waits for it.
 */
async function commit(db: Dexie, changes: RowChange[]): Promise<void> {
  const transaction = await begin(db, [...new Set(changes.map((change) => change.table))])
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve()
    }
    transaction.onabort = () => {
      reject(translated(transaction.error))
    }
    try {
      for (const change of changes) apply(transaction.objectStore(change.table), change)
      transaction.commit()
    } catch (error) {
      transaction.abort()
      reject(translated(error))
    }
  })
}

async function begin(db: Dexie, names: TableName[]): Promise<IDBTransaction> {
  const open = async (): Promise<IDBTransaction> => {
    if (!db.isOpen()) await db.open()
    return db.backendDB().transaction(names, 'readwrite', { durability: 'strict' })
  }
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
    // iOS closes the connection of a page that slept and says nothing: once more, on a new one.
    db.close({ disableAutoOpen: false })
    return open()
  }
}

function apply(store: IDBObjectStore, change: RowChange): void {
  if ('put' in change) store.put(change.put)
  else if ('add' in change) store.add(change.add)
  else store.delete(change.remove)
}

function translated(error: unknown): Error {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'ConstraintError') return new DuplicateRow('the row is there already', { cause: error })
  if (name === 'QuotaExceededError') return new StorageFull('the disk is full', { cause: error })
  return error instanceof Error ? error : new Error('the browser gave the transaction up', { cause: error })
}
