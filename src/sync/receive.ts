import type { Body } from '../core/body.ts'
import { equal } from '../core/bytes.ts'
import { renamed, type Contact } from '../core/contact.ts'
import { withMessage, type Conversation } from '../core/conversation.ts'
import { emptyFeed, fits, sortClock, type Feed } from '../core/feed.ts'
import type { IdentityKey, IncarnationId } from '../core/ids.ts'
import { feedKey, FIRST_ERA, recordKey, type FeedRecord } from '../core/record.ts'
import { verifyIncarnation } from '../crypto/incarnation.ts'
import { innerOf, verifyRecord } from '../crypto/record.ts'
import { decodeBody } from '../protocol/body.ts'
import type { RecordOnWire } from '../protocol/record.ts'
import type { Change } from '../store/store.ts'
import type { StoredRecord } from '../store/tables.ts'
import { append, followed, storedRecord, type Author } from './append.ts'
import type { State } from './ledger.ts'
import type { ReadRecord } from './set-back.ts'

/** What came of a batch. */
export interface Taken {
  /** Stored now, in order. */
  readonly stored: StoredRecord[]
  /** Not for here, not signed, or out of order. */
  readonly refused: number
}

/**
 * Step 10 of the life of a message: whoever brought them, records are checked alike and stored once. `peer` is who
 * the link belongs to; in a one-to-one chat it may bring its own records and give ours back.
 */
export async function receive(
  state: State,
  from: { peer: IdentityKey; records: RecordOnWire[] },
  { author, read }: { author: Author; read: ReadRecord },
): Promise<{ changes: Change[]; result: Taken }> {
  const batch = new Batch(state, from.peer, { read, now: author.now() })
  for (const record of from.records) await batch.take(record)
  const changes = await batch.changes(author)
  return { changes, result: { stored: batch.stored, refused: batch.refused } }
}

/** Incarnations of one person that are followed in a chat; a device makes a few in its life. */
const MAX_LIVES = 1_024

interface Place {
  readonly chat: Conversation
  readonly feed: Feed
  readonly record: FeedRecord
}

class Batch {
  readonly stored: StoredRecord[] = []
  refused = 0
  readonly #state: State
  readonly #peer: IdentityKey
  readonly #read: ReadRecord
  readonly #now: number
  readonly #feeds = new Map<string, Feed>()
  /** Our own words that lay where others hold different ones (set-back.ts). */
  readonly #unsaid: StoredRecord[] = []
  readonly #settled: StoredRecord[] = []
  #chat: Conversation | undefined
  #contact: Contact | undefined
  #learnt = false

  constructor(state: State, peer: IdentityKey, world: { read: ReadRecord; now: number }) {
    this.#read = world.read
    this.#now = world.now
    this.#state = state
    this.#peer = peer
    this.#contact = state.contacts.get(peer)
    this.#chat = this.#contact && state.conversations.get(this.#contact.conversation)
  }

  async take(wire: RecordOnWire): Promise<void> {
    const chat = this.#chat
    const member = wire.author === this.#state.self.identity || wire.author === this.#peer
    if (chat?.id !== wire.conversation || !member) return this.#refuse()
    const feed = this.#feeds.get(feedKey(wire)) ?? this.#state.feeds.get(feedKey(wire)) ?? emptyFeed(wire)
    const place = fits(feed, wire.seq)
    if (place === 'known') return
    const record = fromWire(wire)
    if (place === 'gap' || !isFirstEra(record) || this.#isOneTooMany(record)) return this.#refuse()
    if (!(await verifyRecord(record)) || !(await beginsRightly(record))) return this.#refuse()
    const ours = record.seq <= (feed.tail ?? 0) ? await this.#read(recordKey(record)) : undefined
    if (ours && equal(ours.record.inner, record.inner)) this.#settle(feed, ours)
    else this.#keep({ chat, feed, record }, ours)
  }

  /** Every life of a device begins a feed that is kept for good. Whoever they are now is never one too many. */
  #isOneTooMany({ seq, author, conversation, incarnation }: FeedRecord): boolean {
    if (seq > 1 || author !== this.#peer) return false
    if (this.#contact?.stage === 'met' && this.#contact.incarnation.id === incarnation) return false
    let lives = 0
    for (const feeds of [this.#state.feeds, this.#feeds]) {
      for (const feed of feeds.values()) {
        if (feed.author === author && feed.conversation === conversation) lives += 1
      }
    }
    return lives >= MAX_LIVES
  }

  async changes(author: Author): Promise<Change[]> {
    const unsaid = new Set(this.#unsaid.map(({ record }) => recordKey(record)))
    const changes: Change[] = [
      ...this.stored.map((put): Change => {
        const table = 'records'
        return unsaid.has(recordKey(put.record)) ? { table, put } : { table, add: put }
      }),
      ...this.#settled.map((put): Change => ({ table: 'records', put })),
      ...[...this.#feeds.values()].map((feed): Change => ({ table: 'feeds', put: feed })),
    ]
    if (this.stored.length > 0 && this.#chat) changes.push(...(await this.#chatWith(this.#chat, author)))
    if (this.#contact && this.#learnt) changes.push({ table: 'contacts', put: this.#contact })
    return changes
  }

  /** The chat as it is now, and in it what must be said again. */
  async #chatWith(chat: Conversation, author: Author): Promise<Change[]> {
    const bodies = this.#unsaid.flatMap(({ message }) => message?.body ?? [])
    if (bodies.length === 0) return [{ table: 'conversations', put: chat }]
    return append(this.#state, author, { chat: { ...chat, messages: chat.messages - bodies.length }, bodies })
  }

  /** It is the one that others hold, too; only what came before it may be different now. */
  #settle(feed: Feed, ours: StoredRecord): void {
    const next = followed(feed, ours.record, ours.order)
    this.#feeds.set(feedKey(feed), next)
    if (!equal(next.head, ours.head)) this.#settled.push({ ...ours, head: next.head })
  }

  /** `replaced`: our own words that it takes the place of. */
  #keep({ chat, feed, record }: Place, replaced?: StoredRecord): void {
    const content = record.form === 'record' ? record.content : undefined
    const sorted = sortClock(feed, content?.clock ?? feed.clock + 1)
    const body = content && decodeBody(content.kind, content.body)
    const next = followed(feed, record, sorted.clock)
    const at = { local: chat.local, feed: next, clockWrong: sorted.wrong && !!content, body }
    const stored = storedRecord(record, at)
    this.stored.push(stored)
    if (replaced) this.#unsaid.push(replaced)
    this.#feeds.set(feedKey(feed), next)
    const seen = { me: this.#state.self.identity, now: this.#now }
    if (stored.message) this.#chat = withMessage(chat, stored.message, seen)
    if (body && record.author === this.#peer) this.#learn(body, record.incarnation)
  }

  /** A profile counts only from its own person as they are now, and only for a contact that we have met. */
  #learn(body: Body, from: IncarnationId): void {
    if (body.kind === 'profile' && this.#contact?.stage === 'met' && this.#contact.incarnation.id === from) {
      this.#contact = { ...renamed(this.#contact, body.profile.name), ...body.profile }
      this.#learnt = true
    }
  }

  #refuse(): void {
    this.refused += 1
  }
}

function fromWire({ part, ...signed }: RecordOnWire): FeedRecord {
  return 'content' in part
    ? { ...signed, form: 'record', content: part.content, inner: innerOf(part.content) }
    : { ...signed, form: 'tombstone', inner: part.inner }
}

/** Before groups there is no other (PROTOCOL §8). */
function isFirstEra({ era }: FeedRecord): boolean {
  return era.generation === FIRST_ERA.generation && era.epoch === FIRST_ERA.epoch
}

/** Seq 1 of a feed is the statement of the incarnation that writes it (PROTOCOL §1). */
async function beginsRightly(record: FeedRecord): Promise<boolean> {
  if (record.seq > 1) return true
  if (record.form === 'tombstone' || record.content.kind !== 'incarnation') return false
  const body = decodeBody('incarnation', record.content.body)
  if (body?.kind !== 'incarnation' || body.incarnation.id !== record.incarnation) return false
  return verifyIncarnation(record.author, body.incarnation)
}

/** The record as it travels. */
export function toWire(record: FeedRecord): RecordOnWire {
  const { conversation, author, incarnation, seq, era } = record
  return {
    ...{ conversation, author, incarnation, seq, era },
    signature: record.signature,
    part: record.form === 'record' ? { content: record.content } : { inner: record.inner },
  }
}
