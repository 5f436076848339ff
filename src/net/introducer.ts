import type { Address } from '../core/ids.ts'
import type { Channel } from './channel.ts'

/** How things stand with the introducer. 'taken': somebody with our token registers again and again; we gave up. */
export type IntroducerStatus = 'connecting' | 'online' | 'unreachable' | 'taken'

/** Gets the channel once it is open, or undefined once it is clear that it never will be. Called once. */
export type Admitted = (channel: Channel | undefined) => void

export interface IntroducerOptions {
  readonly address: Address
  /** Owns the address; 64 lower-case hex digits. */
  readonly token: string
  status(status: IntroducerStatus): void
  /**
   * Somebody asks for a channel. Decides in the same turn; undefined is silence: no answer and no candidate leaves.
   */
  admit(caller: Address, knock: string): Admitted | undefined
  /** Something came through the introducer that was no message for us: dropped, and to be counted. */
  dropped(): void
}

/** Brings two addresses together. Reconnects by itself until closed; open channels outlive it. */
export interface Introducer {
  /** Undefined when nobody answered in 15 s, or the introducer hinted so earlier, or there is no way through. */
  dial(callee: Address, knock: string): Promise<Channel | undefined>
  /** Tries at once what it would try later: the page became visible, the network came back. */
  hurry(): void
  close(): void
}

export type OpenIntroducer = (options: IntroducerOptions) => Introducer
