import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePiece, LANE_HEADER, writePiece } from '../../../src/protocol/lane.ts'
import { MAX_LANE_MESSAGE } from '../../../src/protocol/limits.ts'

const u32 = fc.integer({ min: 0, max: 0xffff_ffff })

test('what Alice writes, Bob reads', () => {
  fc.assert(
    fc.property(
      fc.record({ ticket: u32, block: u32, sealed: fc.uint8Array({ minLength: 1, maxLength: 600 }) }),
      fc.nat(),
      fc.integer({ min: LANE_HEADER + 1, max: 400 }),
      ({ ticket, block, sealed }, from, longest) => {
        const offset = from % sealed.length
        const message = writePiece(new Uint8Array(longest), { ticket, block, offset }, sealed)
        const length = Math.min(longest - LANE_HEADER, sealed.length - offset)
        expect(message.length).toBe(LANE_HEADER + length)
        const payload = sealed.subarray(offset, offset + length)
        expect(decodePiece(message)).toEqual({
          ...{ ticket, block, offset, length, payload },
          sealed: sealed.length,
        })
      },
    ),
  )
})

test('the layout is the documented one', () => {
  const message = writePiece(
    new Uint8Array(18),
    { ticket: 0x01020304, block: 5, offset: 1 },
    new Uint8Array([9, 8, 7]),
  )
  expect([...message]).toEqual([1, 2, 3, 4, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 3, 8, 7])
})

test('whatever a stranger sends is either a piece within its bounds or nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (message) => {
      const piece = decodePiece(new Uint8Array(message))
      if (!piece) return
      expect(piece.length).toBeGreaterThan(0)
      expect(piece.offset + piece.length).toBeLessThanOrEqual(piece.sealed)
      expect(piece.payload.length).toBe(piece.length)
    }),
    { numRuns: 2_000 },
  )
})

test('one changed byte of the header never makes a piece that reaches beyond its block', () => {
  const message = writePiece(new Uint8Array(64), { ticket: 1, block: 2, offset: 0 }, new Uint8Array(48))
  fc.assert(
    fc.property(fc.nat({ max: 15 }), fc.nat({ max: 255 }), (at, value) => {
      const mutated = message.slice()
      mutated[at] = value
      const piece = decodePiece(mutated)
      expect(piece === undefined || piece.offset + piece.length <= piece.sealed).toBe(true)
    }),
  )
})

test('a message that is too short or too long is nothing', () => {
  expect(decodePiece(new Uint8Array(LANE_HEADER))).toBeUndefined()
  const long = new Uint8Array(MAX_LANE_MESSAGE + 1)
  new DataView(long.buffer).setUint32(12, 0xffff_ffff)
  expect(decodePiece(long)).toBeUndefined()
  expect(decodePiece(long.subarray(0, MAX_LANE_MESSAGE))).toBeDefined()
})
