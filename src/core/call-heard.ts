import { isLive, usesMedia, type CallSignal, type Incoming, type Live, type Outgoing } from './call.ts'
import { connect, finish, greeting, move, remember, stay, type Outcome, type Phone } from './call-phone.ts'
import type { IdentityKey } from './ids.ts'

/** Within five minutes; who is worried may well try a few times. */
const NUISANCE = { declined: 3, missed: 8, within: 5 * 60_000 }

/** Who says it to whom, and when. */
export interface Hearing {
  readonly me: IdentityKey
  readonly peer: IdentityKey
  /** In the milliseconds of `Timers.elapsed`. */
  readonly now: number
}

/** What the other side says about a call. Anything that does not fit where we stand changes nothing. */
export function heard(phone: Phone, signal: CallSignal, hearing: Hearing): Outcome {
  const { call } = phone
  if (isLive(call) && call.call === signal.call && call.peer === hearing.peer) {
    return aboutThis(phone, call, { signal, now: hearing.now })
  }
  switch (signal.step) {
    case 'ring':
      return newRing(phone, signal, hearing)
    case 'ringing':
    case 'accept':
    case 'media':
      return reply(phone, hearing.peer, { step: 'end', call: signal.call })
    case 'decline':
    case 'busy':
    case 'end':
      return stay(phone)
  }
}

function reply(phone: Phone, to: IdentityKey, step: CallSignal): Outcome {
  return { phone, say: [{ to, step }] }
}

function aboutThis(phone: Phone, call: Live, { signal, now }: { signal: CallSignal; now: number }): Outcome {
  const dialling = isDialling(call)
  switch (signal.step) {
    case 'ring':
      return again(phone, call)
    case 'ringing':
      return call.at === 'calling' ? move(phone, { ...call, at: 'ringing-out' }) : stay(phone)
    case 'accept': {
      if (!isDialling(call)) return stay(phone)
      const theirs = { muted: false, camera: signal.video }
      return connect(phone, call, { role: 'caller', mine: call.mine, theirs })
    }
    case 'decline':
      return dialling ? finish(phone, call, { reason: 'declined', by: 'them', now }) : stay(phone)
    case 'busy':
      return dialling ? finish(phone, call, { reason: 'busy', by: 'them', now }) : stay(phone)
    case 'end':
      return finish(phone, call, { reason: endOf(call), by: 'them', now })
    case 'media': {
      if (!usesMedia(call)) return stay(phone)
      return move(phone, { ...call, theirs: { muted: signal.muted, camera: signal.camera } })
    }
  }
}

function isDialling(call: Live): call is Outgoing {
  return call.at === 'calling' || call.at === 'ringing-out'
}

function endOf(call: Live): 'cancelled' | 'no-answer' | 'hung-up' {
  if (call.at === 'incoming') return 'cancelled'
  return usesMedia(call) ? 'hung-up' : 'no-answer'
}

/** The caller rings again on a new link: our answer may have been lost with the old one. */
function again(phone: Phone, call: Live): Outcome {
  if (call.at === 'incoming') return move(phone, { ...call, caller: 'here' }, [{ step: 'ringing' }])
  if (usesMedia(call) && call.role === 'callee') return move(phone, call, greeting(call))
  return stay(phone)
}

function newRing(phone: Phone, ring: CallSignal & { step: 'ring' }, { me, peer, now }: Hearing): Outcome {
  const past = phone.past.find((past) => past.call === ring.call && past.peer === peer)
  if (past) return recall(phone, past)

  const incoming: Incoming = { at: 'incoming', call: ring.call, peer, video: ring.video, caller: 'here' }
  const { call } = phone
  const anew = call.at === 'incoming' && call.peer === peer
  if (isLive(call) && !anew) return clash(phone, call, { incoming, me, now })
  // Not remembered: else it would be the declined calls that are forgotten.
  if (isNuisance(phone, { peer, now })) return reply(phone, peer, { step: 'busy', call: ring.call })
  return ringHere(anew ? remember(phone, call, { at: now, missed: true }) : phone, incoming)
}

/** Whoever rings on after that is told that we are busy, and nothing rings here. */
function isNuisance(phone: Phone, { peer, now }: { peer: IdentityKey; now: number }): boolean {
  const lately = phone.past.filter((past) => past.peer === peer && now - past.at < NUISANCE.within)
  const declined = lately.filter(({ answer }) => answer === 'decline')
  const missed = lately.filter((past) => past.missed)
  return declined.length >= NUISANCE.declined || missed.length >= NUISANCE.missed
}

/** Says again how a call ended. Our own ring, if they overheard it for the sake of theirs, counts from now on. */
function recall(phone: Phone, { call: id, peer, answer }: Phone['past'][number]): Outcome {
  const { call } = phone
  const ended = { to: peer, step: { step: answer, call: id } }
  if (!isLive(call) || !isDialling(call) || call.peer !== peer) return { phone, say: [ended] }
  return { phone, say: [ended, { to: peer, step: { step: 'ring', call: call.call, video: call.video } }] }
}

function ringHere(phone: Phone, incoming: Incoming): Outcome {
  return move(phone, incoming, [{ step: 'ringing' }])
}

/** A ring while another call is on. */
function clash(
  phone: Phone,
  call: Live,
  { incoming, me, now }: { incoming: Incoming; me: IdentityKey; now: number },
): Outcome {
  if (call.peer !== incoming.peer) return refuse(phone, incoming, now)
  // The link keeps order: who rings anew has given up whatever we still hold, perhaps with a page that was reloaded.
  if (!isDialling(call)) return ringHere(remember(phone, call, { at: now }), incoming)
  // Both rang: the call of the lower key stands, and counts as answered.
  if (me < incoming.peer) return stay(phone)
  const theirs = { muted: false, camera: incoming.video }
  return connect(remember(phone, call, { at: now }), incoming, { role: 'callee', mine: call.mine, theirs })
}

function refuse(phone: Phone, incoming: Incoming, now: number): Outcome {
  const { call, peer } = incoming
  return reply(remember(phone, incoming, { at: now, answer: 'busy' }), peer, { step: 'busy', call })
}
