import { describe, expect, it } from 'vitest'
import type { Message } from '../../../../src/core/conversation.ts'
import { confirmed, NOWHERE, type Reach } from '../../../../src/core/status.ts'
import { feedOf } from '../../../../src/core/record.ts'
import { progressOf, readProgress, type Manners } from '../../../../src/features/chat/progress.ts'
import { formerVersions, summaryOf } from '../../../../src/features/chat/message/details.ts'
import { reachKey } from '../../../../src/store/tables.ts'
import { fakeStore } from '../../../e2e/gallery/fake-store.ts'
import { incarnationOf, keyOf, ME, membershipOf, recordOf } from '../../../e2e/gallery/people.ts'

const NAMES = ['Ann', 'Ben', 'Cem']
const GROUP = { group: true, receipts: true }

function said(seq: number, more: Partial<Message> = {}): Message {
  const { record, message } = recordOf('Choir', ME, { seq, clock: seq }, { kind: 'text', text: 'x' })
  if (!message) throw new Error('not a message')
  return { ...message, record, ...more }
}

/** How far the fifth message of ours has come, when its readers have come so far. */
async function progress(
  reaches: Record<string, Reach>,
  {
    manners = GROUP,
    left = 0,
    message = said(5),
  }: { manners?: Manners; left?: number; message?: Message } = {},
) {
  const store = fakeStore()
  const feed = feedOf(message.record)
  await store.commit([
    ...Object.entries(reaches).map(
      ([name, reach]) => ({ table: 'reaches', put: { feed, peer: keyOf(name), ...reach } }) as const,
    ),
    {
      table: 'feeds',
      put: { ...feed, seq: 9, head: new Uint8Array(32), clock: 9, era: message.record.era, left },
    },
  ])
  const known = await readProgress(store, [message], membershipOf('Choir', NAMES, 'me'))
  return progressOf(message, known, manners)
}

const reach = (delivered: number, read = 0): Reach => ({ delivered, sent: delivered, read })

describe('how far a message to a group has come', () => {
  it('is told by the one who has come least far', async () => {
    expect((await progress({})).status).toBe('Waiting')
    expect((await progress({ Ann: reach(5), Ben: reach(5) })).status).toBe('Sent')
    expect((await progress({ Ann: reach(5), Ben: reach(5), Cem: reach(5) })).status).toBe('Delivered')
    const read = { Ann: reach(5, 5), Ben: reach(5, 5), Cem: reach(6, 6) }
    expect((await progress(read)).status).toBe('Read')
  })

  it('is Sent once it left this device: others pass it on', async () => {
    expect((await progress({}, { left: 5 })).status).toBe('Sent')
    expect((await progress({}, { left: 4 })).status).toBe('Waiting')
    expect((await progress({}, { left: 5, manners: { group: false, receipts: false } })).status).toBe(
      'Waiting',
    )
  })

  it('says nothing of reading where nobody tells', async () => {
    const read = { Ann: reach(5, 5), Ben: reach(5, 5), Cem: reach(5, 5) }
    const { status, readers } = await progress(read, { manners: { group: true, receipts: false } })
    expect([status, ...readers.map((reader) => reader.status)]).toEqual(Array(4).fill('Delivered'))
  })

  it('has failed for good when it has', async () => {
    expect((await progress({}, { message: said(5, { failed: 'removed' }) })).status).toBe('Failed')
  })

  it('is known for each reader, with the time', async () => {
    const { readers } = await progress({ Ann: confirmed(NOWHERE, 7, 1234), Ben: NOWHERE })
    expect(readers.map(({ who, status, deliveredAt }) => [who, status, deliveredAt])).toEqual([
      [keyOf('Ann'), 'Delivered', 1234],
      [keyOf('Ben'), 'Waiting', undefined],
      [keyOf('Cem'), 'Waiting', undefined],
    ])
  })

  it('is read once for each life of this device', async () => {
    const store = fakeStore()
    const own = said(5)
    const known = await readProgress(store, [own], membershipOf('Choir', NAMES, 'me'))
    const keys = [...known.reaches.keys()]
    expect(keys).toContain(reachKey({ feed: feedOf(own.record), peer: keyOf('Ann') }))
    expect(known.left.get(incarnationOf(ME))).toBe(0)
  })
})

describe('the details', () => {
  it('sum up who has it', async () => {
    const sum = async (reaches: Record<string, Reach>) => summaryOf(await progress(reaches))
    expect(await sum({ Ann: reach(5), Ben: reach(5) })).toBe('Delivered to 2 of 3')
    expect(await sum({ Ann: reach(5, 5), Ben: reach(5) })).toBe('Delivered to 2 of 3, read by 1')
    expect(await sum({ Ann: reach(5), Ben: reach(5), Cem: reach(5) })).toBe('Delivered to all 3')
    expect(await sum({ Ann: reach(5, 5), Ben: reach(5, 5), Cem: reach(5, 5) })).toBe('Read by all 3')
    expect(summaryOf({ status: 'Delivered', readers: [] })).toBe('Stored on this device')
  })

  it('show what it said before, the newest first', () => {
    const edit = (text: string, clock: number) => ({
      text,
      clock,
      incarnation: incarnationOf(ME),
      seq: clock,
    })
    expect(formerVersions(said(5))).toEqual([])
    expect(formerVersions(said(5, { edits: [edit('y', 6), edit('z', 7)] }))).toEqual([
      { text: 'y', at: 6 },
      { text: 'x', at: 5 },
    ])
  })
})
