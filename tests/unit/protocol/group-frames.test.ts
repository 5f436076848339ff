import { encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { MAX_MEMBERS } from '../../../src/core/membership.ts'
import { decodeFrame, encodeFrame } from '../../../src/protocol/frame.ts'
import { MAX_BASE, MAX_FRAME, MAX_NAME, MAX_SEEN } from '../../../src/protocol/limits.ts'
import { addressOfNumber, bytesOf, conversationOf, feedIdOf } from '../../support/samples.ts'

const chat = bytesOf(16, 1)
const invite = bytesOf(16, 2)
const who = bytesOf(32, 3)
const life = bytesOf(8, 4)
const eight = bytesOf(8, 5)
const place = (seq = 1) => [chat, who, life, seq]
const many = (n: number, make: (i: number) => unknown) => Array.from({ length: n }, (_, i) => make(i))
const head = (seq: number) => [who, life, seq, bytesOf(32, 1)]
const profile = ['Ann', bytesOf(20, 1), bytesOf(32, 1)]
const card = [who, profile, [life, 1, bytesOf(64, 1)]]
const start = (odd: { name?: string; era?: unknown; seats?: unknown; base?: unknown }) => {
  const { name = 'Choir', era = [1, 2], seats = [[card, [1, 0]]], base = [head(1)] } = odd
  return [11, chat, 1, eight, [name, era, seats, base]]
}

const right: [string, unknown][] = [
  ['a have with an agreement', [1, chat, 'ask', [], [[1, 2], eight, eight]]],
  ['something sealed', [9, eight]],
  ['a wish to join a conversation', [10, [chat, 1, null], eight]],
  ['a wish to join with an invite', [10, [chat, 0, invite], eight]],
  ['a wish to join by a poster', [10, invite, eight]],
  ['a welcome', [11, chat, 1, eight, null]],
  ['a welcome for somebody new', start({})],
  ['the largest welcome', start({ base: many(MAX_BASE, (i) => head(i + 1)) })],
  ['a refusal', [12, invite, 'full']],
  ['a lack of everything', [13, place(0)]],
  ['a wish for as many records as may be', [14, many(MAX_SEEN, (i) => place(i)), false]],
  ['as many feeds read as may be', [15, many(MAX_SEEN, (i) => place(i))]],
  ['writing', [16, chat, true]],
  ['being there', [17, false]],
]

test.each(right)('%s is understood', (_, value) => {
  const frame = decodeFrame(encode(value))
  if (!frame) throw new Error('it is not')
  expect(encodeFrame(frame)).toEqual(new Uint8Array(encode(value)))
})

describe('refused is', () => {
  test.each<[string, unknown]>([
    ['a have without a conversation', [1, 'last', [], null]],
    ['a have of a part nobody knows', [1, chat, 'first', [], null]],
    ['a have without a word about the group', [1, chat, 'last', []]],
    ['an agreement about half an era', [1, chat, 'last', [], [[1], eight, eight]]],
    ['an agreement with a long group', [1, chat, 'last', [], [[1, 2], bytesOf(9, 1), eight]]],
    ['an agreement with a whole authenticator', [1, chat, 'last', [], [[1, 2], eight, bytesOf(32, 1)]]],
    ['an entry that names a conversation', [1, chat, 'last', [[chat, who, life, 1, eight]], null]],
    ['something sealed that is nothing', [9, bytesOf(0, 1)]],
    ['something sealed as text', [9, 'sealed']],
    ['a wish to join nothing', [10, null, eight]],
    ['a wish to join a generation below zero', [10, [chat, -1, null], eight]],
    ['a wish to join with half an invite', [10, [chat, 0, bytesOf(8, 1)], eight]],
    ['a wish to join without a key package', [10, invite, bytesOf(0, 1)]],
    ['a key package of more than 4 KiB', [10, invite, bytesOf(4_097, 1)]],
    ['a welcome to generation 0', [11, chat, 0, eight, null]],
    ['a welcome to nobody', [11, chat, 1, bytesOf(0, 1), null]],
    ['a start without an era', start({ era: null })],
    ['a start with a seat of nobody', start({ seats: [[[who], [1, 0]]] })],
    ['a start with a seat since never', start({ seats: [[card, null]] })],
    ['a start with too many feeds', start({ base: many(MAX_BASE + 1, (i) => head(i + 1)) })],
    ['a start with a feed of nothing', start({ base: [head(0)] })],
    ['a start with a short head', start({ base: [[who, life, 1, eight]] })],
    ['a start with a name without end', start({ name: 'a'.repeat(MAX_NAME + 1) })],
    ['a refusal for a reason nobody knows', [12, invite, 'ugly']],
    ['a refusal about no invite', [12, null, 'full']],
    ['a lack of nothing', [13, null]],
    ['a wish for too many records', [14, many(MAX_SEEN + 1, (i) => place(i)), false]],
    ['too many feeds read', [15, many(MAX_SEEN + 1, (i) => place(i))]],
    ['a feed read below zero', [15, [place(-1)]]],
    ['writing nowhere', [16, true]],
    ['writing with a number', [16, chat, 1]],
    ['being there somehow', [17, 'maybe']],
  ])('%s', (_, value) => {
    expect(decodeFrame(encode(value))).toBeUndefined()
  })
})

test('what one frame cannot hold is our own mistake and never leaves', () => {
  const sealed = new Uint8Array(MAX_FRAME)
  expect(() => encodeFrame({ type: 'sealed', sealed })).toThrow(RangeError)
  const welcome = {
    type: 'welcome',
    conversation: conversationOf(1),
    generation: 1,
    welcome: sealed,
  } as const
  expect(() => encodeFrame(welcome)).toThrow(RangeError)
})

test('the start of the largest group fits a frame beside its welcome', () => {
  const seat = {
    card: {
      ...{ identity: feedIdOf(1).author, name: 'n'.repeat(MAX_NAME), knockKey: bytesOf(32, 1) },
      address: addressOfNumber(1),
      incarnation: { id: feedIdOf(1).incarnation, madeAt: 2 ** 50, signature: bytesOf(64, 1) },
    },
    since: { generation: 2 ** 40, epoch: 2 ** 40 },
  }
  const head = { ...feedIdOf(1), seq: 2 ** 32 - 1, head: bytesOf(32, 1) }
  const frame = encodeFrame({
    ...{ type: 'welcome', conversation: conversationOf(1), generation: 1, welcome: bytesOf(8_192, 1) },
    start: {
      ...{ name: 'n'.repeat(MAX_NAME), era: seat.since },
      seats: Array.from({ length: MAX_MEMBERS }, () => seat),
      base: Array.from({ length: MAX_BASE }, () => head),
    },
  })
  expect(frame.length).toBeLessThanOrEqual(MAX_FRAME)
})
