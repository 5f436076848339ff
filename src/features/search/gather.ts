import { cleanFileName } from '../../core/file-name.ts'
import { textNow } from '../../core/conversation.ts'
import { recordKey } from '../../core/record.ts'
import { watched } from '../../core/watched.ts'
import type { Store } from '../../store/store.ts'
import type { StoredRecord } from '../../store/tables.ts'
import type { Doc, MessageIndex } from './message-index.ts'

/** Records opened at a time: few enough that the screen is drawn between two pages. */
const PAGE = 100

/** How many messages were read, of how many. */
export interface Progress {
  readonly read: number
  readonly of: number
}

/** What a message is found by: what it says now. Undefined when it is not to be found. */
export function wordsOf({ message }: StoredRecord): string | undefined {
  if (!message?.body || message.hidden) return undefined
  const { body } = message
  if (body.kind === 'text') return textNow(message)?.text
  return body.kind === 'file' ? cleanFileName(body.manifest.name) : body.card.name
}

/** Brings everything that was ever said into the index, the newest first, and keeps it there as it is now. */
export class Gatherer {
  readonly progress = watched<Progress>({ read: 0, of: 0 })
  readonly #store: Store
  readonly #index: MessageIndex
  readonly #stop: () => void
  /** Written since the reading began: what is read of them may be older. Undefined once all is read. */
  #written: Set<string> | undefined = new Set()
  #closed = false

  /** `onChange`: something may be found differently now. */
  constructor(store: Store, index: MessageIndex, onChange: (rows: readonly StoredRecord[]) => void) {
    this.#store = store
    this.#index = index
    this.#stop = store.watch(({ records }) => {
      if (records.length === 0) return
      for (const { record } of records) this.#written?.add(recordKey(record))
      this.#take(records).catch((error: unknown) => {
        if (!this.#closed) reportError(error)
      })
      onChange(records)
    })
  }

  /** Resolves when everything was read. */
  async gather(): Promise<void> {
    const chats = (await this.#store.all('conversations')).sort((a, b) => b.active - a.active)
    this.progress.set({ read: 0, of: chats.reduce((sum, { messages }) => sum + messages, 0) })
    for (const { local } of chats) await this.#read(local)
    this.#written = undefined
    const { of } = this.progress.current
    this.progress.set({ read: of, of })
  }

  close(): void {
    this.#closed = true
    this.#stop()
  }

  async #read(local: number): Promise<void> {
    for (let before = Infinity; !this.#closed;) {
      const page = await this.#store.page(local, { before, limit: PAGE, passing: true })
      const docs = page.flatMap((row) => docOf(row) ?? [])
      await this.#index.put(docs.filter(({ key }) => !this.#written?.has(key)))
      const { read, of } = this.progress.current
      this.progress.set({ read: Math.min(of, read + docs.length), of })
      const last = page.at(-1)
      if (!last || page.length < PAGE) return
      before = last.order
    }
  }

  async #take(rows: readonly StoredRecord[]): Promise<void> {
    const docs = rows.map((row) => ({ key: recordKey(row.record), doc: docOf(row) }))
    const gone = docs.filter(({ doc }) => !doc).map(({ key }) => key)
    await Promise.all([this.#index.remove(gone), this.#index.put(docs.flatMap(({ doc }) => doc ?? []))])
  }
}

function docOf(row: StoredRecord): Doc | undefined {
  const text = wordsOf(row)
  if (text === undefined) return undefined
  return { key: recordKey(row.record), chat: row.local, order: row.order, text }
}
