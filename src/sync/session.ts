import { compareEras } from '../core/era.ts'
import { emptyFeed, haveOf, type Agreement, type Feed, type Have } from '../core/feed.ts'
import type { ConversationId, IdentityKey, IncarnationId } from '../core/ids.ts'
import { entitlement, isShared, seatOf, type Membership } from '../core/membership.ts'
import { pacer, type Pacer } from '../core/pace.ts'
import { feedKey, feedOf, recordKey, type FeedId } from '../core/record.ts'
import { NOWHERE } from '../core/status.ts'
import type { Timers } from '../core/timers.ts'
import type { Link } from '../net/link.ts'
import type { FeedPlace, Frame } from '../protocol/frame.ts'
import type { Store } from '../store/store.ts'
import { reachKey, type StoredRecord } from '../store/tables.ts'
import type { Author } from './author.ts'
import { tombstone } from './entomb.ts'
import { agree, agreementOf, confirm, fullVector, newerAgreement } from './have.ts'
import type { Ledger } from './ledger.ts'
import { receive, toWire, type Brought } from './receive.ts'
import { tails } from './tails.ts'

/** Bytes that may wait on a link before more records are given to it. */
const ENOUGH = 262_144
/** Records taken in by one transaction at the most. */
const BATCH = 128
/** Records that are sent ahead of what the other side has confirmed: its disk may be slower than the link. */
const AHEAD = 4 * BATCH
/** Records that wait to be taken in, and feeds that somebody may speak of: whoever brings more is sent away. */
const MOST = { waiting: 2 * AHEAD, feeds: 4_096 }
/** Batches in a row that did not open. */
const UNFIT = 3
/** How often somebody may ask for records once more. */
const AGAIN = { burst: 32, everyMs: 1_000 }

export interface SessionDeps {
  readonly ledger: Ledger
  readonly store: Store
  readonly author: Author
  readonly timers: Timers
  /** Records just stored here, from whomever. */
  stored(link: Link, records: StoredRecord[]): void
  /** Feeds that go further now: to be told to the others. */
  advanced(link: Link, feeds: Feed[]): void
  /** The other side holds records of this incarnation of ours that we lack. */
  setBack(link: Link, incarnation: IncarnationId): void
  /** The other side has another group under the same name and epoch. */
  forked(conversation: ConversationId, who: readonly IdentityKey[]): void
  /** Our keys of that conversation do not open what those of others seal. */
  unfit(conversation: ConversationId): void
  /** Somebody speaks of the chat that the two of us would have. */
  begun(link: Link, conversation: ConversationId): void
  /** What we hold of a conversation of theirs is known on both sides: whoever waited for that may go on. */
  known(link: Link, conversation: ConversationId): void
  /** True when the link is the one to send on. */
  counts(link: Link): boolean
  /** The disk refused: nothing was acknowledged, and the link ends so that it is tried again later. */
  failed(link: Link, error: unknown): void
}

/** What we and the other side know of each other in one conversation. */
interface Talk {
  /** Their full vector is complete: what is not in it they do not hold. */
  known: boolean
  agreement: Agreement | undefined
  /** How far feeds of others are passed on; who is nearer to the author may be doing it just now. */
  readonly ripe: Map<string, number>
}

/** What two people lack of each other's, in all conversations that they share, brought over one link. */
export class Session {
  readonly link: Link
  readonly #deps: SessionDeps
  /** How far the other side holds each feed, and how far we gave it, by feedKey. */
  readonly #theirs = new Map<string, { readonly held: number; readonly given: number }>()
  readonly #talks = new Map<ConversationId, Talk>()
  /** What they said last of each feed, as long as nobody looked at it. */
  readonly #said = new Map<string, Have>()
  /** Conversations whose full vector is there and was not looked at. */
  readonly #complete = new Set<ConversationId>()
  /** Feeds that are about to leave sealed, by feedKey. */
  readonly #reserved = new Set<string>()
  /** Feeds that we asked for in the open. */
  readonly #lacking = new Set<string>()
  /** Feeds whose next record could not be taken, as things stood. */
  readonly #stalled = new Map<string, FeedPlace>()
  readonly #again: Pacer
  /** Batches in a row in which something did not open. */
  readonly #unopened = new Map<ConversationId, number>()
  #confirming = false
  #inbox: Brought[] = []
  #reading = false
  #pumping: 'no' | 'yes' | 'again' = 'no'
  #closed = false

  constructor(deps: SessionDeps, link: Link) {
    this.#deps = deps
    this.link = link
    this.#again = pacer(AGAIN, () => deps.timers.elapsed())
    this.refresh('last')
  }

  /** Speaks of each conversation that is shared now and was not before. */
  refresh(last: 'last' | 'ask' = 'ask'): void {
    for (const { conversation } of this.#shared()) {
      if (this.#talks.has(conversation)) continue
      this.#talks.set(conversation, { known: false, agreement: undefined, ripe: new Map() })
      this.#speak(conversation, last)
    }
  }

  /** Gives the link what the other side lacks, as far as it has room. */
  pump(): void {
    if (this.#pumping === 'no') this.#run(this.#pumpAll())
    else this.#pumping = 'again'
  }

  have(frame: Frame & { type: 'have' }): void {
    const talk = this.#talks.get(frame.conversation)
    if (!talk) {
      this.#deps.begun(this.link, frame.conversation)
      return
    }
    for (const entry of frame.entries) {
      this.#holds(feedKey(entry), entry.seq)
      this.#said.set(feedKey(entry), entry)
    }
    if (this.#theirs.size > MOST.feeds) {
      this.#sendAway()
      return
    }
    this.#compare(frame, talk)
    if (frame.part === 'ask') this.#speak(frame.conversation, 'last')
    if (frame.part === 'last' || frame.part === 'ask') this.#complete.add(frame.conversation)
    if (!this.#confirming) this.#run(this.#confirmAll())
  }

  /** Whoever sends a record holds it. */
  brought(item: Brought): void {
    if (this.#inbox.length >= MOST.waiting || this.#theirs.size > MOST.feeds) {
      this.#sendAway()
      return
    }
    if ('record' in item) this.#holds(feedKey(item.record), item.record.seq)
    this.#inbox.push(item)
    if (!this.#reading) this.#run(this.#read())
  }

  /** They could not open what was sent beyond that place. */
  lack(feed: FeedPlace): void {
    const key = feedKey(feed)
    const { held, given } = this.#reach(key)
    if (given <= feed.seq) return
    if (!this.#again()) {
      this.#sendAway()
      return
    }
    this.#theirs.set(key, { held: Math.min(held, feed.seq), given: feed.seq })
    this.pump()
  }

  /** They miss what these records said. */
  want(records: readonly FeedPlace[]): void {
    if (this.#again()) this.#run(this.#giveSome(records))
  }

  /** Feeds of others that everybody near the author had time to take from the author. */
  ripen(feeds: ReadonlyMap<string, number>): void {
    for (const talk of this.#talks.values()) for (const [key, seq] of feeds) talk.ripe.set(key, seq)
    this.pump()
  }

  /** Who is in the conversation changed: what could not be taken before may be taken now. */
  resume(conversation: ConversationId): void {
    for (const [key, feed] of this.#stalled) {
      if (feed.conversation !== conversation) continue
      this.#stalled.delete(key)
      this.#lacking.delete(key)
      this.#ask(key, feed)
    }
  }

  /** Tells how far these feeds are held here, and that we are in another group now. */
  tell(conversation: ConversationId, feeds: readonly Feed[]): void {
    if (!this.#talks.has(conversation) || this.#closed) return
    const { ledger, author } = this.#deps
    const agreement = agreementOf(ledger.state, conversation, author.mls)
    const entries = feeds.filter((feed) => feed.conversation === conversation).map(haveOf)
    this.link.send({ type: 'have', conversation, part: 'change', entries, ...(agreement && { agreement }) })
  }

  /** Whether a record of that feed may leave for them now, if they hold the feed up to `seq`. */
  awaits(feed: FeedId, seq: number): boolean {
    const { held, given } = this.#reach(feedKey(feed))
    return this.#isOpenTo(feed.conversation) && Math.max(held, given) >= seq && this.#onItsWay() < AHEAD
  }

  /** Whether they can open what is sealed in the group that we are in. */
  opens(conversation: ConversationId, ours: Agreement): boolean {
    return agree(ours, this.#talks.get(conversation)?.agreement) === 'yes'
  }

  reserve(feed: FeedId): void {
    this.#reserved.add(feedKey(feed))
  }

  /** Gives what left in this moment, up to a place in the feed. */
  depart(feed: FeedId, frames: readonly Frame[], upTo: number): void {
    const key = feedKey(feed)
    this.#reserved.delete(key)
    if (this.#closed || frames.length === 0) return
    for (const frame of frames) this.link.send(frame)
    this.#theirs.set(key, { ...this.#reach(key), given: Math.max(this.#reach(key).given, upTo) })
  }

  /** What was sent and not confirmed waits again. */
  close(): void {
    this.#closed = true
    this.#run(nothingOnItsWay(this.#deps.ledger, this.link.peer))
  }

  #shared(): Membership[] {
    const { state } = this.#deps.ledger
    const now = this.#deps.timers.now()
    return [...state.memberships.values()].filter((membership) =>
      isShared(membership, { me: state.self.identity, peer: this.link.peer, now }),
    )
  }

  #speak(conversation: ConversationId, last: 'last' | 'ask'): void {
    const { ledger, author } = this.#deps
    for (const frame of fullVector(ledger.state, conversation, { mls: author.mls, last }))
      this.link.send(frame)
  }

  #compare({ conversation, agreement, part }: Frame & { type: 'have' }, talk: Talk): void {
    const { ledger, author } = this.#deps
    talk.agreement = newerAgreement(talk.agreement, agreement)
    const ours = agreementOf(ledger.state, conversation, author.mls)
    if (part !== 'change' && this.#isBehind(conversation, { ours, theirs: agreement })) {
      this.#deps.unfit(conversation)
      return
    }
    if (agree(ours, agreement) !== 'no') return
    this.#deps.forked(conversation, [this.link.peer])
    const { organiser } = ledger.state.memberships.get(conversation) ?? {}
    if (organiser === this.link.peer) this.#deps.unfit(conversation)
  }

  /** Between two, nothing leaves to somebody with old keys, and so not the commit that they lack either. */
  #isBehind(
    conversation: ConversationId,
    { ours, theirs }: { ours: Agreement | undefined; theirs: Agreement | undefined },
  ): boolean {
    const { conversations, memberships } = this.#deps.ledger.state
    if (!ours || !theirs || conversations.get(conversation)?.circle.kind !== 'pair') return false
    return (
      memberships.get(conversation)?.organiser === this.link.peer && compareEras(ours.era, theirs.era) < 0
    )
  }

  #know(conversation: ConversationId): void {
    const { state } = this.#deps.ledger
    const talk = this.#talks.get(conversation)
    if (!talk) return
    talk.known = true
    const missing: FeedPlace[] = []
    for (const [key, feed] of state.feedsOf.get(conversation) ?? []) {
      talk.ripe.set(key, feed.seq)
      for (const seq of feed.missing ?? []) missing.push({ ...feedOf(feed), seq })
    }
    if (missing.length > 0) this.link.send({ type: 'want', records: missing.slice(0, BATCH) })
    this.#deps.known(this.link, conversation)
  }

  /** Feeds of ours with a tail of which they hold nothing: that is certain as well. */
  #unknown(conversation: ConversationId): Have[] {
    const open = [...tails(this.#deps.ledger.state, conversation)]
    return open.filter(([key]) => !this.#theirs.has(key)).map(([, feed]) => haveOf(emptyFeed(feed)))
  }

  #sendAway(): void {
    this.#deps.author.suspicious('refused')
    this.link.close('leaving')
  }

  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#closed = true
      this.#deps.failed(this.link, error)
    })
  }

  /** Whatever they say meanwhile makes one transaction more, however often they say it. */
  async #confirmAll(): Promise<void> {
    this.#confirming = true
    while (this.#said.size > 0 || this.#complete.size > 0) {
      const complete = [...this.#complete]
      this.#complete.clear()
      const entries = [...this.#said.values(), ...complete.flatMap((one) => this.#unknown(one))]
      this.#said.clear()
      // Whoever was set back must hear of it before anything is sealed.
      if (!(await this.#confirm(entries))) continue
      for (const conversation of complete) this.#know(conversation)
      this.pump()
    }
    this.#confirming = false
  }

  /** False: this device was set back. */
  async #confirm(entries: readonly Have[]): Promise<boolean> {
    const { ledger, author } = this.#deps
    const { peer } = this.link
    const found = await ledger.transact(async (draft) => {
      const result = await confirm(draft, { peer, entries }, author.now())
      return { ...result, incarnation: draft.self.incarnation.id }
    })
    for (const who of new Set(found.forks)) {
      author.suspicious('fork')
      const [first] = entries.filter((entry) => entry.author === who)
      if (first) this.#deps.forked(first.conversation, [who])
    }
    if (found.setBack) this.#deps.setBack(this.link, found.incarnation)
    return !found.setBack
  }

  async #read(): Promise<void> {
    this.#reading = true
    while (this.#inbox.length > 0 && !this.#closed) {
      const items = this.#inbox.splice(0, BATCH)
      const { ledger, author } = this.#deps
      const taken = await ledger.transact((draft) => receive(draft, author, { bringer: this.link, items }))
      if (taken.unknown) {
        this.#sendAway()
        return
      }
      await this.#answer(taken)
    }
    this.#reading = false
  }

  async #answer({
    stored,
    feeds,
    lacks,
    stalled,
    unopened,
  }: Awaited<ReturnType<typeof receive>>): Promise<void> {
    const { ledger } = this.#deps
    const held = [...feeds.keys()].flatMap((key) => ledger.state.feeds.get(key) ?? [])
    // They are on our disk, now or from before: our vector says so again, for on another link it may have been lost.
    for (const conversation of new Set(held.map((feed) => feed.conversation))) {
      const some = held.filter((feed) => feed.conversation === conversation && feed.seq > 0)
      if (some.length > 0) this.tell(conversation, some)
    }
    for (const { record } of stored) this.#lacking.delete(feedKey(record))
    for (const [key, feed] of lacks) this.#ask(key, feed)
    for (const [key, feed] of stalled) this.#stalled.set(key, feed)
    this.#weigh(unopened, stored)
    await this.#givenBack(held)
    const grown = new Set(stored.map(({ record }) => feedKey(record)))
    this.#deps.advanced(
      this.link,
      held.filter((feed) => grown.has(feedKey(feed))),
    )
    if (stored.length > 0) this.#deps.stored(this.link, stored)
  }

  /** Once may be chance: twice in a row, though they are in our group, and our keys are no good. */
  #weigh(unopened: ReadonlySet<ConversationId>, stored: readonly StoredRecord[]): void {
    for (const { record } of stored)
      if (!unopened.has(record.conversation)) this.#unopened.delete(record.conversation)
    for (const conversation of unopened) {
      const times = (this.#unopened.get(conversation) ?? 0) + 1
      this.#unopened.set(conversation, times)
      if (times !== UNFIT || !this.#again()) continue
      this.#unopened.delete(conversation)
      this.#deps.unfit(conversation)
    }
  }

  /** Once, until something of that feed comes. */
  #ask(key: string, feed: FeedPlace): void {
    if (this.#lacking.has(key)) return
    this.#lacking.add(key)
    this.link.send({ type: 'lack', feed })
  }

  /** Whoever gave us our own words back, all that they know of, has them. */
  async #givenBack(feeds: readonly Feed[]): Promise<void> {
    const { self } = this.#deps.ledger.state
    const ours = feeds
      .filter(({ author }) => author === self.identity)
      .filter((feed) => feed.seq === this.#reach(feedKey(feed)).held)
    if (ours.length > 0) await this.#confirm(ours.map(haveOf))
  }

  async #pumpAll(): Promise<void> {
    do {
      this.#pumping = 'yes'
      for (const membership of this.#shared()) await this.#pumpOne(membership)
    } while ((this.#pumping as string) === 'again')
    this.#pumping = 'no'
  }

  async #pumpOne({ conversation }: Membership): Promise<void> {
    const { state } = this.#deps.ledger
    for (const feed of [...(state.feedsOf.get(conversation)?.values() ?? [])]) {
      if (!this.#isOpenTo(conversation, feed.author)) continue
      if (!this.#reserved.has(feedKey(feed))) await this.#give(feed)
    }
  }

  async #give(feed: Feed): Promise<void> {
    const key = feedKey(feed)
    const { held, given } = this.#reach(key)
    let sent = Math.max(held, given)
    while (
      sent < this.#end(key) &&
      this.#isOpenTo(feed.conversation, feed.author) &&
      this.#onItsWay() < AHEAD
    ) {
      const frame = await this.#frameOf(recordKey({ ...feed, seq: sent + 1 }))
      if (!frame || !this.#isOpenTo(feed.conversation, feed.author) || this.#reserved.has(key)) break
      this.link.send(frame)
      sent += 1
      this.#theirs.set(key, { ...this.#reach(key), given: sent })
    }
    const { self, conversations } = this.#deps.ledger.state
    const pair = conversations.get(feed.conversation)?.circle.kind === 'pair'
    if (pair && feed.author === self.identity && sent > held) await this.#markSent(feed, sent)
  }

  /** How far a feed is given in the open. */
  #end(key: string): number {
    const { state } = this.#deps.ledger
    const feed = state.feeds.get(key)
    if (!feed) return 0
    if (feed.author !== state.self.identity) {
      return Math.min(feed.seq, this.#talks.get(feed.conversation)?.ripe.get(key) ?? 0)
    }
    return feed.incarnation === state.self.incarnation.id ? Math.min(feed.seq, feed.left ?? 0) : feed.seq
  }

  /** The record as they are entitled to it (PROTOCOL §5); undefined where nothing further is for them. */
  async #frameOf(key: string): Promise<Frame | undefined> {
    const { ledger, store } = this.#deps
    const row = await store.get('records', key)
    const membership = row && ledger.state.memberships.get(row.record.conversation)
    if (!row || !membership) return undefined
    const { record } = row
    const astray = row.message?.late === true || row.message?.failed === 'removed'
    if (astray && !seatOf(membership, record.author)) return undefined
    if (compareEras(record.era, membership.era) > 0) return undefined
    const right = entitlement(membership, this.link.peer, record.era)
    if (right === 'nothing') return undefined
    // Who speaks in a feed is no secret, and nobody could check the rest without it.
    const whole = (right === 'whole' && !astray) || record.seq === 1
    return { type: 'record', record: toWire(whole ? record : tombstone(record)) }
  }

  async #giveSome(records: readonly FeedPlace[]): Promise<void> {
    for (const place of records) {
      if (!this.#isOpenTo(place.conversation)) continue
      const frame = await this.#frameOf(recordKey(place))
      if (frame?.type === 'record' && 'content' in frame.record.part) this.link.send(frame)
    }
  }

  #reach(feed: string): { readonly held: number; readonly given: number } {
    return this.#theirs.get(feed) ?? { held: 0, given: 0 }
  }

  #holds(feed: string, seq: number): void {
    const { held, given } = this.#reach(feed)
    this.#theirs.set(feed, { held: Math.max(held, seq), given })
  }

  #onItsWay(): number {
    let sum = 0
    for (const { held, given } of this.#theirs.values()) sum += Math.max(0, given - held)
    return sum
  }

  /**
   * Nothing is given before it is known what the others lack, and by somebody who was removed only its own words back
   * to whoever forgot them.
   */
  #isOpenTo(conversation: ConversationId, author?: IdentityKey): boolean {
    const { ledger, counts } = this.#deps
    const membership = ledger.state.memberships.get(conversation)
    if (!membership) return false
    if (!seatOf(membership, ledger.state.self.identity) && author !== this.link.peer) return false
    if (!this.#talks.get(conversation)?.known || this.#closed) return false
    return this.link.waiting < ENOUGH && counts(this.link)
  }

  async #markSent(feed: FeedId, sent: number): Promise<void> {
    const { peer } = this.link
    const id = feedOf(feed)
    await this.#deps.ledger.transact((draft) => {
      const reach = draft.get('reaches', reachKey({ feed: id, peer })) ?? { feed: id, peer, ...NOWHERE }
      if (sent > reach.sent && !this.#closed) draft.put('reaches', { ...reach, sent })
    })
  }
}

/** What was sent and never confirmed is waiting again: to this peer, or at start to anybody. */
export async function nothingOnItsWay(ledger: Ledger, to?: IdentityKey): Promise<void> {
  await ledger.transact((draft) => {
    for (const reach of draft.all('reaches')) {
      const { peer, sent, delivered } = reach
      if ((to ?? peer) === peer && sent > delivered) draft.put('reaches', { ...reach, sent: delivered })
    }
  })
}
