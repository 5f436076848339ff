import type { Body } from '../core/body.ts'
import type { Contact } from '../core/contact.ts'
import { withMessage, type Conversation } from '../core/conversation.ts'
import { emptyFeed, fits, sortClock, type Feed } from '../core/feed.ts'
import type { IdentityKey, IncarnationId } from '../core/ids.ts'
import { feedKey, type FeedRecord } from '../core/record.ts'
import { verifyIncarnation } from '../crypto/incarnation.ts'
import { innerOf, verifyRecord } from '../crypto/record.ts'
import { decodeBody } from '../protocol/body.ts'
import type { RecordOnWire } from '../protocol/record.ts'
import type { Change } from '../store/store.ts'
import type { StoredRecord } from '../store/tables.ts'
import { followed, storedRecord } from './append.ts'
import type { State } from './ledger.ts'

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
  peer: IdentityKey,
  records: RecordOnWire[],
): Promise<{ changes: Change[]; result: Taken }> {
  const batch = new Batch(state, peer)
  for (const record of records) await batch.take(record)
  return { changes: batch.changes(), result: { stored: batch.stored, refused: batch.refused } }
}

class Batch {
  readonly stored: StoredRecord[] = []
  refused = 0
  readonly #state: State
  readonly #peer: IdentityKey
  readonly #feeds = new Map<string, Feed>()
  #chat: Conversation | undefined
  #contact: Contact | undefined
  #learnt = false

  constructor(state: State, peer: IdentityKey) {
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
    if (place === 'gap' || !(await verifyRecord(record)) || !(await beginsRightly(record)))
      return this.#refuse()
    this.#keep(chat, feed, record)
  }

  changes(): Change[] {
    if (this.stored.length === 0) return []
    return [
      ...this.stored.map((record): Change => ({ table: 'records', add: record })),
      ...[...this.#feeds.values()].map((feed): Change => ({ table: 'feeds', put: feed })),
      ...(this.#chat ? [{ table: 'conversations', put: this.#chat } as const] : []),
      ...(this.#contact && this.#learnt ? [{ table: 'contacts', put: this.#contact } as const] : []),
    ]
  }

  #keep(chat: Conversation, feed: Feed, record: FeedRecord): void {
    const content = record.form === 'record' ? record.content : undefined
    const sorted = sortClock(feed, content?.clock ?? feed.clock + 1)
    const body = content && decodeBody(content.kind, content.body)
    const at = { local: chat.local, clock: sorted.clock, clockWrong: sorted.wrong && !!content, body }
    const stored = storedRecord(record, at)
    this.stored.push(stored)
    this.#feeds.set(feedKey(feed), followed(feed, record, sorted.clock))
    if (stored.message) this.#chat = withMessage(chat, stored.message, this.#state.self.identity)
    if (body && record.author === this.#peer) this.#learn(body, record.incarnation)
  }

  /** A profile counts only from its own person as they are now, and only for a contact that we have met. */
  #learn(body: Body, from: IncarnationId): void {
    if (body.kind === 'profile' && this.#contact?.stage === 'met' && this.#contact.incarnation.id === from) {
      this.#contact = { ...this.#contact, ...body.profile }
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
