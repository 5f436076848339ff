import type { Era } from '../core/era.ts'
import type { Feed } from '../core/feed.ts'
import type { ConversationId } from '../core/ids.ts'
import { feedKey } from '../core/record.ts'
import type { Link } from '../net/link.ts'
import type { Frame } from '../protocol/frame.ts'
import { prepare, type Departure } from './departure.ts'
import { ownFeed, type Draft } from './draft.ts'
import type { SessionDeps } from './session/ends.ts'
import { Session } from './session/session.ts'

/** What is brought on by the only loop of delivery. */
export type DeliveryFrame = Frame & { type: 'have' | 'record' | 'sealed' | 'lack' | 'want' }

/** One session per bound link; whatever was stored is offered to whoever lacks it. */
export interface Delivery {
  linked(link: Link): void
  frame(link: Link, frame: DeliveryFrame): void
  drained(link: Link): void
  /** In which era somebody says that they have the keys. */
  eraAt(link: Link, conversation: ConversationId): Era | undefined
  unlinked(link: Link): void
  /** Something new was stored: bring it to everybody it is for. */
  offer(): void
  /** Who is in which conversation changed, or our keys did. */
  regroup(conversations: ReadonlySet<ConversationId>): void
  /**
   * A transaction that makes records of ours: they leave with it, to everybody who waits for them, as soon as it is
   * complete.
   */
  carry<T>(conversation: ConversationId | undefined, work: (draft: Draft) => Promise<T>): Promise<T>
  close(): void
}

export type DeliveryDeps = Omit<SessionDeps, 'advanced' | 'known'> & {
  /** Both sides of the link know what the other holds of a conversation. */
  known(link: Link, conversation: ConversationId): void
}

/** To all but author and bringer it is told after so long what is held here: together with what comes meanwhile. */
const TELL_MS = 1_000
/** What others wrote is passed on after so long to whoever did not get it from them. */
const RIPE_MS = 2_500

export function createDelivery(deps: DeliveryDeps): Delivery {
  return new OpenDelivery(deps)
}

class OpenDelivery implements Delivery {
  readonly #deps: DeliveryDeps
  readonly #sessions = new Map<Link, Session>()
  /** What is told to everybody in a while, by feedKey; and who knows already. */
  readonly #untold = new Map<string, Set<Link>>()
  readonly #leaving = new Set<ConversationId>()
  #stopTelling: (() => void) | undefined
  #stopRipening: (() => void) | undefined
  #unripe = new Map<string, number>()

  constructor(deps: DeliveryDeps) {
    this.#deps = deps
  }

  linked(link: Link): void {
    const deps: SessionDeps = {
      ...this.#deps,
      advanced: (from, feeds) => {
        this.#advanced(from, feeds)
      },
      known: (from, conversation) => {
        this.#leave(conversation)
        this.#deps.known(from, conversation)
      },
    }
    this.#sessions.set(link, new Session(deps, link))
  }

  frame(link: Link, frame: DeliveryFrame): void {
    const session = this.#sessions.get(link)
    switch (frame.type) {
      case 'have':
        session?.have(frame)
        this.#leave(frame.conversation)
        return
      case 'record':
      case 'sealed':
        session?.brought(frame)
        return
      case 'lack':
        session?.lack(frame.feed)
        return
      case 'want':
        session?.want(frame)
    }
  }

  drained(link: Link): void {
    this.#sessions.get(link)?.pump()
    this.#leaveAll()
  }

  eraAt(link: Link, conversation: ConversationId): Era | undefined {
    return this.#sessions.get(link)?.eraAt(conversation)
  }

  unlinked(link: Link): void {
    this.#sessions.get(link)?.close()
    this.#sessions.delete(link)
  }

  offer(): void {
    for (const session of this.#sessions.values()) session.pump()
    this.#leaveAll()
  }

  regroup(conversations: ReadonlySet<ConversationId>): void {
    for (const session of this.#sessions.values()) {
      session.refresh()
      for (const conversation of conversations) {
        session.tell(conversation, [])
        session.resume(conversation)
      }
      session.pump()
    }
    this.#leaveAll()
  }

  async carry<T>(conversation: ConversationId | undefined, work: (draft: Draft) => Promise<T>): Promise<T> {
    let departure: Departure | undefined
    const { ledger, author } = this.#deps
    try {
      const result = await ledger.transact(async (draft) => {
        const done = await work(draft)
        if (conversation !== undefined)
          departure = await prepare(draft, author, { conversation, sessions: this.#living() })
        return done
      })
      departure?.depart()
      return result
    } catch (error) {
      departure?.stay()
      throw error
    }
  }

  close(): void {
    this.#stopTelling?.()
    this.#stopRipening?.()
  }

  #living(): Session[] {
    return [...this.#sessions.values()].filter(({ link }) => this.#deps.counts(link))
  }

  #leaveAll(): void {
    for (const conversation of this.#deps.ledger.state.conversations.keys()) this.#leave(conversation)
  }

  /** What could not leave when it was written. */
  #leave(conversation: ConversationId): void {
    if (!this.#waits(conversation) || this.#leaving.has(conversation)) return
    this.#leaving.add(conversation)
    const before = this.#left(conversation)
    this.carry(conversation, () => Promise.resolve())
      .then(
        () => {
          this.#leaving.delete(conversation)
          if (this.#left(conversation) > before) this.#leave(conversation)
        },
        (error: unknown) => {
          this.#leaving.delete(conversation)
          for (const { link } of this.#living()) this.#deps.failed(link, error)
        },
      )
      .catch((error: unknown) => {
        for (const { link } of this.#living()) this.#deps.failed(link, error)
      })
  }

  #left(conversation: ConversationId): number {
    const { state } = this.#deps.ledger
    return state.feeds.get(feedKey(ownFeed(state, conversation)))?.left ?? 0
  }

  #waits(conversation: ConversationId): boolean {
    const { state } = this.#deps.ledger
    const feed = state.feeds.get(feedKey(ownFeed(state, conversation)))
    if (!feed || (feed.left ?? 0) >= feed.seq) return false
    return this.#living().some((session) => session.awaits(feed, feed.left ?? 0))
  }

  #advanced(from: Link, feeds: readonly Feed[]): void {
    const me = this.#deps.ledger.state.self.identity
    for (const feed of feeds) {
      if (feed.author === me) continue
      const key = feedKey(feed)
      const known = this.#untold.get(key) ?? new Set<Link>()
      this.#untold.set(key, known.add(from))
      this.#unripe.set(key, feed.seq)
      for (const [link, session] of this.#sessions) {
        if (link.peer !== feed.author || link === from) continue
        session.tell(feed.conversation, [feed])
        known.add(link)
      }
    }
    if (this.#untold.size > 0 && this.#sessions.size > 1) this.#later()
    else this.#untold.clear()
  }

  #later(): void {
    const { timers } = this.#deps
    this.#stopTelling ??= timers.after(TELL_MS, () => {
      this.#stopTelling = undefined
      this.#tellAll()
    })
    this.#stopRipening ??= timers.after(RIPE_MS, () => {
      this.#stopRipening = undefined
      const ripe = this.#unripe
      this.#unripe = new Map()
      for (const session of this.#sessions.values()) session.ripen(ripe)
    })
  }

  #tellAll(): void {
    const { state } = this.#deps.ledger
    for (const [link, session] of this.#sessions) {
      const feeds = [...this.#untold]
        .filter(([, known]) => !known.has(link))
        .flatMap(([key]) => state.feeds.get(key) ?? [])
      for (const conversation of new Set(feeds.map((feed) => feed.conversation))) {
        session.tell(
          conversation,
          feeds.filter((feed) => feed.conversation === conversation),
        )
      }
    }
    this.#untold.clear()
  }
}
