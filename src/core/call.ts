import type { CallId, IdentityKey } from './ids.ts'

/** What the two sides of a call say to each other over the link; the media flows elsewhere (DESIGN §3.5). */
export type CallStep =
  | { readonly step: 'ring'; readonly video: boolean }
  | { readonly step: 'ringing' }
  | { readonly step: 'accept'; readonly video: boolean }
  | { readonly step: 'decline' }
  | { readonly step: 'busy' }
  | { readonly step: 'end' }
  | { readonly step: 'media'; readonly muted: boolean; readonly camera: boolean }

export type CallSignal = CallStep & { readonly call: CallId }

/** What one side sends at the moment. */
export interface Sending {
  readonly muted: boolean
  readonly camera: boolean
}

interface Known {
  readonly call: CallId
  readonly peer: IdentityKey
  /** It was rung as a video call. */
  readonly video: boolean
}

interface Between extends Known {
  /** Who rang; of two who rang each other, the lower identity key. The caller's side begins the media. */
  readonly role: 'caller' | 'callee'
  readonly mine: Sending
  readonly theirs: Sending
}

/** We rang; `calling` until the other device says that it rings there. */
export interface Outgoing extends Known {
  readonly at: 'calling' | 'ringing-out'
  readonly mine: Sending
}

/** It rings here. */
export interface Incoming extends Known {
  readonly at: 'incoming'
  /** `away`: their link is gone, and maybe they are too. */
  readonly caller: 'here' | 'away'
}

/** Accepted; pictures and sound are on their way. */
export interface Connecting extends Between {
  readonly at: 'connecting'
}

export interface Active extends Between {
  readonly at: 'active'
  /** In the milliseconds of `Timers.elapsed`. */
  readonly since: number
  readonly flow: 'flowing' | 'interrupted'
}

export type EndReason =
  'declined' | 'busy' | 'no-answer' | 'unreachable' | 'cancelled' | 'hung-up' | 'failed' | 'lost'

/** Over; stays on the screen for a moment. */
export interface Ended extends Known {
  readonly at: 'ended'
  readonly reason: EndReason
  readonly by: 'us' | 'them'
  /** Milliseconds we were talking; absent if we never were. */
  readonly lasted?: number
}

export type Call = { readonly at: 'idle' } | Outgoing | Incoming | Connecting | Active | Ended

/** A call that holds this device: whoever else rings now is told "busy". */
export type Live = Exclude<Call, { at: 'idle' | 'ended' }>

export function isLive(call: Call): call is Live {
  return call.at !== 'idle' && call.at !== 'ended'
}

/** Devices are open for it: we called or accepted. */
export function usesDevices(call: Call): call is Outgoing | Connecting | Active {
  return isLive(call) && call.at !== 'incoming'
}

/** Pictures and sound are to flow. */
export function usesMedia(call: Call): call is Connecting | Active {
  return call.at === 'connecting' || call.at === 'active'
}

/** What a state waits for, and for how long before it gives up. */
export interface Patience {
  readonly for: 'answer' | 'caller' | 'media' | 'recovery' | 'reading'
  readonly ms: number
}

/**
 * States with the same patience share one timer: "calling" and "ringing" together make the 45 s.
 * The called side waits a little longer, so that it is the caller who decides.
 */
export function patience(call: Call): Patience | undefined {
  switch (call.at) {
    case 'calling':
    case 'ringing-out':
      return { for: 'answer', ms: 45_000 }
    case 'incoming':
      return call.caller === 'here' ? { for: 'answer', ms: 60_000 } : { for: 'caller', ms: 15_000 }
    case 'connecting':
      return { for: 'media', ms: 40_000 }
    case 'active':
      return call.flow === 'interrupted' ? { for: 'recovery', ms: 45_000 } : undefined
    case 'ended':
      return { for: 'reading', ms: 4_000 }
    case 'idle':
      return undefined
  }
}
