import fc, { type Arbitrary } from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { Body } from '../../../src/core/body.ts'
import { toHex, type Bytes } from '../../../src/core/bytes.ts'
import {
  decodeBindFrame,
  decodeProof,
  decodeVerdict,
  encodeBindFrame,
  encodeProof,
  encodeVerdict,
} from '../../../src/protocol/bind.ts'
import { decodeBody, encodeBody } from '../../../src/protocol/body.ts'
import { toCbor } from '../../../src/protocol/cbor.ts'
import { decodeFrame, encodeFrame } from '../../../src/protocol/frame.ts'
import { MAX_FRAME } from '../../../src/protocol/limits.ts'
import { bindFrame, bodies, damaged, frames, proof, verdict } from '../../support/wire-samples.ts'

/** Damaged messages per kind: all in all more than 100,000. */
const DAMAGED = 3_000

interface Kind<T> {
  readonly made: Arbitrary<T>
  encode(value: T): Bytes
  decode(bytes: Uint8Array): T | undefined
}

function holds<T>(name: string, { made, encode, decode }: Kind<T>): void {
  describe(name, () => {
    test('what is said is what is heard', () => {
      fc.assert(
        fc.property(made, (value) => {
          expect(decode(encode(value))).toEqual(value)
        }),
        { numRuns: 100 },
      )
    })

    test('whatever comes instead is refused or understood in one way, and never thrown about', () => {
      fc.assert(
        fc.property(damaged(fc.noShrink(made).map(encode)), (bytes) => {
          const heard = decode(bytes)
          if (heard === undefined) return
          const again = encode(heard)
          expect(toHex(encode(decode(again) ?? heard))).toBe(toHex(again))
          // What is understood never grows: nothing hides behind it.
          expect(again.length).toBeLessThanOrEqual(Math.max(bytes.length * 3, 64))
        }),
        { numRuns: DAMAGED },
      )
    })

    test('more than a frame is not even looked at', () => {
      expect(decode(new Uint8Array(MAX_FRAME + 1))).toBeUndefined()
    })
  })
}

for (const [type, made] of Object.entries(frames)) {
  holds(`a frame on a link: ${type}`, { made, encode: encodeFrame, decode: decodeFrame })
}

test('a vector of far too many entries is refused before they are looked at', () => {
  const crowd = toCbor([1, new Uint8Array(16), 'change', Array.from({ length: 65_000 }, () => []), null])
  expect(crowd.length).toBeLessThan(MAX_FRAME)
  let looked = 0
  const isArray = vi.spyOn(Array, 'isArray').mockImplementation((value): value is unknown[] => {
    looked += 1
    return value instanceof Array
  })
  expect(decodeFrame(crowd)).toBeUndefined()
  isArray.mockRestore()
  expect(looked).toBeGreaterThan(0)
  expect(looked).toBeLessThan(100)
})

holds('a frame of BIND', { made: bindFrame, encode: encodeBindFrame, decode: decodeBindFrame })
holds('a proof', { made: proof, encode: encodeProof, decode: decodeProof })
holds('a verdict', { made: verdict, encode: encodeVerdict, decode: decodeVerdict })
for (const [kind, made] of Object.entries(bodies)) {
  holds(`a body: ${kind}`, {
    made,
    encode: encodeBody,
    decode: (bytes) => decodeBody(kind as Body['kind'], bytes),
  })
}
