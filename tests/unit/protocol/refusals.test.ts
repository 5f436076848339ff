import { encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { fromHex } from '../../../src/core/bytes.ts'
import { decodeBindFrame, decodeVerdict } from '../../../src/protocol/bind.ts'
import { decodeFrame, encodeFrame } from '../../../src/protocol/frame.ts'
import { MAX_HAVE } from '../../../src/protocol/limits.ts'
import { decodeContext, encodeContext } from '../../../src/protocol/sealed.ts'
import { bytesOf, feedIdOf } from '../../support/samples.ts'

const call = bytesOf(16, 1)
const lane = bytesOf(8, 1)
const file = bytesOf(16, 2)
const chat = bytesOf(16, 3)

describe('a frame on a link is refused if it', () => {
  test.each<[string, unknown]>([
    ['has a code that nobody uses', [18, 1]],
    ['has the code 0', [0, 1]],
    ['has a code below zero', [-1, 1]],
    ['belongs to BIND', [64, bytesOf(16, 1), 1, 1]],
    ['is empty', []],
    ['is no list', { 0: 3, 1: 1 }],
    ['is just a number', 3],
    ['has a field too many', [3, 1, 1]],
    ['lacks a field', [3]],
    ['counts below zero', [3, -1]],
    ['counts in halves', [3, 0.5]],
    ['counts further than four bytes', [3, 2 ** 32]],
    ['counts in nothing', [3, null]],
    ['ends for a reason nobody knows', [5, 'tired']],
    ['asks for a call step nobody knows', [7, call, { step: 'dance' }]],
    ['hides something in a call step', [7, call, { step: 'end', also: 1 }]],
    ['hides something in its prototype', [7, call, new Map([['__proto__', { step: 'end' }]])]],
    ['names a call by too few bytes', [7, call.slice(1), { step: 'end' }]],
    ['takes yes for a word', [7, call, { step: 'ring', video: 'yes' }]],
    ['hides something in a file step', [8, file, { step: 'cancel', also: 1 }]],
    ['wants a block below zero', [8, file, { step: 'want', ticket: 1, from: -1 }]],
    ['signals for another use', [6, lane, 'games', { type: 'renegotiate', renegotiate: true }]],
    ['signals what simple-peer must not be told', [6, lane, 'files', { type: 'addTransceiver' }]],
    ['signals a description without an end', [6, lane, 'files', { type: 'offer', sdp: 'x'.repeat(48_001) }]],
    ['holds a have for the record 0', [1, chat, 'last', [[bytesOf(32, 1), lane, 0, lane]], null]],
    ['holds too many haves', [1, chat, 'last', haves(MAX_HAVE + 1), null]],
    ['gives a record a kind nobody knows', recordFrame({ kind: 19 })],
    ['gives a record a clock that is no date', recordFrame({ clock: 2 ** 48 })],
    ['gives a record a short salt', recordFrame({ salt: bytesOf(7, 1) })],
    ['holds a record without a seq', recordFrame({ seq: 0 })],
  ])('%s', (_, value) => {
    expect(decodeFrame(encode(value))).toBeUndefined()
  })

  test('comes as text, or as another kind of buffer', () => {
    for (const odd of ['[3,1]', new ArrayBuffer(3), [3, 1], null, undefined, 3]) {
      expect(decodeFrame(odd)).toBeUndefined()
      expect(decodeBindFrame(odd)).toBeUndefined()
    }
  })

  test.each([
    ['says its length in more bytes than it needs', '98020301'],
    ['says a number in more bytes than it needs', '82031800'],
    ['has no announced end', '9f0301ff'],
    [
      'says one key twice',
      `83075001010101010101010101010101010101 01a264737465706365 6e6464737465706365 6e64`,
    ],
    ['goes on behind its end', '82030100'],
    ['has a tag on it', 'c1820301'],
    ['ends early', '8203'],
  ])('%s', (_, hex) => {
    expect(decodeFrame(fromHex(hex.replaceAll(' ', '')))).toBeUndefined()
  })
})

test('as many haves as a frame may hold are understood, and a frame never outgrows its 64 KiB', () => {
  expect(decodeFrame(encode([1, chat, 'last', haves(MAX_HAVE), null]))).toBeDefined()
  const content = { kind: 'text' as const, clock: 1, body: new Uint8Array(65_536), salt: bytesOf(8, 1) }
  const record = { ...feedIdOf(1), seq: 1, era: { generation: 0, epoch: 0 }, signature: bytesOf(64, 1) }
  expect(() => encodeFrame({ type: 'record', record: { ...record, part: { content } } })).toThrow(RangeError)
})

test.each<[string, unknown]>([
  ['a verdict nobody knows', { verdict: 'maybe' }],
  ['a verdict with something hidden', { verdict: 'welcome', also: 1 }],
  ['a retirement without the statement', { verdict: 'retired' }],
  ['a verdict in the prototype', new Map([['__proto__', { verdict: 'welcome' }]])],
])('%s is refused', (_, value) => {
  expect(decodeVerdict(encode(value))).toBeUndefined()
})

test.each<[string, unknown]>([
  ['no version', [64, bytesOf(16, 1), 0, 1]],
  ['a version beyond two bytes', [64, bytesOf(16, 1), 1, 65_536]],
  ['a short nonce', [64, bytesOf(15, 1), 1, 1]],
  ['less than a seal', [65, bytesOf(27, 1)]],
  ['a frame of a link', [3, 1]],
])('%s is refused before BIND', (_, value) => {
  expect(decodeBindFrame(encode(value))).toBeUndefined()
})

test.each([
  ['a generation beyond four bytes', [2 ** 32, 0]],
  ['an epoch beyond four bytes', [0, 2 ** 32]],
])('a record of %s is refused', (_, era) => {
  expect(decodeFrame(encode(recordFrame({})))).toBeDefined()
  expect(decodeFrame(encode(recordFrame({ era })))).toBeUndefined()
})

test('a generation beyond four bytes is refused where somebody wants to be added, and beside what is sealed', () => {
  const join = (generation: number) => decodeFrame(encode([10, [chat, generation, null], bytesOf(9, 1)]))
  expect([join(2 ** 32 - 1), join(2 ** 32)]).toEqual([expect.anything(), undefined])
  const context = (generation: number) =>
    decodeContext(encodeContext({ seq: 1, era: { generation, epoch: 0 } }))
  expect([context(2 ** 32 - 1), context(2 ** 32)]).toEqual([expect.anything(), undefined])
})

function haves(many: number): unknown[] {
  return Array.from({ length: many }, (_, i) => [bytesOf(32, 1), lane, i + 1, lane])
}

interface Odd {
  readonly seq?: number
  readonly era?: number[]
  readonly kind?: number
  readonly clock?: number
  readonly salt?: Uint8Array
}

function recordFrame({ seq = 1, era = [0, 0], kind = 3, clock = 1, salt = bytesOf(8, 1) }: Odd): unknown {
  return [2, [call, bytesOf(32, 1), lane, seq, era, bytesOf(64, 1), [kind, clock, encode('hi'), salt]]]
}
