import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileId } from '../../../../src/core/ids.ts'
import type { Message } from '../../../../src/core/conversation.ts'
import { createMessageIndex, type MessageIndex } from '../../../../src/features/search/message-index.ts'
import { Search } from '../../../../src/features/search/search.svelte.ts'
import type { Store } from '../../../../src/store/store.ts'
import type { StoredRecord } from '../../../../src/store/tables.ts'
import { fakeStore } from '../../../e2e/gallery/fake-store.ts'
import { chatOf, keyOf, localOf, ME, metContact, recordOf } from '../../../e2e/gallery/people.ts'

const failures: unknown[] = []
vi.stubGlobal('reportError', (error: unknown) => failures.push(error))
let store: Store
let search: Search | undefined

function said(seq: number, text: string, { chat = 'Ann', mine = false } = {}): StoredRecord {
  return recordOf(chat, mine ? ME : keyOf(chat), { seq, clock: 1000 * seq }, { kind: 'text', text })
}

function changed(row: StoredRecord, how: Partial<Message>): StoredRecord {
  return { ...row, ...(row.message && { message: { ...row.message, ...how } }) }
}

async function write(...rows: StoredRecord[]): Promise<void> {
  await store.commit(rows.map((put) => ({ table: 'records', put })))
}

function edit(text: string): Pick<Message, 'edits'> {
  const { incarnation } = said(1, '').record
  return { edits: [{ text, clock: 1, incarnation, seq: 99 }] }
}

function begin(index: MessageIndex = createMessageIndex()): Search {
  search = new Search({ me: ME, store }, index)
  return search
}

/** What stands in the list in the end. */
async function found(text: string, chat?: string): Promise<string[]> {
  const running = search ?? begin()
  const query = { text, chat: chat === undefined ? undefined : localOf(chat), limit: 50 }
  running.ask(query)
  await vi.waitFor(() => {
    expect(running.progress).toBeUndefined()
    expect(running.results?.query).toBe(query)
  })
  return shown()
}
const shown = (): string[] => {
  return (search?.results?.hits ?? []).map(({ pieces }) => pieces.map((piece) => piece.text).join(''))
}

interface Gate {
  readonly opened: Promise<void>
  open(): void
}

function gate(): Gate {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}

beforeEach(async () => {
  store = fakeStore()
  search = undefined
  for (const name of ['Ann', 'Cem']) {
    await store.commit([
      { table: 'contacts', put: metContact(name, 'verified') },
      { table: 'conversations', put: chatOf(name, 0, { messages: 3 }) },
    ])
  }
})

afterEach(() => {
  search?.close()
  expect(failures).toEqual([])
})

describe('somebody finds', () => {
  it('what was said in any chat, the newest first, with who said it', async () => {
    await write(
      said(1, 'plum cake'),
      said(2, 'plums!', { mine: true }),
      said(3, 'more plums', { chat: 'Cem' }),
    )
    expect(await found('plum')).toEqual(['more plums', 'plums!', 'plum cake'])
    expect(search?.results?.hits.map(({ by, own }) => [by, own])).toEqual([
      ['Cem', false],
      [undefined, true],
      ['Ann', false],
    ])
    expect(await found('plum', 'Cem')).toEqual(['more plums'])
  })

  it('what a message says now, the names of files and of people who were introduced', async () => {
    const manifest = {
      ...{ file: fileId('0'.repeat(32)), name: 'plum-cake.pdf', size: 1, type: '' },
      ...{ key: new Uint8Array(32), blockSize: 1 },
    }
    const file = recordOf('Ann', ME, { seq: 7, clock: 7000 }, { kind: 'file', manifest })
    await write(changed(said(1, 'the old words'), edit('the new words')), file)
    expect(await found('old')).toEqual([])
    expect(await found('new')).toEqual(['the new words'])
    expect(await found('plum pdf')).toEqual(['plum-cake.pdf'])
    expect(search?.results?.hits[0]?.file).toBe(true)
  })

  it('nothing that was deleted or hidden, or is no message', async () => {
    const { message: _, ...note } = said(3, 'plum three')
    await write(
      changed(said(1, 'plum one'), { body: undefined, deleted: true }),
      changed(said(2, 'plum two'), { hidden: true }),
      note,
    )
    expect(await found('plum')).toEqual([])
  })

  it('all of a long chat', async () => {
    await write(...Array.from({ length: 1234 }, (_, i) => said(i + 1, `number ${String(i + 1)}.`)))
    expect(await found('number 7')).toEqual(['number 7.'])
    await found('number')
    expect(search?.results).toMatchObject({ total: 1234 })
    expect(shown()).toHaveLength(50)
  })
})

describe('while it is being looked at', () => {
  it('what is new comes in', async () => {
    await found('plum')
    await write(said(1, 'a plum'))
    await vi.waitFor(() => expect(shown()).toEqual(['a plum']))
  })

  it('what is taken back is gone in the same moment', async () => {
    const row = said(1, 'a plum')
    await write(row, said(2, 'plums'))
    expect(await found('plum')).toHaveLength(2)
    const writing = write(changed(row, { body: undefined, deleted: true }))
    expect(shown()).toEqual(['plums'])
    await writing
    await vi.waitFor(() => expect(search?.results?.total).toBe(1))
    expect(await found('a')).toEqual([])
  })

  it('what is changed is found by what it says now', async () => {
    const row = said(1, 'a plum')
    await write(row)
    expect(await found('plum')).toEqual(['a plum'])
    await write(changed(row, edit('a pear')))
    await vi.waitFor(() => expect(shown()).toEqual([]))
    expect(await found('pear')).toEqual(['a pear'])
  })
})

describe('while everything is still being read', () => {
  it('the newest can be found already, and it tells how far it is', async () => {
    await write(...Array.from({ length: 300 }, (_, i) => said(i + 1, `plum ${String(i + 1)}`)))
    await store.commit([{ table: 'conversations', put: chatOf('Ann', 1, { messages: 300 }) }])
    const index = createMessageIndex()
    const slow = gate()
    let pages = 0
    const running = begin({
      ...index,
      put: async (docs) => {
        pages++
        if (pages > 1) await slow.opened
        await index.put(docs)
      },
    })
    await vi.waitFor(() => expect(running.progress).toEqual({ read: 100, of: 303 }))
    running.ask({ text: 'plum', limit: 5 })
    await vi.waitFor(() => expect(shown()[0]).toBe('plum 300'))
    slow.open()
    expect(await found('plum 7')).toEqual(
      ['plum 7', 'plum 79', 'plum 78', 'plum 77', 'plum 76', 'plum 75'].slice(0, 1),
    )
  })

  it('what is taken back meanwhile does not come up again', async () => {
    const row = said(1, 'a plum')
    await write(row)
    const page = store.page
    const [read, go] = [gate(), gate()]
    store.page = async (local, range) => {
      const rows = await page(local, range)
      read.open()
      await go.opened
      return rows
    }
    begin()
    await read.opened
    await write(changed(row, { body: undefined, deleted: true }))
    go.open()
    expect(await found('plum')).toEqual([])
  })

  it('of what is typed quickly only the last is looked for', async () => {
    await write(said(1, 'a plum'))
    const index = createMessageIndex()
    const asked: string[] = []
    const running = begin({
      ...index,
      find: (query) => {
        asked.push(query.text)
        return index.find(query)
      },
    })
    await found('x')
    asked.length = 0
    for (const text of ['p', 'pl', 'plu', 'plum']) running.ask({ text, limit: 5 })
    await vi.waitFor(() => expect(shown()).toEqual(['a plum']))
    expect(asked).toEqual(['p', 'plum'])
  })
})

it('what is looked for no longer stands nowhere any more', async () => {
  await write(said(1, 'a plum'))
  await found('plum')
  search?.ask(undefined)
  expect(search?.results).toBeUndefined()
})
