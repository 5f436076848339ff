import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { openDexieRows } from '../../../src/store/dexie-rows.ts'
import { StorageFull, type Rows } from '../../../src/store/rows.ts'
import { memoryRows } from '../../support/memory-rows.ts'
import { ROWS_SUITE } from './rows-suite.ts'

let made = 0
const dexie = (lost = () => undefined): Rows => openDexieRows(`rows ${String((made += 1))}`, lost)

describe.each<[string, () => Rows]>([
  ['in IndexedDB', dexie],
  ['in memory', memoryRows],
])('rows %s', (_, open) => {
  test.each(ROWS_SUITE.map((one) => [one.name, one] as const))('%s', async (_, { run }) => {
    const rows = open()
    await run(rows)
    rows.close()
  })
})

describe('rows in IndexedDB', () => {
  beforeEach(() => {
    vi.restoreAllMocks()
  })
  const row = { id: 'a', conversation: 0, order: 0, sealed: new Uint8Array(3) }

  test('every commit asks for the disk, not for its cache', async () => {
    const asked = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const rows = dexie()
    await rows.commit([{ table: 'records', put: row }])
    const writing = asked.mock.calls.filter(([, mode]) => mode === 'readwrite')
    expect(writing.map(([, , options]) => options)).toEqual([{ durability: 'strict' }])
    rows.close()
  })

  test('a full disk is told as one, and nothing was written', async () => {
    const rows = dexie()
    await rows.commit([{ table: 'contacts', put: row }])
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError')
    })
    const refused = rows.commit([
      { table: 'records', put: row },
      { table: 'contacts', remove: 'a' },
    ])
    await expect(refused).rejects.toThrow(StorageFull)
    vi.restoreAllMocks()
    expect(await rows.all('records')).toEqual([])
    expect(await rows.all('contacts')).toHaveLength(1)
    rows.close()
  })

  test('a connection that the browser closed is opened anew', async () => {
    const rows = dexie()
    await rows.commit([{ table: 'contacts', put: row }])
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('closed', 'InvalidStateError')
    })
    await rows.commit([{ table: 'records', put: row }])
    expect(await rows.all('records')).toHaveLength(1)
    rows.close()
  })

  test('what was committed is there for the next who opens it; a newer page makes this one let go', async () => {
    const lost = vi.fn()
    const first = openDexieRows('one place', lost)
    await first.commit([{ table: 'records', put: row }])
    const second = openDexieRows('one place', () => undefined)
    expect(await second.get('records', 'a')).toBeDefined()
    second.close()
    expect(lost).not.toHaveBeenCalled()
    const request = indexedDB.open('one place', 99)
    await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce())
    await vi.waitFor(() => expect(request.readyState).toBe('done'))
    request.result.close()
  })
})
