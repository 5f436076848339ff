import { Dexie, type Table } from 'dexie'
import {
  DuplicateRow,
  StorageFull,
  TABLES,
  type Row,
  type RowChange,
  type Rows,
  type Stride,
  type TableName,
} from './rows.ts'

/** Rows in IndexedDB. `onLost` is told when the browser takes the database away (another version, cleared data). */
export function openDexieRows(name: string, onLost: () => void): Rows {
  const db = new Dexie(name, { chromeTransactionDurability: 'strict' })
  let closed = false
  const schema = (table: TableName): string =>
    table === 'records' ? 'id, [conversation+order], [conversation+shown+order]' : 'id'
  db.version(3).stores(Object.fromEntries(TABLES.map((table) => [table, schema(table)])))
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
    pageAfter: (conversation, range) => pageAfter(table('records'), conversation, range),
    stride: (conversation, range) => stride(table('records'), conversation, range),
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
  const below = table
    .where('[conversation+order]')
    .between([conversation, Dexie.minKey], [conversation, range.before], true, false)
  return withTies(table, await below.reverse().limit(range.limit).toArray(), range.limit)
}

async function pageAfter(
  table: Table<Row, string>,
  conversation: number,
  range: { after: number; limit: number },
) {
  const above = table
    .where('[conversation+order]')
    .between([conversation, range.after], [conversation, Dexie.maxKey], false, true)
  return withTies(table, await above.limit(range.limit).toArray(), range.limit)
}

/** What was read up to a limit, with all that share the last moment. */
async function withTies(table: Table<Row, string>, rows: Row[], limit: number): Promise<Row[]> {
  const last = rows.at(-1)
  if (!last || rows.length < limit) return rows
  const { conversation, order } = last
  const ties = await table.where({ conversation, order }).toArray()
  return [...rows.filter((row) => row.order !== order), ...ties]
}

async function stride(
  table: Table<Row, string>,
  conversation: number,
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
): Promise<Stride> {
  const until = (order: number) =>
    table
      .where('[conversation+shown+order]')
      .between([conversation, 1, after], [conversation, 1, order], false, true)
  const [key] = await until(upTo)
    .offset(limit - 1)
    .limit(1)
    .keys()
  const last = (key as unknown as number[] | undefined)?.[2]
  if (last === undefined) return { count: await until(upTo).count(), last }
  const ties = await table.where({ conversation, shown: 1, order: last }).count()
  return { count: ties === 1 ? limit : await until(last).count(), last }
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
