import { describe, expect, test } from 'vitest'
import { step, type CallEvent } from '../../../src/core/call-step.ts'
import { QUIET_PHONE, type Phone } from '../../../src/core/call-phone.ts'
import { isLive, patience, type CallStep } from '../../../src/core/call.ts'
import { callId, identityKey, type CallId, type IdentityKey } from '../../../src/core/ids.ts'

const alice = identityKey('a'.repeat(64))
const bob = identityKey('b'.repeat(64))
const carol = identityKey('c'.repeat(64))
const first = callId('1'.repeat(32))
const second = callId('2'.repeat(32))

/** One person's phone, driven by hand. */
function phoneOf(me: IdentityKey) {
  let phone: Phone = QUIET_PHONE
  let now = 1_000
  const said: string[] = []
  const self = {
    at: () => phone.call.at,
    call: () => phone.call,
    said: () => said.splice(0),
    later: (ms: number) => (now += ms),
    does: (event: CallEvent) => {
      const outcome = step(phone, event, { me, now })
      phone = outcome.phone
      said.push(...outcome.say.map(({ to, step }) => `${to[0] ?? ''}${step.call[0] ?? ''} ${step.step}`))
      return self
    },
    calls: (peer: IdentityKey, { call = first, video = false } = {}) =>
      self.does({ type: 'call', call, peer, video }),
    hears: (peer: IdentityKey, heard: CallStep, call: CallId = first) =>
      self.does({ type: 'heard', peer, signal: { ...heard, call } }),
    flow: (flow: 'flowing' | 'interrupted') => self.does({ type: 'flow', call: first, flow }),
    waitsInVain: () => {
      const due = patience(phone.call)
      if (!due || phone.call.at === 'idle') throw new Error(`${phone.call.at} waits for nothing`)
      now += due.ms
      return self.does({ type: 'waited', call: phone.call.call, for: due.for })
    },
  }
  return self
}

const ring: CallStep = { step: 'ring', video: false }
const accept: CallStep = { step: 'accept', video: false }

const rung = () => phoneOf(bob).hears(alice, ring)
const ringingOut = () => phoneOf(alice).calls(bob).hears(bob, { step: 'ringing' })
const talking = () => ringingOut().hears(bob, accept).flow('flowing')

describe('calling somebody', () => {
  test('Alice sees "calling" until Bob’s device says that it rings', () => {
    const phone = phoneOf(alice).calls(bob)
    expect(phone.at()).toBe('calling')
    expect(phone.said()).toEqual(['b1 ring'])
    expect(phone.hears(bob, { step: 'ringing' }).at()).toBe('ringing-out')
  })

  test('Alice connects when Bob accepts and talks when the media flows', () => {
    const phone = ringingOut()
    phone.said()
    phone.hears(bob, { step: 'accept', video: true })
    expect(phone.call()).toMatchObject({ at: 'connecting', role: 'caller', theirs: { camera: true } })
    expect(phone.said()).toEqual(['b1 media'])
    expect(phone.flow('flowing').call()).toMatchObject({ at: 'active', flow: 'flowing' })
  })

  test.each([
    ['declined', { step: 'decline' }],
    ['busy', { step: 'busy' }],
    ['no-answer', { step: 'end' }],
  ] as const)('Alice hears that Bob %s', (reason, answer) => {
    expect(ringingOut().hears(bob, answer).call()).toMatchObject({ at: 'ended', reason, by: 'them' })
  })

  test('Alice gives up after 45 s of ringing and Bob is told', () => {
    const phone = ringingOut()
    phone.said()
    expect(patience(phone.call())).toEqual({ for: 'answer', ms: 45_000 })
    expect(phone.waitsInVain().call()).toMatchObject({ at: 'ended', reason: 'no-answer' })
    expect(phone.said()).toEqual(['b1 end'])
  })

  test('Alice learns that Bob could not be reached when it never rang there', () => {
    expect(phoneOf(alice).calls(bob).waitsInVain().call()).toMatchObject({ reason: 'unreachable' })
  })

  test('Alice cancels and Bob’s device stops ringing as a missed call', () => {
    const phone = ringingOut()
    phone.said()
    expect(phone.does({ type: 'hang-up' }).call()).toMatchObject({ reason: 'cancelled', by: 'us' })
    expect(phone.said()).toEqual(['b1 end'])
    expect(rung().hears(alice, { step: 'end' }).call()).toMatchObject({ reason: 'cancelled', by: 'them' })
  })

  test('Alice no longer claims that it rings once the link is gone, and rings again on the next one', () => {
    const phone = ringingOut()
    phone.said()
    expect(phone.does({ type: 'unlinked', peer: bob }).at()).toBe('calling')
    phone.does({ type: 'linked', peer: bob })
    expect(phone.said()).toEqual(['b1 ring'])
  })

  test('Alice cannot call herself, nor a second person at the same time', () => {
    expect(phoneOf(alice).calls(alice).at()).toBe('idle')
    const phone = ringingOut()
    phone.calls(carol, { call: second })
    expect(phone.call()).toMatchObject({ at: 'ringing-out', peer: bob })
  })
})

describe('being called', () => {
  test('it rings at Bob’s and Alice is told so', () => {
    const phone = rung()
    expect(phone.call()).toMatchObject({ at: 'incoming', peer: alice, video: false })
    expect(phone.said()).toEqual(['a1 ringing'])
  })

  test('Bob accepts and says what he sends', () => {
    const phone = rung()
    phone.said()
    expect(phone.does({ type: 'accept', video: false }).call()).toMatchObject({
      at: 'connecting',
      role: 'callee',
    })
    expect(phone.said()).toEqual(['a1 accept', 'a1 media'])
  })

  test('Bob declines', () => {
    const phone = rung()
    phone.said()
    expect(phone.does({ type: 'decline' }).call()).toMatchObject({ reason: 'declined', by: 'us' })
    expect(phone.said()).toEqual(['a1 decline'])
  })

  test('Bob calls Alice while she rings: that is an answer', () => {
    const phone = rung()
    phone.said()
    expect(phone.calls(alice, { call: second, video: true }).call()).toMatchObject({
      at: 'connecting',
      call: first,
      role: 'callee',
      mine: { camera: true },
    })
    expect(phone.said()).toEqual(['a1 accept', 'a1 media'])
  })

  test('Carol hears "busy" while Bob rings, and again if she asks again', () => {
    const phone = rung()
    phone.said()
    phone.hears(carol, ring, second)
    expect(phone.said()).toEqual(['c2 busy'])
    phone.hears(alice, { step: 'end' }).hears(carol, ring, second)
    expect(phone.said()).toEqual(['c2 busy'])
    expect(phone.at()).toBe('ended')
  })

  test('it stops ringing when Alice’s link stays away for 15 s', () => {
    const phone = rung().does({ type: 'unlinked', peer: alice })
    expect(patience(phone.call())).toEqual({ for: 'caller', ms: 15_000 })
    expect(phone.waitsInVain().call()).toMatchObject({ reason: 'cancelled', by: 'them' })
  })

  test('Alice’s second ring of a call that Bob declined does not ring again', () => {
    const phone = rung().does({ type: 'decline' })
    phone.said()
    phone.hears(alice, ring)
    expect(phone.said()).toEqual(['a1 decline'])
    expect(phone.at()).toBe('ended')
  })

  test('Alice, who reloaded her page, rings anew and the old ring is forgotten', () => {
    const phone = rung()
    phone.hears(alice, ring, second)
    expect(phone.call()).toMatchObject({ at: 'incoming', call: second })
    expect(phone.hears(alice, { step: 'end' }).at()).toBe('incoming')
  })
})

describe('two who call each other at once', () => {
  test('end up in the call of the lower key', () => {
    const a = phoneOf(alice).calls(bob, { call: first })
    const b = phoneOf(bob).calls(alice, { call: second, video: true })
    a.said()
    b.said()

    expect(a.hears(bob, { step: 'ring', video: true }, second).at()).toBe('calling')
    b.hears(alice, ring, first)
    expect(b.call()).toMatchObject({ at: 'connecting', call: first, role: 'callee', mine: { camera: true } })
    expect(b.said()).toEqual(['a1 accept', 'a1 media'])

    a.hears(bob, { step: 'accept', video: true })
    expect(a.call()).toMatchObject({ at: 'connecting', call: first, role: 'caller' })
  })
})

describe('during a call', () => {
  test('each sees when the other mutes or turns the camera on', () => {
    const phone = talking()
    phone.said()
    phone.hears(bob, { step: 'media', muted: true, camera: true })
    expect(phone.call()).toMatchObject({ theirs: { muted: true, camera: true } })
    phone.does({ type: 'sending', mine: { muted: true, camera: false } })
    expect(phone.said()).toEqual(['b1 media'])
  })

  test('it goes on without a link, and each says again where it stands on the next', () => {
    const phone = talking()
    phone.said()
    expect(phone.does({ type: 'unlinked', peer: bob }).at()).toBe('active')
    phone.does({ type: 'linked', peer: bob })
    expect(phone.said()).toEqual(['b1 media'])

    const callee = rung().does({ type: 'accept', video: false })
    callee.said()
    callee.does({ type: 'linked', peer: alice })
    expect(callee.said()).toEqual(['a1 accept', 'a1 media'])
  })

  test('an interruption is survived, and given up after 45 s', () => {
    const phone = talking().flow('interrupted')
    expect(phone.flow('flowing').call()).toMatchObject({ at: 'active', flow: 'flowing' })
    expect(patience(phone.call())).toBeUndefined()
    phone.flow('interrupted')
    expect(phone.waitsInVain().call()).toMatchObject({ reason: 'lost' })
  })

  test('the end tells how long they talked', () => {
    const phone = talking()
    phone.later(90_000)
    expect(phone.does({ type: 'hang-up' }).call()).toMatchObject({ reason: 'hung-up', lasted: 90_000 })
  })

  test('media that never comes is given up as failed', () => {
    expect(ringingOut().hears(bob, accept).waitsInVain().call()).toMatchObject({ reason: 'failed' })
  })

  test('Bob, who reloaded his page and rings anew, is heard, and the dead call is left', () => {
    const phone = talking()
    phone.said()
    phone.hears(bob, ring, second)
    expect(phone.call()).toMatchObject({ at: 'incoming', call: second })
    expect(phone.said()).toEqual(['b2 ringing'])
  })
})

describe('words that make no sense', () => {
  test('an acceptance of a call that Alice never placed is answered with its end', () => {
    const phone = phoneOf(alice).hears(bob, accept)
    expect(phone.at()).toBe('idle')
    expect(phone.said()).toEqual(['b1 end'])
  })

  test('Carol cannot answer, end or watch the call of Alice and Bob', () => {
    for (const word of [
      accept,
      { step: 'end' },
      { step: 'decline' },
      { step: 'media', muted: true, camera: true },
    ]) {
      const phone = talking()
      const before = phone.call()
      expect(phone.hears(carol, word as CallStep).call()).toBe(before)
    }
  })

  test('the end of another call ends nothing', () => {
    expect(talking().hears(bob, { step: 'end' }, second).at()).toBe('active')
  })

  test('an end, decline or busy about nothing is not answered, so two phones never argue for ever', () => {
    const phone = phoneOf(alice)
    for (const word of ['end', 'decline', 'busy'] as const) phone.hears(bob, { step: word })
    expect(phone.said()).toEqual([])
  })

  test('a caller cannot answer his own ring', () => {
    const phone = rung()
    const before = phone.call()
    phone.hears(alice, accept).hears(alice, { step: 'busy' }).hears(alice, { step: 'decline' })
    expect(phone.call()).toBe(before)
  })

  test('a timer of an earlier call or an earlier state fires into nothing', () => {
    const phone = talking()
    phone.does({ type: 'waited', call: first, for: 'answer' })
    phone.does({ type: 'waited', call: second, for: 'recovery' })
    expect(phone.at()).toBe('active')
  })

  test('media of an earlier call moves nothing', () => {
    const phone = ringingOut().hears(bob, accept)
    phone.does({ type: 'flow', call: second, flow: 'flowing' })
    expect(phone.at()).toBe('connecting')
  })

  test('the last words are put away by time or by hand', () => {
    expect(ringingOut().hears(bob, { step: 'busy' }).waitsInVain().at()).toBe('idle')
    expect(ringingOut().hears(bob, { step: 'busy' }).does({ type: 'hang-up' }).at()).toBe('idle')
  })

  test('buttons pressed when nothing is on do nothing', () => {
    const phone = phoneOf(alice)
    phone.does({ type: 'accept', video: true }).does({ type: 'decline' }).does({ type: 'hang-up' })
    phone.does({ type: 'sending', mine: { muted: true, camera: true } })
    expect(phone.call()).toEqual({ at: 'idle' })
    expect(isLive(phone.call())).toBe(false)
    expect(phone.said()).toEqual([])
  })
})

test('whoever lets it ring eight times for nothing is busy to ring for a while, however often they ring on', () => {
  const phone = phoneOf(bob)
  const rings = Array.from({ length: 100 }, (_, n) => callId(n.toString(16).padStart(32, '0')))
  const rang = rings.filter((id) => {
    phone.hears(alice, ring, id)
    if (phone.at() !== 'incoming') return false
    phone.hears(alice, { step: 'end' }, id)
    return true
  })
  expect(rang).toHaveLength(8)
  phone.later(6 * 60_000)
  expect(phone.hears(alice, ring, callId('e'.repeat(32))).at()).toBe('incoming')
})

test('whoever rings anew while it rings, or while we speak with somebody else, is a nuisance all the same', () => {
  const phone = phoneOf(bob)
  const id = (n: number) => callId(n.toString(16).padStart(32, '7'))
  for (let n = 0; n < 40; n++) phone.hears(alice, ring, id(n))
  phone.hears(alice, { step: 'end' }, id(7)).waitsInVain()
  expect(phone.hears(alice, ring, id(99)).at()).toBe('ended')

  const other = phoneOf(bob)
  for (let n = 0; n < 3; n++) other.hears(alice, ring, id(n)).does({ type: 'decline' })
  other.hears(carol, ring, id(50)).does({ type: 'accept', video: false })
  for (let n = 51; n < 99; n++) other.hears(alice, ring, id(n))
  other.does({ type: 'hang-up' })
  expect(other.hears(alice, ring, id(100)).at()).toBe('ended')
})

test('whoever was declined three times is busy to ring for a while, and others still ring', () => {
  const phone = phoneOf(bob)
  const ids = Array.from({ length: 100 }, (_, n) => callId(n.toString(16).padStart(32, '9')))
  const rang = ids.filter((id) => {
    phone.hears(alice, ring, id)
    if (phone.at() !== 'incoming') return false
    phone.does({ type: 'decline' })
    return true
  })
  expect(rang).toHaveLength(3)
  expect(phone.said().at(-1)).toBe('a9 busy')
  expect(phone.hears(carol, ring, callId('c'.repeat(32))).at()).toBe('incoming')
  phone.does({ type: 'decline' })
  phone.later(6 * 60_000)
  expect(phone.hears(alice, ring, callId('e'.repeat(32))).at()).toBe('incoming')
})
