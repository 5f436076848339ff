import { equal, type Bytes } from '../core/bytes.ts'
import { compareEras, isWithinReach, sameEra } from '../core/era.ts'
import { emptyFeed, fits, lacksTooMuch, withFound, withMissing, type Feed } from '../core/feed.ts'
import type { ConversationId, IdentityKey, IncarnationId } from '../core/ids.ts'
import { entitlement, mayWrite, seatOf, type Membership } from '../core/membership.ts'
import { feedKey, feedOf, recordKey, type FeedRecord } from '../core/record.ts'
import { verifyIncarnation } from '../crypto/incarnation.ts'
import { innerOf, verifyRecord } from '../crypto/record.ts'
import { decodeBody } from '../protocol/body.ts'
import type { FeedPlace } from '../protocol/frame.ts'
import type { RecordOnWire } from '../protocol/record.ts'
import type { StoredRecord } from '../store/tables.ts'
import { append } from './append.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'
import { tombstone } from './entomb.ts'
import { followed, keep } from './keep.ts'
import { unseal } from './seal.ts'

/** A record as a link brings it: in the open, or sealed by its author on its first trip. */
export type Brought = { readonly record: RecordOnWire } | { readonly sealed: Bytes }

/** A record in the open, whose signature may be looked at already. */
interface Checked {
  readonly record: FeedRecord
  readonly genuine: () => Promise<boolean>
}

/** Who brings it: whose link it is, in which of their lives. */
export interface Bringer {
  readonly peer: IdentityKey
  readonly incarnation: IncarnationId
}

/** What came of a batch. */
export interface Taken {
  /** Stored now, in order. */
  readonly stored: StoredRecord[]
  /** Of all that is held here now, also from before. */
  readonly feeds: Map<string, Feed>
  /** What must be given once more, in the open: by feedKey. */
  readonly lacks: Map<string, FeedPlace>
  /** Next in their feeds, and not to be taken as things stand: by feedKey. */
  readonly stalled: Map<string, FeedPlace>
  /** Were here before, and are the same. */
  readonly same: FeedPlace[]
  /** Where something sealed did not open. */
  readonly unopened: Set<ConversationId>
  /** Sealed for a group that is not ours: nothing can be said about where it belongs. */
  unknown: boolean
}

/** Step 10 of the life of a message: whoever brought them, records are checked alike and stored once. */
export async function receive(
  draft: Draft,
  author: Author,
  { bringer, items }: { bringer: Bringer; items: readonly Brought[] },
): Promise<Taken> {
  const batch = new Batch(draft, author, bringer)
  const brought = items.map((item) => ('record' in item ? batch.check(fromWire(item.record)) : item))
  for (const item of brought) await batch.take(item)
  await batch.sayAgain()
  await batch.lookAgain()
  return batch.taken
}

/** Incarnations of one person that are followed in a chat; a device makes a few in its life. */
const MAX_LIVES = 64

class Batch {
  readonly taken: Taken = {
    stored: [],
    feeds: new Map(),
    lacks: new Map(),
    stalled: new Map(),
    same: [],
    unopened: new Set(),
    unknown: false,
  }
  readonly #draft: Draft
  readonly #author: Author
  readonly #bringer: Bringer
  /** Our own words that lay where others hold different ones (set-back.ts). */
  readonly #unsaid: StoredRecord[] = []

  constructor(draft: Draft, author: Author, bringer: Bringer) {
    this.#draft = draft
    this.#author = author
    this.#bringer = bringer
  }

  /** The browser has threads for signatures: those of all that is new here are checked at once. */
  check(record: FeedRecord): Checked {
    const held = this.#draft.get('feeds', feedKey(record))?.seq ?? 0
    const membership = this.#draft.get('memberships', record.conversation)
    const next = record.seq > held && membership !== undefined && this.#mayBring(membership, record)
    const genuine = next ? verifyRecord(record) : undefined
    return { record, genuine: () => genuine ?? verifyRecord(record) }
  }

  async take(item: Checked | { readonly sealed: Bytes }): Promise<void> {
    if ('record' in item) await this.#place(item)
    else await this.#unseal(item.sealed)
  }

  /** What of our own others hold differently is said once more, in the present life. */
  async sayAgain(): Promise<void> {
    for (const { record, message } of this.#unsaid) {
      if (message?.body === undefined) continue
      await append(this.#draft, this.#author, { conversation: record.conversation, bodies: [message.body] })
    }
  }

  /** A record that came later in the batch, or a mark that came before it, may have taken one back. */
  async lookAgain(): Promise<void> {
    const { stored } = this.taken
    for (const [at, row] of stored.entries())
      stored[at] = (await this.#draft.record(recordKey(row.record))) ?? row
  }

  async #unseal(sealed: Bytes): Promise<void> {
    const found = await unseal(this.#draft, this.#author, { bringer: this.#bringer, sealed })
    if (found.result === 'unknown') this.taken.unknown = true
    else if (found.result === 'unopened') {
      this.taken.unopened.add(found.feed.conversation)
      this.#lack(found.feed)
    } else await this.#place({ record: found.record, genuine: () => verifyRecord(found.record) })
  }

  async #place({ record, genuine }: Checked): Promise<void> {
    const membership = this.#draft.get('memberships', record.conversation)
    if (!membership || !this.#mayBring(membership, record)) return this.#refuse()
    const feed = this.#draft.get('feeds', feedKey(record)) ?? emptyFeed(record)
    const place = fits(feed, record.seq)
    this.taken.feeds.set(feedKey(record), feed)
    if (place === 'known') return this.#compare({ record, genuine })
    if (place === 'gap') return this.#lack(feed)
    if (!isWithinReach(record.era, membership.era)) return this.#stall(feed)
    const right = entitlement(membership, this.#draft.self.identity, record.era)
    const early = compareEras(record.era, feed.era) < 0
    // What somebody wrote between two seats of theirs is nothing but a place in their feed.
    const hollow = !mayWrite(membership, record)
    if (right === 'nothing' || (hollow && !seatOf(membership, record.author))) return this.#stall(feed)
    if (early) return this.#refuse()
    if (this.#isOneTooMany(record)) return this.#refuse()
    if (!(await genuine()) || !(await beginsRightly(record))) return this.#refuse()
    const before = record.seq <= (feed.tail ?? 0) ? await this.#draft.record(recordKey(record)) : undefined
    const bare = (hollow || right === 'tombstone') && record.seq > 1 ? tombstone(record) : record
    if (before && isSame(before.record, record)) this.#settle(feed, before)
    // What is not remembered as missing would be taken for delivered.
    else if (lacksTooMuch(feed) && (await this.#isUnexplained(bare))) return this.#stall(feed)
    else await this.#keep(feed, bare, before)
    this.taken.feeds.set(feedKey(record), this.#draft.get('feeds', feedKey(record)) ?? feed)
  }

  /** Whoever was in it once still gives us our own words back (set-back.ts). */
  #mayBring(membership: Membership, { author }: FeedRecord): boolean {
    const { peer } = this.#bringer
    const ours = author === this.#draft.self.identity
    return (
      seatOf(membership, peer) !== undefined ||
      (ours && membership.seats.some(({ identity }) => identity === peer))
    )
  }

  /** Every life of a device begins a feed that is kept for good. Whoever they are now is never one too many. */
  #isOneTooMany({ seq, author, conversation, incarnation }: FeedRecord): boolean {
    if (seq > 1 || author === this.#draft.self.identity) return false
    const contact = this.#draft.get('contacts', author)
    if (contact && contact.stage !== 'invited' && contact.incarnation.id === incarnation) return false
    const lives = this.#draft.feedsOf(conversation).filter((feed) => feed.author === author)
    return lives.length >= MAX_LIVES
  }

  /** It is the one that others hold, too; only what came before it may be different now. */
  #settle(feed: Feed, ours: StoredRecord): void {
    const next = followed(feed, ours.record, ours.order)
    this.#draft.put('feeds', next)
    if (!equal(next.head, ours.head)) this.#draft.put('records', { ...ours, head: next.head })
  }

  async #keep(feed: Feed, record: FeedRecord, replaces?: StoredRecord): Promise<void> {
    const body = record.form === 'record' ? decodeBody(record.content.kind, record.content.body) : undefined
    if (replaces) {
      this.#accuse(record)
      this.#takeBack(replaces)
    }
    const arrival = { feed, record, body, ...(replaces && { replaces }) }
    const stored = await keep(this.#draft, this.#author, arrival)
    if (await this.#isUnexplained(record)) {
      this.#draft.put('records', { ...stored, missing: true })
      this.#miss(record)
    }
    this.taken.stored.push(stored)
  }

  /** Nobody owes us more of it than its author has; others may still have kept it. */
  #miss(record: FeedRecord): void {
    const feed = this.#draft.get('feeds', feedKey(record))
    const settled = record.author === this.#bringer.peer
    if (feed) this.#draft.put('feeds', withMissing(feed, { seq: record.seq, ...(settled && { settled }) }))
  }

  /** Two signatures for one place (PROTOCOL §5): whoever reads the chat is told, for good. */
  #accuse({ conversation, author }: FeedRecord): void {
    this.#author.suspicious('fork')
    const chat = this.#draft.get('conversations', conversation)
    if (!chat || chat.forked?.includes(author)) return
    this.#draft.put('conversations', { ...chat, forked: [...(chat.forked ?? []), author] })
  }

  #takeBack(row: StoredRecord): void {
    this.#unsaid.push(row)
    const chat = this.#draft.get('conversations', row.record.conversation)
    if (row.message && chat) this.#draft.put('conversations', { ...chat, messages: chat.messages - 1 })
  }

  /**
   * A tombstone. Its author's deletion or our own beginning would explain it (PROTOCOL §5); that it disappeared would
   * as well, but nobody can tell: whoever brings it may have thrown it away, and others still have it.
   */
  async #isUnexplained(record: FeedRecord): Promise<boolean> {
    const { conversation } = record
    if (record.form === 'record') return false
    if ((await this.#draft.load('marks', recordKey(record)))?.marks.deleted) return false
    const membership = this.#draft.get('memberships', conversation)
    if (!membership || !mayWrite(membership, record)) return false
    return entitlement(membership, this.#draft.self.identity, record.era) === 'whole'
  }

  /** It lies here already, maybe without its content, or as something else. */
  async #compare({ record, genuine }: Checked): Promise<void> {
    const row = await this.#draft.record(recordKey(record))
    if (!row) return
    const same = isSame(row.record, record)
    if (same) this.taken.same.push({ ...feedOf(record), seq: record.seq })
    if (same && !row.missing) return
    if (!(await genuine())) return this.#refuse()
    if (!same) this.#accuse(record)
    else if (record.form === 'record') return this.#fill(record, row)
    // Its author has nothing else to give for this place.
    if (row.missing && record.author === this.#bringer.peer) this.#miss(record)
  }

  /** What was missing here is brought by somebody who has it. */
  async #fill(record: FeedRecord & { form: 'record' }, row: StoredRecord): Promise<void> {
    const body = decodeBody(record.content.kind, record.content.body)
    const feed = this.#draft.get('feeds', feedKey(record))
    if (!feed) return
    const before = { ...feed, seq: record.seq - 1, clock: row.order - 1 }
    await keep(this.#draft, this.#author, { feed: before, record, body, replaces: row })
    // Only the row is new: the feed goes as far as it went.
    const stored = await this.#draft.record(recordKey(record))
    const { missing = [] } = this.#draft.get('feeds', feedKey(record)) ?? feed
    this.#draft.put('feeds', withFound({ ...feed, missing }, record.seq))
    if (!stored) return
    this.#draft.put('records', { ...stored, head: row.head })
    this.taken.stored.push(stored)
  }

  #lack({ conversation, author, incarnation }: FeedPlace): void {
    const key = feedKey({ conversation, author, incarnation })
    const seq = this.#draft.get('feeds', key)?.seq ?? 0
    this.taken.lacks.set(key, { conversation, author, incarnation, seq })
  }

  /** Who is in the conversation may be another matter soon. */
  #stall(feed: Feed): void {
    const { conversation, author, incarnation, seq } = feed
    this.taken.stalled.set(feedKey(feed), { conversation, author, incarnation, seq })
    this.#refuse()
  }

  #refuse(): void {
    this.#author.suspicious('refused')
  }
}

/** All that is signed but who says it where. */
function isSame(one: FeedRecord, other: FeedRecord): boolean {
  return equal(one.inner, other.inner) && sameEra(one.era, other.era)
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
