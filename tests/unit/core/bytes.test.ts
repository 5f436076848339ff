import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, equal, fromHex, join, toHex, uint } from '../../../src/core/bytes.ts'
import { address, callId, conversationId, fileId, identityKey, incarnationId } from '../../../src/core/ids.ts'

const field = fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.stringMatching(/^[ -~]{0,12}$/), fc.nat())

test('two different lists of fields never give the same bytes to hash', () => {
  expect(join('ab', 'c')).not.toEqual(join('a', 'bc'))
  expect(join('a')).not.toEqual(join('a', ''))
  fc.assert(
    fc.property(fc.array(field, { maxLength: 4 }), fc.array(field, { maxLength: 4 }), (a, b) => {
      const plain = (list: typeof a) =>
        list.map((one) =>
          toHex(typeof one === 'number' ? uint(one, 8) : typeof one === 'string' ? Buffer.from(one) : one),
        )
      fc.pre(plain(a).join() !== plain(b).join() || a.length !== b.length)
      expect(toHex(join(...a))).not.toBe(toHex(join(...b)))
    }),
  )
})

test('each field stands behind its length, and a number is eight bytes', () => {
  expect(toHex(join('a', 1, new Uint8Array([255])))).toBe('000000016100000008000000000000000100000001ff')
  expect(toHex(uint(2 ** 53 - 1, 8))).toBe('001fffffffffffff')
  expect(toHex(uint(0xffff_ffff, 4))).toBe('ffffffff')
})

test('what is no ASCII word, no whole number, or below zero, is our own mistake', () => {
  expect(() => join('ä')).toThrow(TypeError)
  expect(() => join(1.5)).toThrow(RangeError)
})

test('bytes become hex and come back; nothing else is taken for hex', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => equal(fromHex(toHex(bytes)), bytes)))
  for (const bad of ['a', '0g', ' 00', '0x00', '0 ', '\n0', '0é', '000'])
    expect(() => fromHex(bad)).toThrow(TypeError)
})

test('bytes are equal only to the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }), (a, b) => {
      expect(equal(a, b)).toBe(toHex(a) === toHex(b))
      expect(toHex(concat(a, b))).toBe(toHex(a) + toHex(b))
    }),
  )
})

test.each([
  ['an identity', identityKey, 32],
  ['an address', address, 20],
  ['a conversation', conversationId, 16],
  ['an incarnation', incarnationId, 8],
  ['a file', fileId, 16],
  ['a call', callId, 16],
] as const)('%s is named by so many bytes of lower-case hex and nothing else', (_, make, bytes) => {
  const good = 'a0'.repeat(bytes)
  expect(make(good)).toBe(good)
  for (const bad of [
    '',
    good.slice(1),
    `${good}0`,
    good.toUpperCase(),
    `${good}\n`,
    good.replace('a', 'g'),
  ]) {
    expect(() => make(bad)).toThrow(TypeError)
  }
})
