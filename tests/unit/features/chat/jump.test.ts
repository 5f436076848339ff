import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Conversation } from '../../../../src/core/conversation.ts'
import { recordKey } from '../../../../src/core/record.ts'
import { Chat } from '../../../../src/features/chat/chat.svelte.ts'
import type { Engine } from '../../../../src/features/context.ts'
import type { Store } from '../../../../src/store/store.ts'
import type { StoredRecord } from '../../../../src/store/tables.ts'
import { fakeStore } from '../../../e2e/gallery/fake-store.ts'
import { conversationOf, keyOf, localOf, ME, metContact, recordOf } from '../../../e2e/gallery/people.ts'

const ANN = keyOf('Ann')
const ID = conversationOf('Ann')
const LOCAL = localOf('Ann')

function at(seq: number, author = ANN, clock = 10 * seq): StoredRecord {
  return recordOf('Ann', author, { seq, clock }, { kind: 'text', text: String(seq) })
}
const key = (seq: number): string => recordKey(at(seq).record)

/** A store that counts its messages as the engine does. */
async function written(count: number): Promise<Store> {
  const store = fakeStore()
  const circle = { kind: 'pair', peer: ANN } as const
  const chat: Conversation = { id: ID, circle, local: LOCAL, active: 0, unread: 0, messages: 0 }
  await store.commit([
    { table: 'contacts', put: metContact('Ann', 'verified') },
    { table: 'conversations', put: chat },
  ])
  await write(
    store,
    Array.from({ length: count }, (_, i) => at(i + 1)),
  )
  return store
}

async function write(store: Store, rows: StoredRecord[]): Promise<void> {
  const chat = await store.get('conversations', ID)
  if (!chat) throw new Error('there is no chat')
  const known = await Promise.all(rows.map(({ record }) => store.get('records', recordKey(record))))
  const shown = (row: StoredRecord | undefined) => (row?.message && !row.message.hidden ? 1 : 0)
  const more = rows.reduce((sum, row, i) => sum + shown(row) - shown(known[i]), 0)
  const newest = rows.reduce((top, { order }) => Math.max(top, order), chat.newest?.clock ?? 0)
  const counted = { messages: chat.messages + more, newest: { clock: newest, author: ANN, seq: 0 } }
  await store.commit([
    ...rows.map((put) => ({ table: 'records', put }) as const),
    { table: 'conversations', put: { ...chat, ...counted } },
  ])
}

async function hide(store: Store, seq: number): Promise<void> {
  const row = await store.get('records', key(seq))
  if (row?.message) await write(store, [{ ...row, message: { ...row.message, hidden: true } }])
}

function open(store: Store): Chat {
  return new Chat({ me: ME, store } as Engine, ID)
}

const failures: unknown[] = []
vi.stubGlobal('reportError', (error: unknown) => failures.push(error))
afterEach(() => expect(failures).toEqual([]))

const shown = (chat: Chat) => chat.view.lines.flatMap(({ row }) => (row.kind === 'message' ? [row] : []))
const texts = (chat: Chat) => shown(chat).map(({ message }) => message.seq)
const positions = (chat: Chat) => shown(chat).map(({ position }) => position)
/** The places of what is shown among everything that can be shown. */
async function places(chat: Chat, store: Store): Promise<number[]> {
  const all = await store.pageAfter(LOCAL, { after: -Infinity, limit: 100_000 })
  const visible = all.filter(({ message }) => message && !message.hidden).sort((a, b) => a.order - b.order)
  const place = new Map(visible.map(({ record }, i) => [recordKey(record), i + 1]))
  return shown(chat).map((row) => place.get(row.key) ?? NaN)
}
const known = (chat: Chat) => vi.waitFor(() => expect(positions(chat)).not.toContain(undefined))

describe('what is written while a chat is open', () => {
  it('in many transactions at once is drawn together, in order, and each of it is heard once', async () => {
    const store = await written(300)
    const chat = open(store)
    await chat.settled
    const heard: number[] = []
    chat.onHeard = ({ seq }) => heard.push(seq)
    const drawn = vi.spyOn(store, 'all')
    const more = Array.from({ length: 40 }, (_, i) => 301 + i)
    await Promise.all(more.map((seq) => write(store, [at(seq)])))
    await chat.settled
    expect(texts(chat).slice(-41)).toEqual([300, ...more])
    expect(heard).toEqual(more)
    expect(drawn.mock.calls.length).toBeLessThan(10)
  })
})

describe('a jump', () => {
  it('leads to a message anywhere in the chat, with what stands around it', async () => {
    const chat = open(await written(5000))
    await chat.settled
    expect(texts(chat).at(-1)).toBe(5000)
    expect(await chat.jump(key(1234))).toBe(true)
    expect(texts(chat)).toContain(1234)
    expect(texts(chat)).toHaveLength(220)
    expect(chat.view.goal).toEqual({ at: 'message', key: key(1234) })
    expect(chat.view.ended).toBe(false)
  })

  it('reads nothing where the message is loaded', async () => {
    const chat = open(await written(1000))
    await chat.settled
    const { part } = chat.view
    expect(await chat.jump(key(990))).toBe(true)
    expect(chat.view.part).toBe(part)
  })

  it('goes there at once from a chat that was not open yet', async () => {
    const store = await written(1000)
    const read = vi.spyOn(store, 'page')
    const chat = open(store)
    expect(await chat.jump(key(300))).toBe(true)
    expect(chat.view.part).toBe(1)
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('says so where there is no such message, and stays where it is', async () => {
    const store = await written(1000)
    await hide(store, 7)
    const chat = open(store)
    expect(await chat.jump(key(7))).toBe(false)
    expect(await chat.jump(key(2000))).toBe(false)
    expect(await chat.jump('nonsense')).toBe(false)
    expect(texts(chat).at(-1)).toBe(1000)
  })

  it('goes on both ways, and back to the end', async () => {
    const chat = open(await written(1000))
    await chat.jump(key(500))
    chat.loadOlder()
    await chat.settled
    chat.loadNewer()
    await chat.settled
    expect([texts(chat)[0], texts(chat).at(-1)]).toEqual([170, 829])
    chat.latest()
    await chat.settled
    expect(texts(chat)).toEqual(Array.from({ length: 220 }, (_, i) => i + 781))
    expect(chat.view.ended).toBe(true)
    expect(chat.view.goal).toEqual({ at: 'end' })
  })

  it('near the end loads what must be in the page there', async () => {
    const chat = open(await written(1000))
    await chat.jump(key(700))
    expect(chat.view.ended).toBe(false)
    await chat.jump(key(930))
    expect(chat.view.ended).toBe(true)
    expect(texts(chat).length).toBeGreaterThanOrEqual(200)
  })
})

describe('in the middle of a chat', () => {
  it('what others say is heard though it is not on the screen, and is there further down', async () => {
    const store = await written(1000)
    const chat = open(store)
    await chat.jump(key(300))
    const heard: number[] = []
    chat.onHeard = ({ seq }) => heard.push(seq)
    await write(store, [at(1001)])
    await chat.settled
    expect(heard).toEqual([1001])
    expect(texts(chat)).not.toContain(1001)
    // Somebody changes what they said long ago.
    await write(store, [at(900)])
    await chat.settled
    expect(heard).toEqual([1001])
  })

  it('whoever says something is brought to it', async () => {
    const store = await written(1000)
    const chat = open(store)
    await chat.jump(key(300))
    await write(store, [at(1001, ME)])
    await vi.waitFor(() => expect(texts(chat).at(-1)).toBe(1001))
    expect(chat.view.goal).toEqual({ at: 'end' })
  })
})

describe('the place of a message in the chat', () => {
  it('is counted in the middle, and right from the first time it is told', async () => {
    const store = await written(5000)
    for (const seq of [3, 400, 1200, 4999]) await hide(store, seq)
    const chat = open(store)
    await chat.jump(key(1234))
    await known(chat)
    expect(positions(chat)).toEqual(await places(chat, store))
    expect(shown(chat).find(({ message }) => message.seq === 1234)?.position).toBe(1234 - 3)
  })

  it('stays right whatever is read, written and hidden meanwhile', async () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('jump' as const), seq: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ kind: fc.constant('hide' as const), seq: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ kind: fc.constant('late' as const), seq: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ kind: fc.constantFrom('new', 'older', 'newer', 'latest', 'wait') }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        const store = await written(900)
        const chat = open(store)
        for (const [i, what] of acts.entries()) {
          if ('seq' in what) {
            if (what.kind === 'jump') void chat.jump(key(what.seq))
            else if (what.kind === 'hide') await hide(store, what.seq)
            else await write(store, [at(5000 + i, ANN, 10 * what.seq + 5)])
          } else if (what.kind === 'new') await write(store, [at(9000 + i, ANN, 100_000 + i)])
          else if (what.kind === 'older') chat.loadOlder()
          else if (what.kind === 'newer') chat.loadNewer()
          else if (what.kind === 'latest') chat.latest()
          else await chat.settled
        }
        await chat.settled
        await known(chat)
        await chat.settled
        expect(positions(chat)).toEqual(await places(chat, store))
        chat.close()
      }),
      { numRuns: 40 },
    )
  })
})
