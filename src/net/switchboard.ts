import type { Bytes } from '../core/bytes.ts'
import type { Address, IdentityKey } from '../core/ids.ts'
import type { Role } from '../crypto/bind.ts'
import { makeKnock } from '../crypto/knock.ts'
import type { Frame } from '../protocol/frame.ts'
import { toBase32 } from '../protocol/text.ts'
import { backoff } from './backoff.ts'
import type { Party } from './bind.ts'
import type { Channel } from './channel.ts'
import type { Door, Doors } from './doors.ts'
import { Entrance } from './entrance.ts'
import type { Admitted, Introducer, IntroducerStatus, OpenIntroducer } from './introducer.ts'
import { createLink, type Link } from './link.ts'
import type { Links, LinkState } from './links.ts'
import { meet, type Met, type MeetingDeps, type MeetingEvents } from './meeting.ts'

/** After so many dials in vain the person is told "Offline"; dialling goes on. */
const HOPEFUL_TRIES = 2
const PATH_SETTLED_MS = 3_000
const REDIAL = { first: 500, visible: 4_000, hidden: 60_000 }

/** What the switchboard asks and tells. */
export interface SwitchboardEvents extends MeetingEvents {
  linked(link: Link): void
  frame(link: Link, frame: Frame): void
  drained(link: Link): void
  /** `last`: nothing is left that leads to this person. */
  unlinked(link: Link, how: { last: boolean }): void
  introducer(status: IntroducerStatus): void
  /** Bytes from outside that fit nothing. */
  dropped(what: 'introduction' | 'frame'): void
}

export interface SwitchboardDeps extends MeetingDeps {
  readonly address: Address
  readonly token: string
  readonly openIntroducer: OpenIntroducer
  readonly doors: Doors
  readonly events: SwitchboardEvents
  /** Who we are at this moment. */
  me(): Party
  visible(): boolean
  /** From 0 to 1. */
  chance(): number
  randomBytes(length: number): Bytes
}

/** Everything about one person's links. */
interface Line {
  /** The newest bound link is the one that counts; others wait for the other side to close them. */
  links: Link[]
  state: LinkState
  dialling: boolean
  tries: number
  stopWaiting: () => void
}

/** Dials everybody we know, answers whoever knocks rightly, and keeps one link that counts per person. */
export interface Switchboard extends Links {
  /** The doors changed: dials who was not dialled before. */
  refresh(): void
  /** The network changed or the page woke up: probe every link and dial at once. */
  hurry(): void
  /** Ends all links; they are made anew: we speak for another incarnation now, or the page goes away. */
  hangUp(): void
  /** True when the link is the one that counts. */
  counts(link: Link): boolean
  /** Gives up the address and all links. */
  close(): void
}

export function openSwitchboard(deps: SwitchboardDeps): Switchboard {
  return new OpenSwitchboard(deps)
}

class OpenSwitchboard implements Switchboard {
  readonly #deps: SwitchboardDeps
  readonly #introducer: Introducer
  readonly #lines = new Map<IdentityKey, Line>()
  readonly #listeners = new Set<(peer: IdentityKey) => void>()
  readonly #entrance: Entrance
  #online = false
  #closed = false

  constructor(deps: SwitchboardDeps) {
    this.#deps = deps
    this.#entrance = new Entrance(deps)
    this.#introducer = deps.openIntroducer({
      address: deps.address,
      token: deps.token,
      status: (status) => {
        this.#online = status === 'online'
        deps.events.introducer(status)
        if (this.#online) this.refresh()
      },
      admit: (caller, knock) => this.#admit(caller, knock),
      dropped: () => {
        deps.events.dropped('introduction')
      },
    })
  }

  state(peer: IdentityKey): LinkState {
    return this.#lines.get(peer)?.state ?? { at: 'offline' }
  }

  send(peer: IdentityKey, frame: Frame): boolean {
    const link = this.#lines.get(peer)?.links.at(-1)
    link?.send(frame)
    return link !== undefined
  }

  waiting(peer: IdentityKey): number {
    return this.#lines.get(peer)?.links.at(-1)?.waiting ?? 0
  }

  watch(listener: (peer: IdentityKey) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  counts(link: Link): boolean {
    return this.#lines.get(link.peer)?.links.at(-1) === link
  }

  refresh(): void {
    for (const door of this.#deps.doors.all()) {
      if (door.expects !== undefined && door.address !== undefined) this.#dialSoon(door.expects)
    }
  }

  hurry(): void {
    this.#introducer.hurry()
    for (const [peer, line] of this.#lines) {
      for (const link of line.links) link.probe()
      line.tries = 0
      this.#dialSoon(peer)
    }
  }

  hangUp(): void {
    for (const line of this.#lines.values()) for (const link of line.links) link.close('leaving')
  }

  close(): void {
    this.#closed = true
    for (const line of this.#lines.values()) {
      line.stopWaiting()
      for (const link of line.links) link.close('leaving')
    }
    this.#introducer.close()
  }

  #line(peer: IdentityKey): Line {
    const known = this.#lines.get(peer)
    if (known) return known
    const line: Line = {
      links: [],
      state: { at: 'offline' },
      dialling: false,
      tries: 0,
      stopWaiting: () => undefined,
    }
    this.#lines.set(peer, line)
    return line
  }

  /** Dials now unless there is a link or a dial under way. */
  #dialSoon(peer: IdentityKey): void {
    const line = this.#line(peer)
    if (this.#closed || !this.#online || line.dialling || line.links.length > 0) return
    const door = [...this.#deps.doors.all()].find(
      ({ expects, address }) => expects === peer && address !== undefined,
    )
    if (door?.address === undefined) return
    line.stopWaiting()
    line.dialling = true
    this.#settle(peer, line)
    void this.#dial(door, door.address).finally(() => {
      line.dialling = false
      this.#settle(peer, line)
      this.#dialLater(peer, line)
    })
  }

  #dialLater(peer: IdentityKey, line: Line): void {
    const most = this.#deps.visible() ? REDIAL.visible : REDIAL.hidden
    const wait = backoff(line.tries++, { first: REDIAL.first, most }, this.#deps.chance())
    line.stopWaiting()
    line.stopWaiting = this.#deps.timers.after(wait, () => {
      this.#dialSoon(peer)
    })
  }

  async #dial(door: Door, callee: Address): Promise<void> {
    const parties = { caller: this.#deps.address, callee }
    const knock = makeKnock(door.keys.knock, parties, this.#deps.randomBytes(8))
    const channel = await this.#introducer.dial(callee, toBase32(knock))
    if (channel) await this.#bind(channel, door, 'dialer')
  }

  #admit(address: Address, label: string): Admitted | undefined {
    const caller = this.#closed ? undefined : this.#entrance.admit(address, label)
    if (!caller) return undefined
    return (channel) => {
      if (channel) void this.#bind(channel, caller.door, 'listener').finally(caller.done)
      else caller.done()
    }
  }

  async #bind(channel: Channel, door: Door, role: Role): Promise<void> {
    const me = this.#deps.me()
    /** Meanwhile we may have given up the address, or begun a new incarnation. */
    const stale = (): boolean => this.#closed || this.#deps.me().incarnation.id !== me.incarnation.id
    const met = await meet(channel, this.#deps, { door, role, me, stale })
    if (met && !stale()) this.#adopt(channel, met, role)
    else channel.close()
  }

  #adopt(channel: Channel, { bound: { identity, incarnation }, inbox }: Met, role: Role): void {
    const me = this.#deps.me().signer.identity
    const { timers, events } = this.#deps
    const dialler = role === 'dialer' ? me : identity
    const link = createLink(channel, { peer: identity, incarnation: incarnation.id, dialler }, timers)
    const line = this.#line(identity)
    const rivals = line.links
    line.links = [...rivals, link]
    line.stopWaiting()
    for (const rival of rivals) {
      // Each side may see two links bound in another order: only the lower key ends one that the other side dialled.
      // One of another incarnation leads to another device, which does not know of this link.
      const elsewhere = rival.incarnation !== link.incarnation
      if (elsewhere || rival.dialler === link.dialler || me < identity) rival.close('duplicate')
    }
    events.linked(link)
    link.listen(
      {
        frame: (frame) => {
          events.frame(link, frame)
        },
        drained: () => {
          events.drained(link)
        },
        closed: () => {
          this.#lost(link)
        },
        dropped: () => {
          events.dropped('frame')
        },
      },
      inbox.rest(),
    )
    this.#settle(identity, line)
    void this.#findPath(link, line)
    timers.after(PATH_SETTLED_MS, () => {
      // Only a link that lasts was a success: whatever ends each one at once must not make us dial without a pause.
      if (line.links.includes(link)) line.tries = 0
      // ICE may still find a better pair.
      void this.#findPath(link, line)
    })
  }

  async #findPath(link: Link, line: Line): Promise<void> {
    const path = await link.path()
    if (this.#closed || line.links.at(-1) !== link) return
    line.state = { at: 'linked', path }
    this.#tell(link.peer)
  }

  #lost(link: Link): void {
    const line = this.#line(link.peer)
    const counted = line.links.at(-1) === link
    line.links = line.links.filter((other) => other !== link)
    this.#deps.events.unlinked(link, { last: line.links.length === 0 })
    const next = line.links.at(-1)
    if (counted && next) this.#deps.events.drained(next)
    this.#settle(link.peer, line)
    if (line.tries === 0) this.#dialSoon(link.peer)
    else this.#dialLater(link.peer, line)
  }

  #settle(peer: IdentityKey, line: Line): void {
    if (line.links.length > 0) {
      if (line.state.at !== 'linked') line.state = { at: 'linked', path: undefined }
    } else line.state = { at: line.dialling && line.tries < HOPEFUL_TRIES ? 'connecting' : 'offline' }
    this.#tell(peer)
  }

  #tell(peer: IdentityKey): void {
    for (const listener of [...this.#listeners]) listener(peer)
  }
}
