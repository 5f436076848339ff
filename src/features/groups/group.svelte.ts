import type { ConversationId } from '../../core/ids.ts'
import type { Membership } from '../../core/membership.ts'
import type { TableName } from '../../store/rows.ts'
import { rosterOf } from '../../sync/roster.ts'
import type { Engine } from '../context.ts'
import { peopleOf } from '../people.ts'
import { bookOf, type Book, type Proposal, type Sources } from './book.ts'

const SOURCES: readonly TableName[] = [
  'conversations',
  'memberships',
  'contacts',
  'requests',
  'invites',
  'settings',
]

/** Answers that are remembered. */
const MAX_STAYED = 64

/** One group, kept up to date. */
export class Group {
  /** Undefined until it was read. */
  book = $state.raw<Book>()
  /** Proposals to which this person said that they stay: recordKeys of roster records. */
  #stayed = $state.raw<readonly string[]>([])
  readonly #engine: Engine
  readonly #id: ConversationId
  readonly #stop: () => void
  #turn: Promise<void> = Promise.resolve()

  constructor(engine: Engine, id: ConversationId) {
    this.#engine = engine
    this.#id = id
    this.#stop = engine.store.watch(({ tables }) => {
      if (SOURCES.some((table) => tables.has(table))) this.#refresh()
    })
    this.#refresh()
  }

  /** Proposals that were not answered yet. */
  get questions(): readonly Proposal[] {
    return this.book?.proposals.filter(({ roster }) => !this.#stayed.includes(roster)) ?? []
  }

  /** They stay, and are not asked again; the proposal can still be followed. */
  async stay({ roster }: Proposal): Promise<void> {
    const value = [...this.#stayed, roster].slice(-MAX_STAYED)
    await this.#engine.store.commit([{ table: 'settings', put: { name: this.#setting, value } }])
  }

  close(): void {
    this.#stop()
  }

  get #setting(): string {
    return `stay/${this.#id}`
  }

  #refresh(): void {
    this.#turn = this.#turn.then(() => this.#read()).catch(reportError)
  }

  async #read(): Promise<void> {
    const { store, me, now } = this.#engine
    const [conversation, membership, contacts, requests, invites, stayed, self] = await Promise.all([
      store.get('conversations', this.#id),
      store.get('memberships', this.#id),
      store.all('contacts'),
      store.all('requests'),
      store.all('invites'),
      store.get('settings', this.#setting),
      store.get('self', 'self'),
    ])
    if (!conversation || !membership) return
    this.#stayed = Array.isArray(stayed?.value) ? (stayed.value as string[]) : []
    const open = await this.#open(membership)
    const people = peopleOf(me, contacts)
    this.book = bookOf({
      ...{ conversation, membership, requests, invites, open, people },
      ...{ ownName: self?.name ?? '', now: now() },
    })
  }

  /** The roster records that wait, as far as they can be read. */
  async #open({ open }: Membership): Promise<Sources['open']> {
    const rows = await Promise.all(open.map((key) => this.#engine.store.get('records', key)))
    return rows.flatMap((row, at) => {
      const [key, roster] = [open[at], row && rosterOf(row.record)]
      return row && roster && key !== undefined ? [{ by: row.record.author, key, roster }] : []
    })
  }
}
