import { createContext } from 'svelte'
import type { Call, CallSignal } from '../../core/call.ts'
import type { CallId, IdentityKey } from '../../core/ids.ts'
import type { Watched } from '../../core/watched.ts'
import type { Signal } from '../../protocol/signal.ts'
import type { Troubles } from './devices.ts'

/** What the screen shows of the call there is, if any. */
export interface CallView {
  readonly call: Call
  /** Our own picture, while the camera is on. */
  readonly own?: MediaStreamTrack
  /** Their pictures and sound, once they are here. */
  readonly remote?: MediaStream
  readonly troubles: Troubles
}

/** Calls between two people; made in app.ts, given to the components through Svelte's context. */
export interface Calls {
  readonly state: Watched<CallView>
  /** A call is on, in whatever state: nothing should be restarted or handed to another tab now. */
  readonly busy: Watched<boolean>
  /** What the `since` of a call is measured by, `Timers.elapsed`. */
  elapsed(): number
  /** Rings at once; does nothing while another call is on. */
  call(peer: IdentityKey, how: { video: boolean }): void
  /** Answers the way it was rung: with the camera if it is a video call. */
  accept(): void
  decline(): void
  /** Ends, cancels or declines, whatever fits; after the end it puts the last words away. */
  hangUp(): void
  setMuted(muted: boolean): void
  setCamera(on: boolean): void
  /** What came over the bound link to `peer`. */
  onFrame(peer: IdentityKey, signal: CallSignal): void
  onSignal(peer: IdentityKey, call: CallId, on: { lane: string; signal: Signal }): void
  onLinked(peer: IdentityKey): void
  onUnlinked(peer: IdentityKey): void
}

export const [useCalls, provideCalls] = createContext<Calls>()
