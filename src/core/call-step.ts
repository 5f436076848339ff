import {
  isLive,
  patience,
  usesDevices,
  usesMedia,
  type CallSignal,
  type Live,
  type Patience,
  type Sending,
} from './call.ts'
import { heard } from './call-heard.ts'
import { connect, finish, greeting, move, stay, type Outcome, type Phone } from './call-phone.ts'
import type { CallId, IdentityKey } from './ids.ts'

export type CallEvent =
  /** The person calls somebody; `call` is fresh. */
  | { readonly type: 'call'; readonly call: CallId; readonly peer: IdentityKey; readonly video: boolean }
  | { readonly type: 'accept'; readonly video: boolean }
  | { readonly type: 'decline' | 'hang-up' }
  /** What our devices give, as the person wants it. */
  | { readonly type: 'sending'; readonly mine: Sending }
  | { readonly type: 'heard'; readonly peer: IdentityKey; readonly signal: CallSignal }
  | { readonly type: 'linked' | 'unlinked'; readonly peer: IdentityKey }
  | { readonly type: 'flow'; readonly call: CallId; readonly flow: 'flowing' | 'interrupted' }
  /** A state's patience is at its end. */
  | { readonly type: 'waited'; readonly call: CallId; readonly for: Patience['for'] }

/** Whose phone it is, and what time (in the milliseconds of `Timers.elapsed`). */
export interface Place {
  readonly me: IdentityKey
  readonly now: number
}

/** The whole life of calls on one device. Events that make no sense where we stand change nothing and say nothing. */
export function step(phone: Phone, event: CallEvent, place: Place): Outcome {
  switch (event.type) {
    case 'call':
      return dial(phone, event, place)
    case 'accept':
      return accept(phone, event.video)
    case 'decline':
      return decline(phone, place)
    case 'hang-up':
      return hangUp(phone, place)
    case 'sending':
      return sending(phone, event.mine)
    case 'heard':
      return heard(phone, event.signal, { ...place, peer: event.peer })
    case 'linked':
      return linked(phone, event.peer)
    case 'unlinked':
      return unlinked(phone, event.peer)
    case 'flow':
      return flow(phone, event, place)
    case 'waited':
      return waited(phone, event, place)
  }
}

function dial(phone: Phone, event: CallEvent & { type: 'call' }, { me }: Place): Outcome {
  const { call, peer, video } = event
  const now = phone.call
  if (now.at === 'incoming' && now.peer === peer) return accept(phone, video)
  if (isLive(now) || peer === me) return stay(phone)
  const mine = { muted: false, camera: video }
  return move(phone, { at: 'calling', call, peer, video, mine }, [{ step: 'ring', video }])
}

function accept(phone: Phone, video: boolean): Outcome {
  const { call } = phone
  if (call.at !== 'incoming') return stay(phone)
  return connect(phone, call, {
    role: 'callee',
    mine: { muted: false, camera: video },
    theirs: { muted: false, camera: call.video },
  })
}

function decline(phone: Phone, { now }: Place): Outcome {
  const { call } = phone
  if (call.at !== 'incoming') return stay(phone)
  return finish(phone, call, { reason: 'declined', by: 'us', now, say: 'decline' })
}

function hangUp(phone: Phone, place: Place): Outcome {
  const { call } = phone
  if (call.at === 'incoming') return decline(phone, place)
  if (call.at === 'ended') return stay({ ...phone, call: { at: 'idle' } })
  if (!isLive(call)) return stay(phone)
  const reason = usesMedia(call) ? 'hung-up' : 'cancelled'
  return finish(phone, call, { reason, by: 'us', now: place.now, say: 'end' })
}

function sending(phone: Phone, mine: Sending): Outcome {
  const { call } = phone
  if (!usesDevices(call)) return stay(phone)
  if (call.mine.muted === mine.muted && call.mine.camera === mine.camera) return stay(phone)
  return move(phone, { ...call, mine }, usesMedia(call) ? [{ step: 'media', ...mine }] : [])
}

/** Whatever was said on the old link may have been lost: each side says again where it stands. */
function linked(phone: Phone, peer: IdentityKey): Outcome {
  const { call } = phone
  if (!isLive(call) || call.peer !== peer) return stay(phone)
  if (call.at === 'incoming') return move(phone, { ...call, caller: 'here' }, [{ step: 'ringing' }])
  if (usesMedia(call)) return move(phone, call, greeting(call))
  return move(phone, call, [{ step: 'ring', video: call.video }])
}

/** The media has its own connection and goes on. Nobody knows whether it still rings over there. */
function unlinked(phone: Phone, peer: IdentityKey): Outcome {
  const { call } = phone
  if (!isLive(call) || call.peer !== peer) return stay(phone)
  if (call.at === 'ringing-out') return move(phone, { ...call, at: 'calling' })
  if (call.at === 'incoming') return move(phone, { ...call, caller: 'away' })
  return stay(phone)
}

function flow(phone: Phone, event: CallEvent & { type: 'flow' }, { now }: Place): Outcome {
  const { call } = phone
  if (!usesMedia(call) || call.call !== event.call) return stay(phone)
  if (call.at === 'active') {
    return call.flow === event.flow ? stay(phone) : move(phone, { ...call, flow: event.flow })
  }
  if (event.flow === 'interrupted') return stay(phone)
  return move(phone, { ...call, at: 'active', since: now, flow: 'flowing' })
}

function waited(phone: Phone, event: CallEvent & { type: 'waited' }, { now }: Place): Outcome {
  const { call } = phone
  if (call.at === 'idle' || call.call !== event.call || patience(call)?.for !== event.for) return stay(phone)
  if (call.at === 'ended') return stay({ ...phone, call: { at: 'idle' } })
  return finish(phone, call, { ...givingUp(call), now, say: 'end' })
}

function givingUp(call: Live): Pick<Parameters<typeof finish>[2], 'reason' | 'by'> {
  switch (call.at) {
    case 'calling':
      return { reason: 'unreachable', by: 'them' }
    case 'ringing-out':
      return { reason: 'no-answer', by: 'them' }
    case 'incoming':
      return { reason: 'cancelled', by: 'them' }
    case 'connecting':
      return { reason: 'failed', by: 'us' }
    case 'active':
      return { reason: 'lost', by: 'us' }
  }
}
