import fc, { type Arbitrary } from 'fast-check'
import type { Incarnation, Profile, Target } from '../../../src/core/body.ts'
import { toHex, type Bytes } from '../../../src/core/bytes.ts'
import { MAX_ERA, type Era } from '../../../src/core/era.ts'
import {
  address,
  conversationId,
  identityKey,
  incarnationId,
  inviteId,
  type IdentityKey,
} from '../../../src/core/ids.ts'
import type { Card } from '../../../src/core/membership.ts'
import type { FeedHead } from '../../../src/core/roster.ts'
import { cleanName } from '../../../src/core/name.ts'
import { toUtf8 } from '../../../src/protocol/text.ts'

export const bytes = (min: number, max = min): Arbitrary<Bytes> =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((made) => new Uint8Array(made))
export const hex = (length: number) => bytes(length).map(toHex)
export const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
export const count = fc.maxSafeNat()
export const ordinal = count.map((n) => n || 1)
export const few = <T>(each: Arbitrary<T>): Arbitrary<T[]> => fc.array(each, { maxLength: 3 })

/** Well-formed, in all scripts, at most so many bytes. Cut between characters; no mark of byte order in front. */
export const text = (most: number): Arbitrary<string> =>
  fc.string({ unit: 'binary', maxLength: most }).map((made) => {
    let cut = made.replace(/^\ufeff+/, '')
    while (toUtf8(cut).length > most) cut = Array.from(cut).slice(0, -1).join('')
    return cut
  })
/** As everybody shows it: what is taken out on arrival is not in it. */
export const personName = (most: number): Arbitrary<string> => text(most).map(cleanName)

export const identity: Arbitrary<IdentityKey> = hex(32).map(identityKey)
export const conversation = hex(16).map(conversationId)
export const invite = hex(16).map(inviteId)
export const incarnation: Arbitrary<Incarnation> = fc.record({
  id: hex(8).map(incarnationId),
  madeAt: count,
  signature: bytes(64),
})
export const profile: Arbitrary<Profile> = fc.record({
  name: personName(64),
  address: hex(20).map(address),
  knockKey: bytes(32),
})
export const card: Arbitrary<Card> = fc
  .record({ identity, profile, incarnation })
  .map(({ identity, profile, incarnation }) => ({ identity, ...profile, incarnation }))
export const eraNumber = fc.integer({ min: 0, max: MAX_ERA })
export const era: Arbitrary<Era> = fc.record({ generation: eraNumber, epoch: eraNumber })
export const target: Arbitrary<Target> = fc.record({
  author: identity,
  incarnation: hex(8).map(incarnationId),
  seq: ordinal,
})
export const feedHead: Arbitrary<FeedHead> = fc
  .tuple(target, bytes(32))
  .map(([place, head]) => ({ ...place, head }))
export const seats = few(fc.record({ card, since: era }))
export const feed = { conversation, author: identity, incarnation: hex(8).map(incarnationId) }
