import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import type { Content } from '../../../src/core/record.ts'
import { encodeBody } from '../../../src/protocol/body.ts'
import { encodeFrame } from '../../../src/protocol/frame.ts'
import { MAX_CLOCK, MAX_FRAME } from '../../../src/protocol/limits.ts'
import {
  decodeContext,
  decodeTrip,
  encodeContext,
  encodeTrip,
  type OnFirstTrip,
  type TripContext,
} from '../../../src/protocol/sealed.ts'
import { bytesOf } from '../../support/samples.ts'
import { bytes, content, damaged, era, ordinal } from '../../support/wire-samples.ts'

const trip = fc.record({ content, signature: bytes(64) })
const context = fc.oneof(
  ordinal.map((seq): TripContext => ({ seq })),
  fc.record({ seq: ordinal, era }),
)

function hello(content: Partial<Content> = {}): OnFirstTrip {
  const body = encodeBody({ kind: 'text', text: 'hello' })
  const whole = { kind: 'text' as const, clock: 1, body, salt: bytesOf(8, 2), ...content }
  return { content: whole, signature: bytesOf(64, 3) }
}

describe('what is sealed', () => {
  test('comes out as it went in', () => {
    fc.assert(
      fc.property(trip, (one) => {
        expect(decodeTrip(encodeTrip(one))).toEqual(one)
      }),
    )
  })

  test('has one form alone but for noughts behind it: whatever is understood would have been written so', () => {
    fc.assert(
      fc.property(damaged(fc.noShrink(trip).map(encodeTrip)), (plain) => {
        const found = decodeTrip(plain)
        if (!found) return
        const again = toHex(encodeTrip(found))
        expect(toHex(plain)).toBe(again.padEnd(plain.length * 2, '0'))
      }),
      { numRuns: 5_000 },
    )
    const longer = new Uint8Array([...encodeTrip(hello()), ...bytesOf(32, 0)])
    expect(decodeTrip(longer)).toEqual(hello())
  })

  test('is as long for one text as for another of about the same length', () => {
    const lengths = Array.from({ length: 40 }, (_, n) => encodeTrip(hello({ body: bytesOf(n, 1) })).length)
    expect(new Set(lengths)).toEqual(new Set([80, 96, 112, 128]))
  })

  test('ends where its mark is, though its body ends in the same byte or in nothing', () => {
    for (const body of [bytesOf(0, 0), bytesOf(4, 0), bytesOf(4, 0x80), new Uint8Array([0x80, 0])])
      expect(decodeTrip(encodeTrip(hello({ body })))?.content.body).toEqual(body)
  })

  test.each<[string, (plain: Bytes) => Bytes]>([
    ['nothing', () => bytesOf(0, 0)],
    ['nothing but noughts', (plain) => new Uint8Array(plain.length)],
    ['too short for its signature', (plain) => markedAt(plain.slice(0, 80), 78)],
    ['no mark at its end', (plain) => plain.fill(1, 85)],
    ['less than a block more', (plain) => new Uint8Array([...plain, 0])],
    ['longer than a frame', () => markedAt(new Uint8Array(MAX_FRAME + 16).fill(3), MAX_FRAME + 10)],
    ['of a kind nobody knows', (plain) => plain.with(0, 19)],
    ['of the kind 0', (plain) => plain.with(0, 0)],
  ])('is refused if it is %s', (_, change) => {
    expect(decodeTrip(change(encodeTrip(hello())))).toBeUndefined()
  })

  test('may fill a frame, and no more', () => {
    const full = hello({ body: bytesOf(MAX_FRAME - 80, 1) })
    expect(encodeTrip(full)).toHaveLength(MAX_FRAME)
    expect(decodeTrip(encodeTrip(full))).toEqual(full)
  })

  test('keeps the last moment that there is', () => {
    expect(decodeTrip(encodeTrip(hello({ clock: MAX_CLOCK })))?.content.clock).toBe(MAX_CLOCK)
  })
})

test('a short text leaves the device in 112 bytes before it is sealed', () => {
  const body = encodeBody({ kind: 'text', text: 'a message of twenty.' })
  expect(body.length).toBe(21)
  expect(encodeTrip(hello({ body })).length).toBe(112)
  expect(encodeFrame({ type: 'sealed', sealed: bytesOf(112, 1) }).length).toBe(112 + 4)
})

describe('the place of a record beside what is sealed', () => {
  test('comes out as it went in', () => {
    fc.assert(
      fc.property(context, (one) => {
        expect(decodeContext(encodeContext(one))).toEqual(one)
      }),
    )
  })

  test('has one form alone', () => {
    fc.assert(
      fc.property(fc.oneof(bytes(0, 12), damaged(context.map(encodeContext))), (wild) => {
        const found = decodeContext(wild)
        if (found) expect(toHex(encodeContext(found))).toBe(toHex(wild))
      }),
      { numRuns: 20_000 },
    )
  })

  test('takes a byte for the first 127 records, and names the era only where it differs', () => {
    expect(toHex(encodeContext({ seq: 1 }))).toBe('01')
    expect(toHex(encodeContext({ seq: 127 }))).toBe('7f')
    expect(toHex(encodeContext({ seq: 128 }))).toBe('8100')
    expect(toHex(encodeContext({ seq: 5, era: { generation: 0, epoch: 300 } }))).toBe('0500822c')
  })

  test.each([
    ['nothing', ''],
    ['the record 0', '00'],
    ['a number in more bytes than it needs', '8001'],
    ['a number that does not end', '81'],
    ['half an era', '0102'],
    ['an era that does not end', '010281'],
    ['more than an era', '01020304'],
    ['a number beyond what counts exactly', `${'ff'.repeat(7)}7f`],
    ['a number without end', `${'ff'.repeat(2_000)}7f`],
  ])('is refused if it is %s', (_, hex) => {
    expect(decodeContext(fromHex(hex))).toBeUndefined()
  })

  test('knows the largest number that counts exactly', () => {
    fc.assert(
      fc.property(era, (era) => {
        const largest = { seq: Number.MAX_SAFE_INTEGER, era }
        expect(decodeContext(encodeContext(largest))).toEqual(largest)
      }),
    )
  })
})

function markedAt(plain: Bytes, at: number): Bytes {
  const copy = new Uint8Array(plain.length)
  copy.set(plain)
  copy[0] = 3
  copy.fill(0, at)
  copy[at] = 0x80
  return copy
}
