import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { pacer, type Pacer } from '../core/pace.ts'
import type { Timers } from '../core/timers.ts'
import type { Link } from '../net/link.ts'
import type { Frame, Joining } from '../protocol/frame.ts'
import { admit, type Answer } from './admit.ts'
import type { Author } from './author.ts'
import type { Delivery } from './delivery.ts'
import { enter } from './enter.ts'
import { keyPackageFor } from './key-packages.ts'
import type { Ledger } from './ledger.ts'
import { dutyOf, fulfil } from './tend.ts'
import { invitationsOf, purposeOf, wishOf } from './wish.ts'

export interface KeeperDeps {
  readonly ledger: Ledger
  readonly author: Author
  readonly delivery: Delivery
  readonly timers: Timers
  /** True when the link is the one to send on. */
  counts(link: Link): boolean
  /** An organiser does not let us in. */
  turnedAway(link: Link, frame: Frame & { type: 'turned-away' }): Promise<void>
  failed(error: unknown): void
}

/** What is said about who is added. */
export type KeeperFrame = Frame & { type: 'join' | 'welcome' | 'turned-away' }

/**
 * Keeps the keys of every conversation in order (PROTOCOL §6): asks to be added where ours are missing, adds who asks
 * where we are the organiser, and begins a generation where there is none that works.
 */
export interface Keeper {
  linked(link: Link): void
  unlinked(link: Link): void
  /** What is held of a conversation is known on both sides of a link. */
  known(link: Link, conversation: ConversationId): void
  frame(link: Link, frame: KeeperFrame): void
  /** Something that decides about keys was written. */
  tend(): void
  close(): void
}

/** How often one person may be added anew: each time costs everybody a commit. */
const REJOINS = { burst: 8, everyMs: 60_000 }
/** What was asked in vain is asked again after so long, milliseconds. */
const ASK_AGAIN_MS = 60_000
/** What one person is asked for in that time, however often they name another generation. */
const MOST_ASKED = 64

export function createKeeper(deps: KeeperDeps): Keeper {
  return new OpenKeeper(deps)
}

class OpenKeeper implements Keeper {
  readonly #deps: KeeperDeps
  /** When what was asked on which link. */
  readonly #asked = new Map<Link, Map<string, number>>()
  readonly #known = new Map<Link, Set<ConversationId>>()
  /** Since when somebody is there who told what they hold. */
  readonly #informed = new Map<ConversationId, number>()
  readonly #paces = new Map<IdentityKey, Pacer>()
  /** Who asks with a group's code, until it is decided. */
  readonly #waiting = new Map<Link, Frame & { type: 'join' }>()
  #tending: 'no' | 'yes' | 'again' = 'no'
  #stopWaiting: (() => void) | undefined

  constructor(deps: KeeperDeps) {
    this.#deps = deps
  }

  linked(link: Link): void {
    this.#asked.set(link, new Map())
    this.#known.set(link, new Set())
    this.tend()
  }

  unlinked(link: Link): void {
    this.#asked.delete(link)
    this.#known.delete(link)
    this.#waiting.delete(link)
  }

  known(link: Link, conversation: ConversationId): void {
    this.#known.get(link)?.add(conversation)
    this.tend()
  }

  frame(link: Link, frame: KeeperFrame): void {
    if (frame.type === 'join') this.#run(this.#answer(link, frame))
    else if (frame.type === 'welcome') this.#run(this.#enter(link, frame))
    else this.#run(this.#deps.turnedAway(link, frame))
  }

  tend(): void {
    if (this.#tending === 'no') this.#run(this.#tendAll())
    else this.#tending = 'again'
  }

  close(): void {
    this.#stopWaiting?.()
  }

  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#tending = 'no'
      this.#deps.failed(error)
    })
  }

  async #answer(link: Link, frame: Frame & { type: 'join' }): Promise<void> {
    const { delivery, author } = this.#deps
    const { to, keyPackage } = frame
    if (!this.#inPace(link.peer)) return
    let answer: Answer | undefined
    await delivery.carry(this.#conversationOf(to), async (draft) => {
      answer = await admit(draft, author, { peer: link.peer, to, keyPackage })
    })
    if (answer) link.send(answer)
    else if (!('conversation' in to)) this.#waiting.set(link, frame)
  }

  /** Those whom the person has decided about meanwhile. */
  async #answerDecided(): Promise<void> {
    const decided = [...this.#deps.ledger.state.requests.values()].filter(
      ({ at }) => at === 'admitted' || at === 'turned-away',
    )
    for (const [link, frame] of this.#waiting) {
      if (!decided.some(({ identity }) => identity === link.peer)) continue
      this.#waiting.delete(link)
      await this.#answer(link, frame)
    }
  }

  /** Where the record of a commit is going to stand, as far as the question tells. */
  #conversationOf(to: Joining): ConversationId | undefined {
    return 'conversation' in to ? to.conversation : undefined
  }

  #inPace(peer: IdentityKey): boolean {
    const pace = this.#paces.get(peer) ?? pacer(REJOINS, () => this.#deps.timers.elapsed())
    this.#paces.set(peer, pace)
    return pace()
  }

  async #enter(link: Link, frame: Frame & { type: 'welcome' }): Promise<void> {
    const { ledger, author } = this.#deps
    const entered = await ledger.transact((draft) => enter(draft, author, { frame, from: link }))
    // Whoever leaves and is asked in again need not wait.
    if (entered) this.#asked.get(link)?.clear()
  }

  async #tendAll(): Promise<void> {
    do {
      this.#tending = 'yes'
      for (const conversation of this.#deps.ledger.state.memberships.keys()) await this.#tendOne(conversation)
      await this.#answerDecided()
      for (const link of this.#asked.keys()) if (this.#deps.counts(link)) await this.#ask(link)
    } while ((this.#tending as string) === 'again')
    this.#tending = 'no'
  }

  async #tendOne(conversation: ConversationId): Promise<void> {
    const { ledger, author, delivery } = this.#deps
    const informed = this.#informedFor(conversation)
    const duty = dutyOf(ledger.state, conversation, { author, informed })
    if (duty === 'hear') this.#tryAgainLater()
    if (duty === undefined || duty === 'hear') return
    await delivery.carry(conversation, async (draft) => {
      // What was true before may have changed while other work was written.
      const present = dutyOf(ledger.state, conversation, { author, informed })
      if (present !== undefined && present !== 'hear')
        await fulfil(draft, author, { conversation, duty: present })
    })
  }

  /** For how long somebody was there who told what they hold, milliseconds. */
  #informedFor(conversation: ConversationId): number | undefined {
    if (![...this.#known.values()].some((known) => known.has(conversation))) {
      this.#informed.delete(conversation)
      return undefined
    }
    const now = this.#deps.timers.elapsed()
    const since = this.#informed.get(conversation) ?? now
    this.#informed.set(conversation, since)
    return now - since
  }

  /** Asks somebody for all that they could add us to. */
  async #ask(link: Link): Promise<void> {
    const { ledger, author } = this.#deps
    for (const to of this.#wishes(link)) {
      const purpose = purposeOf(to, link.peer)
      this.#tryAgainLater()
      if (!this.#isDue(link, purpose)) continue
      const keyPackage = await ledger.transact((draft) => {
        // It may have been granted while other work was written.
        const still = this.#wishes(link).some((wish) => purposeOf(wish, link.peer) === purpose)
        return still ? keyPackageFor(draft, author, purpose) : undefined
      })
      if (keyPackage) link.send({ type: 'join', to, keyPackage })
    }
  }

  #wishes(link: Link): Joining[] {
    const { ledger, author, delivery } = this.#deps
    const { peer } = link
    const known = [...(this.#known.get(link) ?? [])]
    return [
      ...known.flatMap((conversation) => {
        const theirs = delivery.eraAt(link, conversation)
        return wishOf(ledger.state, conversation, { mls: author.mls, peer, theirs }) ?? []
      }),
      ...invitationsOf(ledger.state, peer).map(({ to }) => to),
    ]
  }

  /** Whoever was asked may have had too much to do. */
  #tryAgainLater(): void {
    this.#stopWaiting ??= this.#deps.timers.after(ASK_AGAIN_MS, () => {
      this.#stopWaiting = undefined
      this.tend()
    })
  }

  #isDue(link: Link, purpose: string): boolean {
    const asked = this.#asked.get(link)
    const now = this.#deps.timers.elapsed()
    if (!asked) return false
    for (const [one, at] of asked) if (now - at >= ASK_AGAIN_MS) asked.delete(one)
    if (asked.has(purpose) || asked.size >= MOST_ASKED) return false
    asked.set(purpose, now)
    return true
  }
}
