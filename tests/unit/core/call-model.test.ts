import fc from 'fast-check'
import { expect, test } from 'vitest'
import { step, type CallEvent } from '../../../src/core/call-step.ts'
import { QUIET_PHONE, type Phone } from '../../../src/core/call-phone.ts'
import { isLive, patience, usesMedia, type CallSignal } from '../../../src/core/call.ts'
import { callId, identityKey, type IdentityKey } from '../../../src/core/ids.ts'

const people = ['a', 'b', 'c'].map((letter) => identityKey(letter.repeat(64)))
const [alice, bob] = people as [IdentityKey, IdentityKey]
const calls = ['1', '2', '3'].map((digit) => callId(digit.repeat(32)))

const peer = fc.constantFrom(...people)
const call = fc.constantFrom(...calls)
const video = fc.boolean()
const sending = fc.record({ muted: fc.boolean(), camera: fc.boolean() })

const signal: fc.Arbitrary<CallSignal> = fc.oneof(
  fc.record({ step: fc.constant('ring' as const), video, call }),
  fc.record({ step: fc.constant('accept' as const), video, call }),
  fc.record({ step: fc.constantFrom('ringing', 'decline', 'busy', 'end'), call }),
  sending.chain((sending) =>
    fc.record({ step: fc.constant('media' as const), call }).map((s) => ({ ...s, ...sending })),
  ),
)

const event: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.record({ type: fc.constant('call' as const), call, peer, video }),
  fc.record({ type: fc.constant('accept' as const), video }),
  fc.record({ type: fc.constantFrom('decline' as const, 'hang-up' as const) }),
  fc.record({ type: fc.constant('sending' as const), mine: sending }),
  { weight: 4, arbitrary: fc.record({ type: fc.constant('heard' as const), peer, signal }) },
  fc.record({ type: fc.constantFrom('linked' as const, 'unlinked' as const), peer }),
  fc.record({
    type: fc.constant('flow' as const),
    call,
    flow: fc.constantFrom('flowing' as const, 'interrupted' as const),
  }),
  fc.record({
    type: fc.constant('waited' as const),
    call,
    for: fc.constantFrom(
      'answer' as const,
      'caller' as const,
      'media' as const,
      'recovery' as const,
      'reading' as const,
    ),
  }),
)

test('whatever people, networks and attackers do, a phone holds at most one call and always finds rest', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let phone: Phone = QUIET_PHONE
      let now = 0
      for (const event of events) {
        const before = phone.call
        const { phone: after, say } = step(phone, event, { me: alice, now: (now += 1_000) })
        phone = after
        expect(after.past.length).toBeLessThanOrEqual(16)
        // Only a press or a ring of the other side begins anything; nothing is said to ourselves on our own.
        if (!isLive(before) && isLive(after.call)) expect(['call', 'heard']).toContain(event.type)
        if (usesMedia(after.call) && !usesMedia(before)) expect(isLive(before)).toBe(true)
        expect(say.length).toBeLessThanOrEqual(2)
      }
      for (let rounds = 0; phone.call.at !== 'idle' && rounds < 3; rounds++) {
        const due = patience(phone.call)
        const end: CallEvent = due
          ? { type: 'waited', call: phone.call.call, for: due.for }
          : { type: 'hang-up' }
        phone = step(phone, end, { me: alice, now }).phone
      }
      expect(phone.call.at).toBe('idle')
    }),
    { numRuns: 1_000 },
  )
})

test('Alice and Bob press what they like over a link that comes and goes, and never sit in two different calls', () => {
  const press = fc.record({
    who: fc.constantFrom(0 as const, 1 as const),
    what: fc.constantFrom('call', 'accept', 'hang-up', 'deliver', 'deliver', 'deliver', 'cut' as const),
  })
  fc.assert(
    fc.property(fc.array(press, { maxLength: 60 }), (presses) => {
      const phones: [Phone, Phone] = [QUIET_PHONE, QUIET_PHONE]
      const mail: [CallSignal[], CallSignal[]] = [[], []]
      const names: [IdentityKey, IdentityKey] = [alice, bob]
      let fresh = 0
      const does = (who: 0 | 1, event: CallEvent) => {
        const outcome = step(phones[who], event, { me: names[who], now: 0 })
        phones[who] = outcome.phone
        mail[who === 0 ? 1 : 0].push(...outcome.say.map(({ step }) => step))
      }
      const deliver = (who: 0 | 1) => {
        const signal = mail[who].shift()
        if (signal) does(who, { type: 'heard', peer: names[who === 0 ? 1 : 0], signal })
        return signal !== undefined
      }
      const relink = () => {
        mail[0].length = 0
        mail[1].length = 0
        for (const type of ['unlinked', 'linked'] as const) {
          does(0, { type, peer: bob })
          does(1, { type, peer: alice })
        }
      }
      for (const { who, what } of presses) {
        const peer = names[who === 0 ? 1 : 0]
        if (what === 'call') {
          const id = callId((++fresh).toString(16).padStart(32, '0'))
          does(who, { type: 'call', call: id, peer, video: false })
        } else if (what === 'accept') does(who, { type: 'accept', video: false })
        else if (what === 'hang-up') does(who, { type: 'hang-up' })
        else if (what === 'deliver') deliver(who)
        else relink()
      }
      relink()
      for (let words = 0; deliver(0) || deliver(1); words++) expect(words).toBeLessThan(100)
      const [a, b] = [phones[0].call, phones[1].call]
      expect([a.at, b.at, isLive(a)]).toEqual([a.at, b.at, isLive(b)])
      if (isLive(a) && isLive(b)) {
        expect(a.call).toBe(b.call)
        expect(usesMedia(a)).toBe(usesMedia(b))
        if (usesMedia(a) && usesMedia(b)) expect(a.role).not.toBe(b.role)
      }
    }),
    { numRuns: 1_000 },
  )
})
