import { compareEras } from '../../core/era.ts'
import type { Feed } from '../../core/feed.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import { entitlement, seatOf } from '../../core/membership.ts'
import { feedKey, feedOf, recordKey, type FeedId } from '../../core/record.ts'
import { NOWHERE } from '../../core/status.ts'
import type { FeedPlace, Frame } from '../../protocol/frame.ts'
import { reachKey } from '../../store/tables.ts'
import { tombstone } from '../entomb.ts'
import { toWire } from '../receive.ts'
import type { Ends } from './ends.ts'
import { AHEAD } from './pace.ts'
import type { Vectors } from './vectors.ts'

/** Bytes that may wait on a link before more records are given to it. */
const ENOUGH = 262_144
/** Wishes for single records that wait at the most. */
const MOST_WISHES = 16

/** Gives the other side what it lacks and is entitled to, as far as the link has room. */
export class Sender {
  readonly #ends: Ends
  readonly #vectors: Vectors
  /** Feeds that are about to leave sealed, by feedKey. */
  readonly #reserved = new Set<string>()
  /** What they asked for and is not given yet. */
  #wanted: (Frame & { type: 'want' })[] = []
  #pumping: 'no' | 'yes' | 'again' = 'no'

  constructor(ends: Ends, vectors: Vectors) {
    this.#ends = ends
    this.#vectors = vectors
  }

  pump(): void {
    if (this.#pumping === 'no') this.#ends.run(this.#pumpAll())
    else this.#pumping = 'again'
  }

  /** They could not open what was sent beyond that place. */
  lack(feed: FeedPlace): void {
    const { theirs, mayAsk } = this.#ends
    if (theirs.of(feed).given <= feed.seq) return
    if (!mayAsk()) {
      this.#ends.sendAway()
      return
    }
    theirs.rewind(feed, feed.seq)
    this.pump()
  }

  /** They miss what these records said, or doubt that they hold the same. */
  want(wanted: Frame & { type: 'want' }): void {
    if (this.#wanted.length >= MOST_WISHES || !this.#ends.mayAsk()) return
    this.#wanted.push(wanted)
    this.pump()
  }

  /** Whether a record of that feed may leave for them now, if they hold the feed up to `seq`. */
  awaits(feed: FeedId, seq: number): boolean {
    const { theirs } = this.#ends
    return this.#isOpenTo(feed.conversation) && theirs.further(feed) >= seq && theirs.onItsWay() < AHEAD
  }

  reserve(feed: FeedId): void {
    this.#reserved.add(feedKey(feed))
  }

  /** Gives what left in this moment, up to a place in the feed. */
  depart(feed: FeedId, frames: readonly Frame[], upTo: number): void {
    const { link, theirs, closed } = this.#ends
    this.#reserved.delete(feedKey(feed))
    if (closed || frames.length === 0) return
    for (const frame of frames) link.send(frame)
    theirs.given(feed, upTo)
  }

  async #pumpAll(): Promise<void> {
    do {
      this.#pumping = 'yes'
      for (const { conversation } of this.#ends.shared()) await this.#pumpOne(conversation)
      await this.#giveWanted()
    } while ((this.#pumping as string) === 'again')
    this.#pumping = 'no'
  }

  async #pumpOne(conversation: ConversationId): Promise<void> {
    const { state } = this.#ends.deps.ledger
    for (const feed of [...(state.feedsOf.get(conversation)?.values() ?? [])])
      if (this.#mayGive(feed)) await this.#give(feed)
  }

  async #give(feed: Feed): Promise<void> {
    const { deps, link, theirs } = this.#ends
    const { held } = theirs.of(feed)
    let sent = theirs.further(feed)
    while (sent < this.#end(feed) && this.#mayGive(feed) && theirs.onItsWay() < AHEAD) {
      const frame = await this.#frameOf(recordKey({ ...feed, seq: sent + 1 }))
      if (!frame || !this.#mayGive(feed)) break
      link.send(frame)
      sent += 1
      theirs.given(feed, sent)
    }
    const { self, conversations } = deps.ledger.state
    const pair = conversations.get(feed.conversation)?.circle.kind === 'pair'
    if (pair && feed.author === self.identity && sent > held) await this.#markSent(feed, sent)
  }

  /** How far a feed is given in the open. */
  #end(of: Feed): number {
    const { self, feeds } = this.#ends.deps.ledger.state
    const feed = feeds.get(feedKey(of))
    if (!feed) return 0
    if (feed.author !== self.identity) return Math.min(feed.seq, this.#vectors.ripe(feed))
    return feed.incarnation === self.incarnation.id ? Math.min(feed.seq, feed.left ?? 0) : feed.seq
  }

  /** The record as they are entitled to it (PROTOCOL §5); undefined where nothing further is for them. */
  async #frameOf(key: string): Promise<Frame | undefined> {
    const { deps, link } = this.#ends
    const row = await deps.store.get('records', key)
    const membership = row && deps.ledger.state.memberships.get(row.record.conversation)
    if (!row || !membership) return undefined
    const { record } = row
    const astray = row.message?.late === true || row.message?.failed === 'removed'
    if (astray && !seatOf(membership, record.author)) return undefined
    if (compareEras(record.era, membership.era) > 0) return undefined
    const right = entitlement(membership, link.peer, record.era)
    if (right === 'nothing') return undefined
    // Who speaks in a feed is no secret, and nobody could check the rest without it.
    const whole = (right === 'whole' && !astray) || record.seq === 1
    return { type: 'record', record: toWire(whole ? record : tombstone(record)) }
  }

  /** What cannot be given yet waits. */
  async #giveWanted(): Promise<void> {
    const ready = this.#wanted.filter(({ records: [first] }) => first && this.#isOpenTo(first.conversation))
    this.#wanted = this.#wanted.filter((one) => !ready.includes(one))
    for (const one of ready) await this.#giveSome(one)
  }

  async #giveSome({ records, bare }: Frame & { type: 'want' }): Promise<void> {
    for (const place of records) {
      const frame = await this.#frameOf(recordKey(place))
      if (frame?.type === 'record' && (bare || 'content' in frame.record.part)) this.#ends.link.send(frame)
    }
  }

  #mayGive(feed: Feed): boolean {
    return this.#isOpenTo(feed.conversation, feed.author) && !this.#reserved.has(feedKey(feed))
  }

  /**
   * Nothing is given before it is known what the others lack, and by somebody who was removed only its own words back
   * to whoever forgot them.
   */
  #isOpenTo(conversation: ConversationId, author?: IdentityKey): boolean {
    const { deps, link, closed } = this.#ends
    const { self, memberships } = deps.ledger.state
    const membership = memberships.get(conversation)
    if (!membership) return false
    const inside = seatOf(membership, self.identity) !== undefined && this.#vectors.isOpen(conversation)
    if (!inside && author !== link.peer) return false
    if (!this.#vectors.isKnown(conversation) || closed) return false
    return link.waiting < ENOUGH && deps.counts(link)
  }

  async #markSent(feed: FeedId, sent: number): Promise<void> {
    const { deps, link } = this.#ends
    const { peer } = link
    const id = feedOf(feed)
    await deps.ledger.transact((draft) => {
      const reach = draft.get('reaches', reachKey({ feed: id, peer })) ?? { feed: id, peer, ...NOWHERE }
      if (sent > reach.sent && !this.#ends.closed) draft.put('reaches', { ...reach, sent })
    })
  }
}
