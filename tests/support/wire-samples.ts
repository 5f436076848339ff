import fc, { type Arbitrary } from 'fast-check'
import type { Bytes } from '../../src/core/bytes.ts'
import { address } from '../../src/core/ids.ts'
import type { Invite } from '../../src/core/invite.ts'
import type { BindFrame, Proof, Verdict } from '../../src/protocol/bind.ts'
import { bytes, hex, identity, incarnation, personName, profile, u32 } from './wire-samples/scalars.ts'

/** Everything that may travel, made at random. */

export { bodies } from './wire-samples/bodies.ts'
export { content, frames } from './wire-samples/frames.ts'
export { bytes, era, ordinal } from './wire-samples/scalars.ts'

const version = fc.integer({ min: 1, max: 0xffff })
export const bindFrame: Arbitrary<BindFrame> = fc.oneof(
  fc
    .tuple(bytes(16), version, version)
    .map(([nonce, min, max]): BindFrame => ({ type: 'hello', nonce, min, max })),
  fc
    .tuple(fc.constantFrom('proof', 'verdict'), bytes(28, 400))
    .map(([type, sealed]): BindFrame => ({ type, sealed })),
)
export const proof: Arbitrary<Proof> = fc
  .record({
    ...{ identity, incarnation, own: bytes(32), theirs: bytes(32), signature: bytes(64) },
    meeting: fc.option(fc.record({ mac: bytes(32), profile })),
  })
  .map(({ meeting, ...rest }) => (meeting ? { ...rest, meeting } : rest))
export const verdict: Arbitrary<Verdict> = fc.oneof(
  fc.constantFrom('welcome', 'used', 'expired').map((verdict): Verdict => ({ verdict })),
  incarnation.map((by): Verdict => ({ verdict: 'retired', by })),
)

export const invite: Arbitrary<Invite> = fc
  .record({
    secret: bytes(16),
    expires: u32.map((seconds) => seconds * 1000),
    ...{ identity, address: hex(20).map(address), name: personName(24), group: fc.boolean() },
  })
  .map(({ group, ...rest }) => (group ? { ...rest, group: true as const } : rest))

/** Bytes that were right once: cut, lengthened, with bits turned or pieces of something else in them; or any bytes. */
export function damaged(whole: Arbitrary<Uint8Array>): Arbitrary<Bytes> {
  return fc
    .oneof(
      fc
        .tuple(whole, fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([all, part]) => all.slice(0, all.length * part)),
      fc.tuple(whole, bytes(1, 9)).map(([all, more]) => Buffer.concat([all, more])),
      fc
        .tuple(
          whole,
          fc.array(fc.tuple(u32, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }),
        )
        .map(([all, turns]) => {
          const copy = all.slice()
          for (const [at, bits] of turns) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ bits
          return copy
        }),
      fc.tuple(whole, whole, u32).map(([one, other, at]) => {
        const cut = at % (one.length + 1)
        return Buffer.concat([one.subarray(0, cut), other.subarray(cut)])
      }),
      bytes(0, 80),
    )
    .map((made) => new Uint8Array(made))
}
