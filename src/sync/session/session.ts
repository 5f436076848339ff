import type { Era } from '../../core/era.ts'
import type { Agreement, Feed } from '../../core/feed.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import type { FeedId } from '../../core/record.ts'
import type { Link } from '../../net/link.ts'
import type { FeedPlace, Frame } from '../../protocol/frame.ts'
import type { Ledger } from '../ledger.ts'
import type { Brought } from '../receive.ts'
import { Ends, type SessionDeps } from './ends.ts'
import { Receiver } from './receiver.ts'
import { Sender } from './sender.ts'
import { Vectors } from './vectors.ts'

/** What two people lack of each other's, in all conversations that they share, brought over one link. */
export class Session {
  readonly #ends: Ends
  readonly #vectors: Vectors
  readonly #receiver: Receiver
  readonly #sender: Sender

  constructor(deps: SessionDeps, link: Link) {
    this.#ends = new Ends(deps, link)
    this.#vectors = new Vectors(this.#ends, () => {
      this.pump()
    })
    this.#receiver = new Receiver(this.#ends, this.#vectors)
    this.#sender = new Sender(this.#ends, this.#vectors)
    this.#vectors.refresh('last')
  }

  get link(): Link {
    return this.#ends.link
  }

  /** Speaks of each conversation that is shared now and was not before. */
  refresh(): void {
    this.#vectors.refresh('ask')
  }

  /** Gives the link what the other side lacks, as far as it has room. */
  pump(): void {
    this.#sender.pump()
  }

  have(frame: Frame & { type: 'have' }): void {
    this.#vectors.have(frame)
  }

  brought(item: Brought): void {
    this.#receiver.brought(item)
  }

  /** They could not open what was sent beyond that place. */
  lack(feed: FeedPlace): void {
    this.#sender.lack(feed)
  }

  /** They miss what these records said, or doubt that they hold the same. */
  want(wanted: Frame & { type: 'want' }): void {
    this.#sender.want(wanted)
  }

  /** Feeds of others that everybody near the author had time to take from the author. */
  ripen(feeds: ReadonlyMap<string, number>): void {
    this.#vectors.ripen(feeds)
    this.pump()
  }

  /** Who is in the conversation changed: what could not be taken before may be taken now. */
  resume(conversation: ConversationId): void {
    this.#receiver.resume(conversation)
  }

  /** Tells how far these feeds are held here, and that we are in another group now. */
  tell(conversation: ConversationId, feeds: readonly Feed[]): void {
    this.#vectors.tell(conversation, feeds)
  }

  /** Whether a record of that feed may leave for them now, if they hold the feed up to `seq`. */
  awaits(feed: FeedId, seq: number): boolean {
    return this.#sender.awaits(feed, seq)
  }

  /** Whether they can open what is sealed in the group that we are in. */
  opens(conversation: ConversationId, ours: Agreement): boolean {
    return this.#vectors.opens(conversation, ours)
  }

  /** In which era they say that they have the keys. */
  eraAt(conversation: ConversationId): Era | undefined {
    return this.#vectors.eraAt(conversation)
  }

  /** That feed is about to leave sealed: until it departs nothing of it is given in the open. */
  reserve(feed: FeedId): void {
    this.#sender.reserve(feed)
  }

  /** Gives what left in this moment, up to a place in the feed. */
  depart(feed: FeedId, frames: readonly Frame[], upTo: number): void {
    this.#sender.depart(feed, frames, upTo)
  }

  /** What was sent and not confirmed waits again. */
  close(): void {
    this.#ends.closed = true
    this.#ends.run(nothingOnItsWay(this.#ends.deps.ledger, this.link.peer))
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
