// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- tests compile this file in a project of their own
/// <reference path="./simple-peer.d.ts" />
import type SimplePeer from 'simple-peer/simplepeer.min.js'
import type { Bytes } from '../core/bytes.ts'
import { MAX_LANE_MESSAGE } from '../protocol/limits.ts'
import type { Signal } from '../protocol/signal.ts'
import { LaneClosed, type Lane, type LaneOptions } from './lane.ts'

/** Bytes that may wait in the browser: enough to fill the pipe, far below the 16 MiB at which Chromium throws. */
const HIGH_WATER = 1_048_576
const LOW_WATER = HIGH_WATER / 2
/** What may be sent to a browser that does not say how much it takes (RFC 8841 §6.1), bytes. */
const UNTOLD_LIMIT = 65_536
/** Signals kept while the library loads: one description and its candidates. */
const MAX_EARLY = 64

/** A lane over simple-peer, which is loaded with the first one. */
export function openSimplePeerLane(options: LaneOptions): Lane {
  return new SimplePeerLane(options)
}

class SimplePeerLane implements Lane {
  readonly #options: LaneOptions
  #peer: SimplePeer | undefined
  #channel: RTCDataChannel | undefined
  #early: Signal[] = []
  #waiting: { go: () => void; stop: (error: LaneClosed) => void }[] = []
  /** A message that the browser refused because its queue was full: leaves first once that has drained. */
  #held: Bytes | undefined
  #closed = false

  constructor(options: LaneOptions) {
    this.#options = options
    import('simple-peer/simplepeer.min.js').then(
      ({ default: Peer }) => {
        if (!this.#closed) this.#begin(Peer)
      },
      // Without the library (offline and not cached) there is no lane.
      () => {
        this.#end()
      },
    )
  }

  get longest(): number {
    const theirs = this.#peer?._pc?.sctp?.maxMessageSize ?? UNTOLD_LIMIT
    return Math.min(MAX_LANE_MESSAGE, theirs)
  }

  signal(signal: Signal): void {
    if (this.#closed) return
    if (this.#peer) this.#take(this.#peer, signal)
    else if (this.#early.length < MAX_EARLY) this.#early.push(signal)
  }

  send(bytes: Bytes): void {
    if (!this.#hasRoom()) throw new RangeError('wait for room() before sending')
    this.#pass(bytes)
  }

  room(): Promise<void> {
    if (this.#closed) return Promise.reject(new LaneClosed('the lane is closed'))
    if (this.#hasRoom()) return Promise.resolve()
    return new Promise((go, stop) => {
      this.#waiting.push({ go, stop })
    })
  }

  close(): void {
    if (this.#closed) return
    // Also clears its timers; its own 'close' comes a turn later and finds us closed.
    this.#peer?.destroy()
    queueMicrotask(() => {
      this.#end()
    })
  }

  #begin(Peer: typeof SimplePeer): void {
    const { initiator, iceServers } = this.#options
    const peer = new Peer({
      ...{ initiator, trickle: true, config: { iceServers } },
      // Agreed beforehand: both sides hold the channel from the start and no message comes before its listener.
      channelConfig: { ordered: true, negotiated: true, id: 0 },
    })
    this.#peer = peer
    peer.on('signal', (signal) => {
      if (!this.#closed) this.#options.signal(signal)
    })
    peer.on('close', () => {
      this.#end()
    })
    // 'close' always follows; a listener must be there, or the library throws into the page.
    peer.on('error', () => undefined)
    if (peer._channel) this.#listen(peer._channel)
    for (const signal of this.#early.splice(0)) this.#take(peer, signal)
  }

  #listen(channel: RTCDataChannel): void {
    this.#channel = channel
    channel.bufferedAmountLowThreshold = LOW_WATER
    // In place of the library's, which would copy every byte into a stream that nobody reads.
    channel.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer && !this.#closed) this.#options.message(new Uint8Array(data))
    }
    channel.addEventListener('bufferedamountlow', () => {
      const held = this.#held
      this.#held = undefined
      if (held) this.#pass(held)
      this.#wake()
    })
    channel.addEventListener('open', () => {
      if (this.#closed) return
      this.#options.opened()
      this.#wake()
    })
  }

  #pass(bytes: Bytes): void {
    try {
      this.#channel?.send(bytes)
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      // Otherwise the channel is closing, and says so itself.
      if (error.name === 'OperationError') this.#held = bytes.slice()
    }
  }

  #take(peer: SimplePeer, signal: Signal): void {
    if (peer.destroyed || peer.destroying) return
    // A data lane has no use for media, and an initiator none for an offer.
    if (signal.type === 'transceiverRequest' || signal.type === 'renegotiate') return
    try {
      peer.signal(signal)
    } catch {
      this.close()
    }
  }

  #hasRoom(): boolean {
    const channel = this.#channel
    if (this.#closed || this.#held || channel?.readyState !== 'open') return false
    return channel.bufferedAmount + MAX_LANE_MESSAGE <= HIGH_WATER
  }

  #wake(): void {
    if (this.#hasRoom()) for (const { go } of this.#waiting.splice(0)) go()
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    this.#early = []
    this.#channel = undefined
    for (const { stop } of this.#waiting.splice(0)) stop(new LaneClosed('the lane closed'))
    this.#options.closed()
  }
}
