import type { Bytes } from '../core/bytes.ts'
import type { Signal } from '../protocol/signal.ts'

export interface LaneOptions {
  /** The side that begins makes the offer; the other only answers. */
  readonly initiator: boolean
  readonly iceServers: RTCIceServer[]
  /** A signal for the other side; it travels inside the bound link. */
  signal(signal: Signal): void
  opened(): void
  /** The bytes own their whole buffer and are the listener's to keep or to hand on. */
  message(bytes: Bytes): void
  /** Exactly once. A lane that failed is not used again: another one is made. */
  closed(): void
}

/**
 * A connection of its own for heavy things, so that files never hold up chat. Its DTLS fingerprints travel inside
 * the bound link and are as trustworthy as that. None of its events comes from inside a call to the lane. Every
 * adapter passes the same acceptance suite.
 */
export interface Lane {
  /** Takes what the other side's {@link LaneOptions.signal} said, at any time: what makes no sense closes the lane. */
  signal(signal: Signal): void
  /** Bytes of the longest message both browsers can take, at most 256 KiB; certain once `room()` resolved. */
  readonly longest: number
  /** Copies the bytes before it returns. Wait for `room()` before each: what is sent without is refused by throwing. */
  send(bytes: Bytes): void
  /** Resolves once the lane is open and another message may be sent; rejects with LaneClosed. */
  room(): Promise<void>
  close(): void
}

export class LaneClosed extends Error {
  override readonly name = 'LaneClosed'
}

export type OpenLane = (options: LaneOptions) => Lane
