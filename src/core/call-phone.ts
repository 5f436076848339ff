import type { Call, CallStep, Connecting, Ended, EndReason, Live, Sending } from './call.ts'
import type { CallId, IdentityKey } from './ids.ts'

/** A call that is over, and what whoever still speaks of it is told. */
interface Past {
  readonly call: CallId
  readonly peer: IdentityKey
  readonly answer: 'decline' | 'busy' | 'end'
  /** It rang here, and nobody took it. */
  readonly missed: boolean
  /** In the milliseconds of `Timers.elapsed`. */
  readonly at: number
}

/** Everything there is to know about calls on this device: at most one, and the last few before it. */
export interface Phone {
  readonly call: Call
  readonly past: readonly Past[]
}

export const QUIET_PHONE: Phone = { call: { at: 'idle' }, past: [] }

export interface Outcome {
  readonly phone: Phone
  /** What is to be said to whom, in this order. */
  readonly say: readonly { readonly to: IdentityKey; readonly step: CallStep & { readonly call: CallId } }[]
}

/** So many finished calls are remembered: a late word about one of them must not ring again. */
const REMEMBERED = 32

export function stay(phone: Phone): Outcome {
  return { phone, say: [] }
}

/** The same phone with its call changed, saying `steps` to the other person of that call. */
export function move(phone: Phone, call: Live, steps: readonly CallStep[] = []): Outcome {
  return {
    phone: { ...phone, call },
    say: steps.map((step) => ({ to: call.peer, step: { ...step, call: call.call } })),
  }
}

export function remember(
  phone: Phone,
  { call, peer }: Live,
  { at, answer = 'end', missed = false }: { at: number; answer?: Past['answer']; missed?: boolean },
): Phone {
  const past = [...phone.past, { call, peer, answer, missed, at }]
  const busy = past.filter((one) => one.answer === 'busy')
  // Whoever rings on and on while we speak must not have us forget what was declined.
  const surplus = busy.length > REMEMBERED / 2 ? busy[0] : past.length > REMEMBERED ? past[0] : undefined
  return { ...phone, past: past.filter((one) => one !== surplus) }
}

export interface Ending {
  readonly reason: EndReason
  readonly by: 'us' | 'them'
  /** In the milliseconds of `Timers.elapsed`. */
  readonly now: number
  readonly say?: 'decline' | 'end'
}

export function finish(phone: Phone, call: Live, { reason, by, now, say }: Ending): Outcome {
  const { call: id, peer, video } = call
  const lasted = call.at === 'active' ? { lasted: Math.max(0, now - call.since) } : {}
  const ended: Ended = { at: 'ended', call: id, peer, video, reason, by, ...lasted }
  return {
    phone: {
      ...remember(phone, call, { at: now, answer: say ?? 'end', missed: call.at === 'incoming' }),
      call: ended,
    },
    say: say ? [{ to: peer, step: { step: say, call: id } }] : [],
  }
}

/** From ringing to talking: both sides tell at once what they send. */
export function connect(
  phone: Phone,
  call: Live,
  sides: { role: Connecting['role']; mine: Sending; theirs: Sending },
): Outcome {
  const { call: id, peer, video } = call
  const connecting: Connecting = { at: 'connecting', call: id, peer, video, ...sides }
  return move(phone, connecting, greeting(connecting))
}

/** What the other side has to know after the answer, and again after each new link. */
export function greeting(call: { role: Connecting['role']; mine: Sending }): CallStep[] {
  const media: CallStep = { step: 'media', ...call.mine }
  return call.role === 'callee' ? [{ step: 'accept', video: call.mine.camera }, media] : [media]
}
