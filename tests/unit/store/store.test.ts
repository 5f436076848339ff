import { expect, test } from 'vitest'
import type { Contact } from '../../../src/core/contact.ts'
import { createVault } from '../../../src/crypto/vault.ts'
import { DuplicateRow, TABLES } from '../../../src/store/rows.ts'
import { openDeviceVault, type Slots } from '../../../src/store/slots.ts'
import { createStore, type Change } from '../../../src/store/store.ts'
import type { Slot } from '../../../src/crypto/vault.ts'
import { memoryRows, type Disk } from '../../support/memory-rows.ts'
import {
  addressOfNumber,
  bytesOf,
  conversationOf,
  feedIdOf,
  identityOf,
  incarnationOf,
} from '../../support/samples.ts'

const SECRETS = ['Canary Bird', 'a planted sentence', 'planted draft']
const contact: Contact = {
  ...{ stage: 'met', identity: identityOf(0xc1), conversation: conversationOf(0xc2), name: 'Canary Bird' },
  ...{ address: addressOfNumber(0xc3), trust: 'verified', knockKey: bytesOf(32, 0xc4) },
  incarnation: incarnationOf(0xc5),
}
const chat: Change = {
  table: 'conversations',
  put: {
    ...{ id: contact.conversation, circle: { kind: 'pair', peer: contact.identity }, local: 7 },
    ...{ active: 5, unread: 1, messages: 1 },
    ...{ draft: 'planted draft', last: { author: contact.identity, text: 'a planted sentence' } },
  },
}
function message(seq: number, order: number): Change {
  const content = { kind: 'text' as const, clock: order, body: bytesOf(20, 0xc6), salt: bytesOf(8, 1) }
  const feed = feedIdOf(0xc1)
  const era = { generation: 0, epoch: 0 }
  const record = {
    ...feed,
    seq,
    era,
    inner: bytesOf(32, 1),
    signature: bytesOf(64, 0xc7),
    form: 'record' as const,
    content,
  }
  const text = 'a planted sentence'
  const shown = { author: feed.author, seq, clock: order, body: { kind: 'text' as const, text } }
  return { table: 'records', add: { record, local: 7, order, head: bytesOf(32, 2), message: shown } }
}

async function open(disk: Disk = new Map(), before?: () => Promise<void>) {
  const { vault } = await createVault()
  return createStore(memoryRows(disk, before ? { before } : {}), vault)
}

test('what is written is read again, by name, by table and by page', async () => {
  const store = await open()
  await store.commit([{ table: 'contacts', put: contact }, chat, message(1, 10), message(2, 20)])
  expect(await store.get('contacts', contact.identity)).toEqual(contact)
  expect(await store.get('contacts', identityOf(1))).toBeUndefined()
  expect(await store.all('conversations')).toEqual(['put' in chat ? chat.put : undefined])
  const page = await store.page(7, { before: 20, limit: 5 })
  expect(page.map(({ order }) => order)).toEqual([10])
  await store.commit([{ table: 'contacts', remove: contact.identity }])
  expect(await store.all('contacts')).toEqual([])
})

test('a thief of the disk reads no name, no word, no key and no id', async () => {
  const disk: Disk = new Map()
  const store = await open(disk)
  await store.commit([{ table: 'contacts', put: contact }, chat, message(1, 10)])
  const rows = [...disk.values()].flatMap((table) => [...table.values()])
  expect(rows).toHaveLength(3)
  const raw = rows
    .map((row) => Buffer.from(row.sealed).toString('latin1') + JSON.stringify({ ...row, sealed: 0 }))
    .join()
  const bytes = Buffer.from(raw, 'latin1')
  for (const secret of SECRETS) expect(raw).not.toContain(secret)
  for (const n of [0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7]) {
    expect(bytes.includes(Buffer.from(bytesOf(6, n)))).toBe(false)
    expect(raw).not.toContain(n.toString(16).repeat(6))
  }
  for (const { id, sealed } of rows) {
    expect(id).toMatch(/^[0-9a-f]{24}$/)
    expect((sealed.length - 28) % 64).toBe(0)
  }
})

test('a row that was moved or changed on the disk does not open', async () => {
  const disk: Disk = new Map()
  const { vault } = await createVault()
  await createStore(memoryRows(disk), vault).commit([
    { table: 'contacts', put: contact },
    { table: 'settings', put: { name: 'a', value: 1 } },
  ])
  const [contacts, settings] = [disk.get('contacts'), disk.get('settings')]
  const [[id, row] = []] = [...(contacts ?? [])]
  const [[there, other] = []] = [...(settings ?? [])]
  if (!id || !row || !there || !other) throw new Error('nothing was stored')
  // Opened anew: what was written here is still known without the disk.
  const store = createStore(memoryRows(disk), vault)
  settings?.set(there, { ...other, sealed: row.sealed })
  await expect(store.all('settings')).rejects.toThrow('does not open')
  contacts?.set(id, { ...row, sealed: row.sealed.with(20, 1 ^ (row.sealed[20] ?? 0)) })
  await expect(store.get('contacts', contact.identity)).rejects.toThrow('does not open')
})

test('watchers hear what was touched, after it is on the disk and after the writer has taken it over', async () => {
  const order: string[] = []
  const disk: Disk = new Map()
  const store = await open(disk, async () => void order.push('writing'))
  const forget = store.watch(({ tables, records }) => {
    const seqs = records.map(({ record }) => record.seq)
    order.push(`heard ${[...tables].join()} ${seqs.join()} ${String(disk.get('records')?.size)}`)
  })
  await store.commit([chat, message(1, 10)], () => order.push('done'))
  expect(order).toEqual(['writing', 'done', 'heard conversations,records 1 1'])
  forget()
  await store.commit([chat])
  expect(order).toHaveLength(4)
})

test('nobody hears of a commit that failed, and nothing of it is there', async () => {
  const store = await open()
  await store.commit([message(1, 10)])
  const heard: unknown[] = []
  store.watch((touched) => heard.push(touched))
  await expect(store.commit([chat, message(1, 99)], () => heard.push('done'))).rejects.toThrow(DuplicateRow)
  expect(heard).toEqual([])
  expect(await store.all('conversations')).toEqual([])
})

test('each table names its values apart', async () => {
  const disk: Disk = new Map()
  const store = await open(disk)
  for (const table of ['settings', 'settings'])
    await store.commit([{ table: 'settings', put: { name: table, value: 1 } }])
  expect(disk.get('settings')?.size).toBe(1)
  expect(TABLES).toHaveLength(new Set(TABLES).size)
})

test('the vault of a device is made once and opens what it sealed after a restart', async () => {
  let slot: Slot | undefined
  const slots: Slots = {
    load: async () => slot,
    save: async (made) => void (slot = made),
  }
  const disk: Disk = new Map()
  await createStore(memoryRows(disk), await openDeviceVault(slots)).commit([
    { table: 'contacts', put: contact },
  ])
  const again = createStore(memoryRows(disk), await openDeviceVault(slots))
  expect(await again.get('contacts', contact.identity)).toEqual(contact)
})

test('messages on the screen are counted without being opened; what is hidden or only housekeeping is not', async () => {
  const store = await open()
  const [hidden, note] = [message(3, 30), message(4, 40)]
  if (hidden.table !== 'records' || !('add' in hidden) || note.table !== 'records' || !('add' in note))
    throw new Error('no record')
  await store.commit([message(1, 10), message(2, 20), hidden])
  const { message: shown, ...rest } = hidden.add
  const { message: _, ...housekeeping } = note.add
  const all = { after: 0, upTo: 100, limit: 10 }
  expect((await store.stride(7, all)).count).toBe(3)
  await store.commit([
    { table: 'records', put: { ...rest, ...(shown && { message: { ...shown, hidden: true } }) } },
    { table: 'records', put: housekeeping },
  ])
  expect((await store.stride(7, all)).count).toBe(2)
  const page = await store.pageAfter(7, { after: 10, limit: 2 })
  expect(page.map(({ order }) => order)).toEqual([20, 30])
})
