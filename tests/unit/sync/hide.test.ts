import { beforeEach, expect, test } from 'vitest'
import type { Manifest } from '../../../src/core/body.ts'
import { fileId } from '../../../src/core/ids.ts'
import { recordKey } from '../../../src/core/record.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import { createActs, type Acts } from '../../../src/sync/acts.ts'
import { createPurge } from '../../../src/sync/hide.ts'
import type { StoredRecord, Transfer } from '../../../src/store/tables.ts'
import {
  acquaint,
  desk,
  noDelivery,
  placeOf,
  rowAt,
  rowsOf,
  say,
  take,
  type Desk,
} from '../../support/desk.ts'
import { act } from '../../support/party.ts'
import { bytesOf } from '../../support/samples.ts'
import { rest } from '../../support/session-wire.ts'

let alice: Desk, bob: Desk, acts: Acts
const failures: unknown[] = []
beforeEach(async () => {
  failures.length = 0
  ;[alice, bob] = [await desk('Alice', 1), await desk('Bob', 2)]
  await acquaint(alice, bob)
  acts = createActs(alice.ledger, alice.author, noDelivery(alice))
})

const FILE = fileId('00'.repeat(16))
const MANIFEST: Manifest = {
  ...{ file: FILE, name: 'a.txt', type: '', size: 1, key: bytesOf(32, 1), blockSize: 1024 },
}

/** The newest record of the chat. */
async function newest(): Promise<StoredRecord> {
  const row = (await rowsOf(alice, bob)).at(-1)
  if (!row) throw new Error('nothing was said')
  return row
}

async function delivered(): Promise<void> {
  const { record } = await newest()
  const { conversation, author, incarnation, seq } = record
  await act(alice, (draft) => {
    draft.put('reaches', {
      feed: { conversation, author, incarnation },
      peer: bob.me,
      delivered: seq,
      sent: seq,
    })
  })
}

async function sweep(): Promise<void> {
  createPurge({ ledger: alice.ledger, store: alice.store, failed: (error) => failures.push(error) }).look()
  await rest(alice)
  await rest(alice)
  expect(failures).toEqual([])
}

function transferred(state: Transfer['state']): Promise<void> {
  const row = {
    file: FILE,
    manifest: MANIFEST,
    peer: bob.me,
    direction: 'sending',
    blocks: 0,
    total: 1,
  } as const
  return alice.store.commit([{ table: 'transfers', put: { ...row, state } }])
}

test('what bob is still to get keeps its words until it is on his disk; then nothing of them is left', async () => {
  await say(alice, bob, 'not here')
  const { record } = await newest()
  await acts.hide(recordKey(record))
  await sweep()
  expect((await rowAt(alice, record)).message).toMatchObject({ hidden: true, body: { text: 'not here' } })
  await delivered()
  await sweep()
  const row = await rowAt(alice, record)
  expect([row.record.form, row.message]).toEqual(['tombstone', undefined])
  expect(row.record).not.toHaveProperty('content')
  expect(await alice.store.all('concealed')).toEqual([])
  expect(alice.ledger.state.conversations.get(placeOf(alice, bob))).toMatchObject({ messages: 0 })
})

test('what all have is gone at once', async () => {
  await say(alice, bob, 'not here')
  await delivered()
  const { record } = await newest()
  await acts.hide(recordKey(record))
  expect((await rowAt(alice, record)).message).toBeUndefined()
  expect(await alice.store.all('concealed')).toEqual([])
})

test('a file stays until bob has all of it, or does not want it', async () => {
  await say(alice, bob, { kind: 'file', manifest: MANIFEST })
  await delivered()
  await transferred({ at: 'waiting' })
  const { record } = await newest()
  await acts.hide(recordKey(record))
  await sweep()
  expect((await rowAt(alice, record)).message).toMatchObject({ hidden: true, body: { kind: 'file' } })
  expect(await alice.store.all('discards')).toEqual([])
  await transferred({ at: 'complete' })
  await sweep()
  expect((await rowAt(alice, record)).message).toBeUndefined()
  expect(await alice.store.all('discards')).toEqual([{ file: FILE, author: alice.me }])
})

test('a file that bob takes back is to go, and is not asked for when both come at once', async () => {
  const said = await say(bob, alice, { kind: 'file', manifest: MANIFEST })
  const [{ author, incarnation, seq }] = said.slice(-1) as [RecordOnWire]
  const takenBack = await say(bob, alice, { kind: 'delete', target: { author, incarnation, seq } })
  const { stored } = await take(alice, bob, [...said, ...takenBack])
  expect(stored).toHaveLength(4)
  expect(stored.filter(({ message }) => message?.body)).toEqual([])
  expect(await alice.store.all('discards')).toEqual([{ file: FILE, author: bob.me }])
})
