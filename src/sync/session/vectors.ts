import { compareEras, type Era } from '../../core/era.ts'
import { emptyFeed, haveOf, type Agreement, type Feed, type Have } from '../../core/feed.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import { seatOf } from '../../core/membership.ts'
import { feedKey, feedOf } from '../../core/record.ts'
import type { FeedPlace, Frame } from '../../protocol/frame.ts'
import { agree, agreementFor, agreementOf, confirm, entriesFor, fullVector, newerAgreement } from '../have.ts'
import { tails } from '../tails.ts'
import { Doubts } from './doubts.ts'
import type { Ends } from './ends.ts'

/** Missed records asked for at once, and in one frame. */
const MOST_WANTED = { inAll: 512, atOnce: 128 }

type HaveFrame = Frame & { type: 'have' }

/** What we and the other side know of each other in one conversation. */
interface Talk {
  /** Their full vector is complete: what is not in it they do not hold. */
  known: boolean
  agreement: Agreement | undefined
  /** How far feeds of others are passed on; who is nearer to the author may be doing it just now. */
  readonly ripe: Map<string, number>
  /** Who told the other that they are no more in it. */
  farewell: 'none' | 'ours' | 'theirs'
}

/** The vectors that both sides tell each other: how far every feed is held, and in which group one is. */
export class Vectors {
  readonly #ends: Ends
  readonly #changed: () => void
  readonly #talks = new Map<ConversationId, Talk>()
  /** What they said last of each feed, as long as nobody looked at it. */
  readonly #said = new Map<string, Have>()
  /** Conversations whose full vector is there and was not looked at. */
  readonly #complete = new Set<ConversationId>()
  readonly #doubts = new Doubts()
  /** How far they hold feeds of ours with what they say, where that is less. */
  readonly #whole = new Map<string, number>()
  #confirming = false

  /** `changed`: something may be given now that was not before. */
  constructor(ends: Ends, changed: () => void) {
    this.#ends = ends
    this.#changed = changed
  }

  /** Speaks of each conversation that is shared now and was not before. */
  refresh(last: 'last' | 'ask'): void {
    for (const { conversation } of this.#ends.shared()) {
      if (this.#talks.has(conversation)) continue
      this.#talks.set(conversation, { known: false, agreement: undefined, ripe: new Map(), farewell: 'none' })
      this.#speak(conversation, last)
    }
  }

  have(frame: HaveFrame): void {
    const { theirs, deps, link } = this.#ends
    const talk = this.#talks.get(frame.conversation)
    if (!talk) {
      deps.begun(link, frame.conversation)
      return
    }
    for (const entry of frame.entries) {
      theirs.holds(entry, entry.seq)
      this.#said.set(feedKey(entry), entry)
      if (entry.whole === undefined) this.#whole.delete(feedKey(entry))
      else this.#whole.set(feedKey(entry), entry.whole)
    }
    if (this.#ends.speakOfTooMuch()) {
      this.#ends.sendAway()
      return
    }
    this.#part(frame, talk)
    this.#compare(frame, talk)
    if (frame.part === 'ask') this.#speak(frame.conversation, 'last')
    if (frame.part !== 'more' && frame.part !== 'change') this.#complete.add(frame.conversation)
    if (!this.#confirming) this.#ends.run(this.#confirmAll())
  }

  /** Tells how far these feeds are held here, and that we are in another group now. */
  tell(conversation: ConversationId, feeds: readonly Feed[]): void {
    const { deps, link, closed } = this.#ends
    const { state } = deps.ledger
    const talk = this.#talks.get(conversation)
    const membership = state.memberships.get(conversation)
    if (!talk || !membership || closed) return
    const parted = talk.farewell === 'ours'
    if (!seatOf(membership, link.peer)) talk.farewell = 'ours'
    else if (parted) {
      talk.farewell = 'none'
      this.#speak(conversation, 'ask')
      return
    }
    const part = talk.farewell === 'ours' && !parted ? 'farewell' : 'change'
    const some = feeds.filter((feed) => feed.conversation === conversation)
    const entries = entriesFor(state, link.peer, some)
    const agreement = agreementFor(state, conversation, { mls: deps.author.mls, to: link.peer })
    if (entries.length === 0 && parted) return
    link.send({ type: 'have', conversation, part, entries, ...(agreement && { agreement }) })
  }

  /** Whoever gave us our own words back, all that they know of, has them. */
  async givenBack(feeds: readonly Feed[]): Promise<void> {
    const { deps, theirs } = this.#ends
    const ours = feeds
      .filter(({ author }) => author === deps.ledger.state.self.identity)
      .filter((feed) => feed.seq === theirs.of(feed).held)
    const entries = ours.map((feed) => {
      const whole = this.#whole.get(feedKey(feed))
      return { ...haveOf(feed), ...(whole !== undefined && { whole }) }
    })
    if (entries.length > 0) await this.#confirm(entries)
  }

  /** Of a record of ours they have but the place. */
  bare(record: FeedPlace): void {
    const before = this.#whole.get(feedKey(record)) ?? Infinity
    this.#whole.set(feedKey(record), Math.min(before, record.seq - 1))
  }

  ripen(feeds: ReadonlyMap<string, number>): void {
    for (const talk of this.#talks.values()) for (const [key, seq] of feeds) talk.ripe.set(key, seq)
  }

  /** How far a feed of somebody else may be passed on. */
  ripe(feed: Feed): number {
    return this.#talks.get(feed.conversation)?.ripe.get(feedKey(feed)) ?? 0
  }

  /** What they lack is known. */
  isKnown(conversation: ConversationId): boolean {
    return this.#talks.get(conversation)?.known === true
  }

  /** Whether they can open what is sealed in the group that we are in. */
  opens(conversation: ConversationId, ours: Agreement): boolean {
    return agree(ours, this.#talks.get(conversation)?.agreement) === 'yes'
  }

  /** In which era they say that they have the keys. */
  eraAt(conversation: ConversationId): Era | undefined {
    return this.#talks.get(conversation)?.agreement?.era
  }

  /** Whether they take more than their own words. */
  isOpen(conversation: ConversationId): boolean {
    return this.#talks.get(conversation)?.farewell !== 'theirs'
  }

  /** What they were given of it they do not confirm any more. */
  #part({ conversation, part }: HaveFrame, talk: Talk): void {
    if (part === 'farewell' && talk.farewell !== 'theirs') {
      talk.farewell = 'theirs'
      this.#ends.theirs.settle(conversation)
    } else if ((part === 'last' || part === 'ask') && talk.farewell === 'theirs') talk.farewell = 'none'
  }

  #speak(conversation: ConversationId, last: 'last' | 'ask'): void {
    const { deps, link } = this.#ends
    const talk = this.#talks.get(conversation)
    const membership = deps.ledger.state.memberships.get(conversation)
    if (talk && membership && !seatOf(membership, link.peer)) talk.farewell = 'ours'
    const about = { mls: deps.author.mls, last, to: link.peer }
    for (const frame of fullVector(deps.ledger.state, conversation, about)) link.send(frame)
  }

  #compare({ conversation, agreement, part }: HaveFrame, talk: Talk): void {
    const { deps, link } = this.#ends
    const { state } = deps.ledger
    talk.agreement = newerAgreement(talk.agreement, agreement)
    const ours = agreementOf(state, conversation, deps.author.mls)
    if (part !== 'change' && this.#isBehind(conversation, { ours, theirs: agreement })) {
      deps.unfit(conversation)
      return
    }
    if (agree(ours, agreement) !== 'no') return
    deps.apart(conversation, link.peer)
    if (state.memberships.get(conversation)?.organiser === link.peer) deps.unfit(conversation)
  }

  /** Between two, nothing leaves to somebody with old keys, and so not the commit that they lack either. */
  #isBehind(
    conversation: ConversationId,
    { ours, theirs }: { ours: Agreement | undefined; theirs: Agreement | undefined },
  ): boolean {
    const { deps, link } = this.#ends
    const { conversations, memberships } = deps.ledger.state
    if (!ours || !theirs || conversations.get(conversation)?.circle.kind !== 'pair') return false
    return memberships.get(conversation)?.organiser === link.peer && compareEras(ours.era, theirs.era) < 0
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
      this.#changed()
    }
    this.#confirming = false
  }

  /** False: this device was set back. */
  async #confirm(entries: readonly Have[]): Promise<boolean> {
    const { deps, link } = this.#ends
    const { ledger, author } = deps
    const found = await ledger.transact(async (draft) => {
      const believed = deps.believes(link)
      const result = await confirm(draft, { peer: link.peer, entries, believed }, author.now())
      return { ...result, incarnation: draft.self.incarnation.id }
    })
    for (const entry of found.doubtful) this.#doubt(entry.author, this.#doubts.begin(entry))
    if (found.setBack) deps.setBack(link, found.incarnation)
    return !found.setBack
  }

  /** These records are the same there and here: where they were doubted, the difference lies before them. */
  same(records: readonly FeedPlace[]): void {
    for (const place of records) this.#doubt(place.author, this.#doubts.goOn(place))
  }

  /** Two heads are nothing but a claim; two signatures for one place are proof (receive.ts). */
  #doubt(author: IdentityKey, records: readonly FeedPlace[]): void {
    const { deps, link } = this.#ends
    const [first] = records
    const chat = first && deps.ledger.state.conversations.get(first.conversation)
    if (chat && !chat.forked?.includes(author)) link.send({ type: 'want', records, bare: true })
  }

  /** Feeds of ours with a tail of which they hold nothing: that is certain as well. */
  #unknown(conversation: ConversationId): Have[] {
    const { deps, theirs } = this.#ends
    const open = [...tails(deps.ledger.state, conversation)]
    return open.filter(([key]) => !theirs.has(key)).map(([, feed]) => haveOf(emptyFeed(feed)))
  }

  #know(conversation: ConversationId): void {
    const { deps, link } = this.#ends
    const talk = this.#talks.get(conversation)
    if (!talk) return
    talk.known = true
    const missing: { theirs: FeedPlace[]; others: FeedPlace[] } = { theirs: [], others: [] }
    for (const [key, feed] of deps.ledger.state.feedsOf.get(conversation) ?? []) {
      talk.ripe.set(key, feed.seq)
      const own = feed.author === link.peer
      for (const { seq, settled } of feed.missing ?? [])
        if (!own || !settled) missing[own ? 'theirs' : 'others'].push({ ...feedOf(feed), seq })
    }
    this.#want(missing.theirs, true)
    this.#want(missing.others, false)
    deps.known(link, conversation)
  }

  /** An author also says that there is no more of it. */
  #want(missing: readonly FeedPlace[], bare: boolean): void {
    const { inAll, atOnce } = MOST_WANTED
    const wanted = missing.slice(-inAll)
    for (let at = 0; at < wanted.length; at += atOnce)
      this.#ends.link.send({ type: 'want', records: wanted.slice(at, at + atOnce), bare })
  }
}
