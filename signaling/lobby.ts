import { IdleWheel } from './idle-wheel.ts'
import { Introductions, type Deps, type Verdict } from './introductions.ts'
import { chargeMalformed, chargeMessage, newAllowance, tooSlow } from './limits.ts'
import { decode, errorText, ID_TAKEN, OPEN, type Packed } from './messages.ts'
import { CLOSE, type Frame, type Peer, type Wire } from './peer.ts'

/** Why somebody is sent away, in the words he gets. */
const OVER = {
  messages: 'Too many messages at once',
  bytes: 'Too much data at once',
  malformed: 'Too many messages that make no sense',
  offers: 'Too many unanswered offers',
} as const

/** Who is here: lets in, listens, keeps everybody to the limits, and sees who has gone. */
export class Lobby {
  readonly #deps: Deps
  readonly #present = new Map<string, Peer>()
  readonly #idle: IdleWheel<Peer>
  readonly #introductions: Introductions
  readonly #sweeping: NodeJS.Timeout

  constructor(deps: Deps) {
    this.#deps = deps
    this.#idle = new IdleWheel(deps.limits)
    this.#introductions = new Introductions(deps, {
      find: (address) => this.#present.get(address),
      send: (peer, packed) => this.#send(peer, packed),
    })
    // The listening server keeps the process alive; when it cannot listen, nothing else should.
    this.#sweeping = setInterval(() => this.#dropIdle(), deps.limits.sweepMs).unref()
  }

  /** How many are here, and what waits for those who are not. */
  get size(): { registered: number; waitingMessages: number; waitingBytes: number } {
    const { messages, bytes } = this.#introductions.waiting
    return { registered: this.#present.size, waitingMessages: messages, waitingBytes: bytes }
  }

  /** Lets somebody in whose token was found good. Whoever had this address before has to go. */
  enter(address: string, wire: Wire): Peer {
    const { limits, metrics, now } = this.#deps
    const older = this.#present.get(address)
    if (older) {
      metrics.count('takeovers')
      this.leave(older)
      older.wire.send(ID_TAKEN)
      older.wire.end(CLOSE.replaced)
    }
    const peer: Peer = { address, wire, allowance: newAllowance(limits, now()), lastSeen: now() }
    this.#present.set(address, peer)
    this.#idle.add(peer)
    metrics.count('registrations')
    wire.send(OPEN)
    this.#introductions.deliverWaiting(peer)
    return peer
  }

  /** Forgets somebody. Nobody is told: a closed socket says nothing about the links that were made. */
  leave(peer: Peer): void {
    if (this.#present.get(peer.address) !== peer) return
    this.#present.delete(peer.address)
    this.#idle.delete(peer)
    this.#introductions.forget(peer)
  }

  /** Takes one frame of a peer; what comes after its end is not heard. */
  hear(peer: Peer, frame: Frame): void {
    if (this.#present.get(peer.address) !== peer) return
    const { limits, now } = this.#deps
    peer.lastSeen = now()
    const charge = chargeMessage(peer.allowance, frame.bytes, { limits, now: now() })
    if (charge.kind === 'over') return this.#expel(peer, charge.limit)
    peer.allowance = charge.allowance
    if (frame.kind === 'ping') return
    const message = frame.kind === 'text' ? decode(frame.text) : undefined
    this.#judge(peer, message ? this.#introductions.take(peer, message) : 'malformed')
  }

  /** Stops all clocks. */
  close(): void {
    clearInterval(this.#sweeping)
    this.#introductions.close()
  }

  #judge(peer: Peer, verdict: Verdict): void {
    switch (verdict) {
      case 'fine':
        return
      case 'malformed':
        return this.#forgive(peer)
      case 'offers':
        return this.#expel(peer, verdict)
      case 'goodbye':
        this.leave(peer)
        return peer.wire.end(CLOSE.normal)
    }
  }

  /** A message that made no sense: dropped and counted, and too many of them end the patience. */
  #forgive(peer: Peer): void {
    const { limits, metrics, now } = this.#deps
    metrics.drop('malformed')
    const charge = chargeMalformed(peer.allowance, { limits, now: now() })
    if (charge.kind === 'over') this.#expel(peer, charge.limit)
    else peer.allowance = charge.allowance
  }

  #expel(peer: Peer, limit: keyof typeof OVER): void {
    this.#deps.metrics.hit(limit)
    this.leave(peer)
    peer.wire.send(errorText(OVER[limit]))
    peer.wire.expel(CLOSE.policy)
  }

  /** What somebody does not read in time is dropped, and he stays: others may have sent it to be rid of him. */
  #send(peer: Peer, { text, bytes }: Packed): void {
    if (tooSlow(peer.wire.buffered(), bytes, this.#deps.limits)) this.#deps.metrics.hit('slow')
    else peer.wire.send(text)
  }

  #dropIdle(): void {
    for (const peer of this.#idle.sweep(this.#deps.now(), ({ lastSeen }) => lastSeen)) {
      this.#deps.metrics.hit('idle')
      this.leave(peer)
      peer.wire.cut()
    }
  }
}
