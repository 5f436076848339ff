import type { Feed } from '../../core/feed.ts'
import type { ConversationId, IdentityKey, IncarnationId } from '../../core/ids.ts'
import { isShared, type Membership } from '../../core/membership.ts'
import { pacer, type Pacer } from '../../core/pace.ts'
import type { Timers } from '../../core/timers.ts'
import type { Link } from '../../net/link.ts'
import type { Store } from '../../store/store.ts'
import type { StoredRecord } from '../../store/tables.ts'
import type { Author } from '../author.ts'
import type { Ledger } from '../ledger.ts'
import { Reaches } from './reaches.ts'

/** How often somebody may ask for records once more. */
const AGAIN = { burst: 32, everyMs: 1_000 }
/** Feeds unknown to us that somebody may speak of: whoever brings more is sent away. */
const MOST_FEEDS = 4_096

export interface SessionDeps {
  readonly ledger: Ledger
  readonly store: Store
  readonly author: Author
  readonly timers: Timers
  /** Records just stored here, from whomever. */
  stored(link: Link, records: StoredRecord[]): void
  /** Feeds that go further now: to be told to the others. */
  advanced(link: Link, feeds: Feed[]): void
  /** Whether their word is enough to believe that this device was set back. */
  believes(link: Link): boolean
  /** The other side holds records of this incarnation of ours that we lack. */
  setBack(link: Link, incarnation: IncarnationId): void
  /** The other side has another group under the same name and epoch. */
  apart(conversation: ConversationId, who: IdentityKey): void
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

/** The link of a session, and what all its parts need of it. */
export class Ends {
  readonly link: Link
  readonly deps: SessionDeps
  readonly theirs: Reaches
  /** False when they ask for records too often. */
  readonly mayAsk: Pacer
  closed = false

  constructor(deps: SessionDeps, link: Link) {
    this.deps = deps
    this.link = link
    this.theirs = new Reaches((key) => deps.ledger.state.feeds.has(key))
    this.mayAsk = pacer(AGAIN, () => deps.timers.elapsed())
  }

  /** Conversations in which both of us stand. */
  shared(): Membership[] {
    const { self, memberships } = this.deps.ledger.state
    const two = { me: self.identity, peer: this.link.peer }
    return [...memberships.values()].filter((membership) => isShared(membership, two))
  }

  speakOfTooMuch(): boolean {
    return this.theirs.strange > MOST_FEEDS
  }

  sendAway(): void {
    this.deps.author.suspicious('refused')
    this.link.close('leaving')
  }

  /** Work that fails ends the session. */
  run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.closed = true
      this.deps.failed(this.link, error)
    })
  }
}
