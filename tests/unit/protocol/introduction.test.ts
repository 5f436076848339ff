import fc from 'fast-check'
import { expect, test } from 'vitest'
import { introductionSchema } from '../../../src/protocol/introduction.ts'
import { parse } from '../../../src/protocol/schema.ts'
import { signalSchema } from '../../../src/protocol/signal.ts'

const src = 'ab'.repeat(20)
const data = { type: 'data', connectionId: 'dc_1-x' }
const offer = {
  ...{ ...data, serialization: 'raw', reliable: true, label: 'A'.repeat(39) },
  sdp: { type: 'offer', sdp: 'v=0' },
}
const good: Record<string, unknown>[] = [
  ...['OPEN', 'ID-TAKEN', 'ERROR'].map((type) => ({ type })),
  { type: 'EXPIRE', src },
  { type: 'OFFER', src, payload: offer },
  { type: 'ANSWER', src, payload: { ...data, sdp: { type: 'answer', sdp: 'v=0' } } },
  { type: 'CANDIDATE', src, payload: { ...data, candidate: { candidate: 'candidate:1', sdpMid: '0' } } },
]

test.each(good)('$type is let through', (message) => {
  expect(parse(introductionSchema, message)).toEqual(message)
})

test.each<[string, unknown]>([
  ['a goodbye in the name of somebody else', { type: 'LEAVE', src }],
  ['a message nobody knows', { type: 'HELLO' }],
  ['an offer from no address', { type: 'OFFER', src: 'bob', payload: offer }],
  ['an offer of a call', { type: 'OFFER', src, payload: { ...offer, type: 'media' } }],
  ['an offer of another encoding', { type: 'OFFER', src, payload: { ...offer, serialization: 'binary' } }],
  ['an offer that may lose messages', { type: 'OFFER', src, payload: { ...offer, reliable: false } }],
  ['an offer without a knock', { type: 'OFFER', src, payload: { ...offer, label: 'dc' } }],
  [
    'an offer with an answer inside',
    { type: 'OFFER', src, payload: { ...offer, sdp: { type: 'answer', sdp: '' } } },
  ],
  [
    'an endless description',
    { type: 'OFFER', src, payload: { ...offer, sdp: { type: 'offer', sdp: 'x'.repeat(16_385) } } },
  ],
  ['a connection named like a path', { type: 'OFFER', src, payload: { ...offer, connectionId: '../x' } }],
])('%s is not', (_, message) => {
  expect(parse(introductionSchema, message)).toBeUndefined()
})

test('nothing but what is named reaches the library', () => {
  const chatty = { type: 'OFFER', src, payload: { ...offer, metadata: { name: 'x' } }, dst: src, also: 1 }
  expect(parse(introductionSchema, chatty)).toEqual({ type: 'OFFER', src, payload: offer })
  expect(parse(signalSchema, { type: 'offer', sdp: 'v=0', also: 1 })).toEqual({ type: 'offer', sdp: 'v=0' })
})

test('whatever an introducer or a peer says, looking at it never throws', () => {
  const mixed = fc.oneof(fc.anything({ withBigInt: true, withNullPrototype: true }), fc.constantFrom(...good))
  fc.assert(
    fc.property(mixed, fc.constantFrom('type', 'src', 'payload'), fc.anything(), (message, key, odd) => {
      parse(introductionSchema, message)
      parse(signalSchema, message)
      if (typeof message === 'object' && message !== null)
        parse(introductionSchema, { ...message, [key]: odd })
    }),
    { numRuns: 5_000 },
  )
})
