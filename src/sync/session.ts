import type { Have } from '../core/feed.ts'
import { emptyFeed, haveOf } from '../core/feed.ts'
import type { IdentityKey, IncarnationId } from '../core/ids.ts'
import { feedKey, recordKey, type FeedId } from '../core/record.ts'
import type { Link } from '../net/link.ts'
import type { Frame } from '../protocol/frame.ts'
import type { RecordOnWire } from '../protocol/record.ts'
import type { Change, Store } from '../store/store.ts'
import { reachKey, type StoredRecord } from '../store/tables.ts'
import type { Author } from './append.ts'
import { confirmed, fullVector } from './have.ts'
import type { Ledger } from './ledger.ts'
import { receive, toWire } from './receive.ts'
import { tails, type ReadRecord } from './set-back.ts'

/** Bytes that may wait on a link before more records are given to it. */
const ENOUGH = 262_144
/** Records taken in by one transaction at the most. */
const BATCH = 128
/** Records that are sent ahead of what the other side has confirmed: its disk may be slower than the link. */
const AHEAD = 4 * BATCH
/** Records that wait to be taken in, and feeds that somebody may speak of: whoever brings more is sent away. */
const MOST = { waiting: 2 * AHEAD, feeds: 4_096 }

export interface SessionDeps {
  readonly ledger: Ledger
  readonly store: Store
  readonly author: Author
  /** Records just stored here, from whomever. */
  stored(link: Link, records: StoredRecord[]): void
  /** The other side holds records of this incarnation of ours that we lack. */
  setBack(link: Link, incarnation: IncarnationId): void
  /** Something that is not as it should be: dropped and counted. */
  suspicious(what: 'refused' | 'fork', times: number): void
  /** True when the link is the one to send on. */
  counts(link: Link): boolean
  /** The disk refused: nothing was acknowledged, and the link ends so that it is tried again later. */
  failed(link: Link, error: unknown): void
}

/** What two people lack of each other's, brought over one link. */
export class Session {
  readonly #deps: SessionDeps
  readonly #link: Link
  /** How far the other side holds each feed, and how far we gave it, by feedKey. */
  readonly #theirs = new Map<string, { readonly held: number; readonly given: number }>()
  /** Their full vector is complete: what is not in it they do not hold. */
  #known = false
  /** What they said last of each feed, as long as nobody looked at it. */
  readonly #said = new Map<string, Have>()
  #confirming = false
  #inbox: RecordOnWire[] = []
  #reading = false
  #pumping: 'no' | 'yes' | 'again' = 'no'
  #closed = false

  constructor(deps: SessionDeps, link: Link) {
    this.#deps = deps
    this.#link = link
    const chat = deps.ledger.state.contacts.get(link.peer)?.conversation
    if (chat) for (const frame of fullVector(deps.ledger.state, chat)) link.send(frame)
  }

  /** Gives the link what the other side lacks, as far as it has room. */
  pump(): void {
    if (this.#pumping === 'no') this.#run(this.#pumpAll())
    else this.#pumping = 'again'
  }

  have(frame: Frame & { type: 'have' }): void {
    const { self, contacts } = this.#deps.ledger.state
    const { peer } = this.#link
    const chat = contacts.get(peer)?.conversation
    for (const entry of frame.entries) {
      // Nothing else is between us, and nothing else is remembered.
      if (entry.conversation !== chat || (entry.author !== self.identity && entry.author !== peer)) continue
      this.#holds(feedKey(entry), entry.seq)
      this.#said.set(feedKey(entry), entry)
    }
    if (this.#theirs.size > MOST.feeds) {
      this.#sendAway()
      return
    }
    if (frame.part === 'last') {
      this.#known = true
      for (const entry of this.#unknown()) this.#said.set(feedKey(entry), entry)
    }
    if (!this.#confirming) this.#run(this.#confirmAll())
    this.pump()
  }

  /** Feeds of ours with a tail of which they hold nothing: that is certain as well. */
  #unknown(): Have[] {
    const { state } = this.#deps.ledger
    const chat = state.contacts.get(this.#link.peer)?.conversation
    const open = chat ? [...tails(state, chat)] : []
    return open.filter(([key]) => !this.#theirs.has(key)).map(([, feed]) => haveOf(emptyFeed(feed)))
  }

  /** Whoever sends a record holds it. */
  record(record: RecordOnWire): void {
    if (this.#inbox.length >= MOST.waiting || this.#theirs.size > MOST.feeds) {
      this.#sendAway()
      return
    }
    this.#holds(feedKey(record), record.seq)
    this.#inbox.push(record)
    if (!this.#reading) this.#run(this.#read())
  }

  /** What was sent and not confirmed waits again. */
  close(): void {
    this.#closed = true
    this.#run(nothingOnItsWay(this.#deps.ledger, this.#link.peer))
  }

  #sendAway(): void {
    this.#deps.suspicious('refused', 1)
    this.#link.close('leaving')
  }

  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#closed = true
      this.#deps.failed(this.#link, error)
    })
  }

  /** Whatever they say meanwhile makes one transaction more, however often they say it. */
  async #confirmAll(): Promise<void> {
    this.#confirming = true
    while (this.#said.size > 0) {
      const entries = [...this.#said.values()]
      this.#said.clear()
      await this.#confirm(entries)
    }
    this.#confirming = false
  }

  async #confirm(entries: readonly Have[]): Promise<void> {
    const { peer } = this.#link
    const found = await this.#deps.ledger.transact(async (state) => {
      const result = await confirmed(state, { peer, entries }, this.#readRecord)
      return { changes: result.changes, result: { ...result, incarnation: state.self.incarnation.id } }
    })
    if (found.forks > 0) this.#deps.suspicious('fork', found.forks)
    if (found.setBack) this.#deps.setBack(this.#link, found.incarnation)
    // A tail that was taken up is there to be given.
    if (found.changes.some(({ table }) => table === 'feeds')) this.pump()
  }

  async #read(): Promise<void> {
    this.#reading = true
    while (this.#inbox.length > 0 && !this.#closed) {
      const batch = this.#inbox.splice(0, BATCH)
      const { stored, refused } = await this.#deps.ledger.transact((state) =>
        receive(
          state,
          { peer: this.#link.peer, records: batch },
          { author: this.#deps.author, read: this.#readRecord },
        ),
      )
      if (refused > 0) this.#deps.suspicious('refused', refused)
      this.#acknowledge(batch)
      await this.#givenBack(batch)
      if (stored.length > 0) this.#deps.stored(this.#link, stored)
    }
    this.#reading = false
  }

  /**
   * They are on our disk, now or from before: our vector says so again, for on another link it may have been lost.
   */
  #acknowledge(batch: RecordOnWire[]): void {
    const { state } = this.#deps.ledger
    const chat = state.contacts.get(this.#link.peer)?.conversation
    const feeds = [...new Set(batch.map(feedKey))].flatMap((key) => state.feeds.get(key) ?? [])
    const entries = feeds.filter(({ conversation }) => conversation === chat).map(haveOf)
    if (entries.length > 0) this.#link.send({ type: 'have', part: 'change', entries })
  }

  /** Whoever gave us our own words back, all that they know of, has them. */
  async #givenBack(batch: RecordOnWire[]): Promise<void> {
    const { feeds, self } = this.#deps.ledger.state
    const ours = batch.filter(({ author }) => author === self.identity)
    const held = [...new Set(ours.map(feedKey))]
      .flatMap((key) => feeds.get(key) ?? [])
      .filter((feed) => feed.seq === this.#reach(feedKey(feed)).held)
    if (held.length > 0) await this.#confirm(held.map(haveOf))
  }

  async #pumpAll(): Promise<void> {
    do {
      this.#pumping = 'yes'
      await this.#pumpOnce()
    } while ((this.#pumping as string) === 'again')
    this.#pumping = 'no'
  }

  async #pumpOnce(): Promise<void> {
    const { ledger, store, counts } = this.#deps
    const chat = ledger.state.contacts.get(this.#link.peer)?.conversation
    const feeds = [...ledger.state.feeds.values()].filter(({ conversation }) => conversation === chat)
    let room = AHEAD - this.#onItsWay()
    for (const feed of feeds) {
      const key = feedKey(feed)
      const { held, given } = this.#reach(key)
      let sent = Math.max(held, given)
      while (
        room > 0 &&
        this.#ready() &&
        counts(this.#link) &&
        sent < (ledger.state.feeds.get(key)?.seq ?? 0)
      ) {
        const stored = await store.get('records', recordKey({ ...feed, seq: sent + 1 }))
        if (!stored || !this.#ready()) return
        this.#link.send({ type: 'record', record: toWire(stored.record) })
        sent += 1
        room -= 1
        this.#theirs.set(key, { ...this.#reach(key), given: sent })
      }
      if (feed.author === ledger.state.self.identity) await this.#markSent(feed, sent)
    }
  }

  readonly #readRecord: ReadRecord = (key) => this.#deps.store.get('records', key)

  #reach(feed: string): { readonly held: number; readonly given: number } {
    return this.#theirs.get(feed) ?? { held: 0, given: 0 }
  }

  #holds(feed: string, seq: number): void {
    const { held, given } = this.#reach(feed)
    this.#theirs.set(feed, { held: Math.max(held, seq), given })
  }

  #onItsWay(): number {
    const ahead = [...this.#theirs.values()].map(({ held, given }) => Math.max(0, given - held))
    return ahead.reduce((sum, records) => sum + records, 0)
  }

  #ready(): boolean {
    return this.#known && !this.#closed && this.#link.waiting < ENOUGH
  }

  async #markSent({ conversation, author, incarnation }: FeedId, sent: number): Promise<void> {
    const feed = { conversation, author, incarnation }
    const { peer } = this.#link
    await this.#deps.ledger.transact((state) => {
      const reach = state.reaches.get(reachKey({ feed, peer })) ?? { feed, peer, delivered: 0, sent: 0 }
      const changes: Change[] =
        sent > reach.sent && !this.#closed ? [{ table: 'reaches', put: { ...reach, sent } }] : []
      return Promise.resolve({ changes, result: undefined })
    })
  }
}

/** What was sent and never confirmed is waiting again: to this peer, or at start to anybody. */
export async function nothingOnItsWay(ledger: Ledger, to?: IdentityKey): Promise<void> {
  await ledger.transact((state) => {
    const changes = [...state.reaches.values()]
      .filter(({ peer, sent, delivered }) => (to ?? peer) === peer && sent > delivered)
      .map((reach): Change => ({ table: 'reaches', put: { ...reach, sent: reach.delivered } }))
    return Promise.resolve({ changes, result: undefined })
  })
}
