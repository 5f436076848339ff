import * as v from 'valibot'
import { fromHex, type Bytes } from '../core/bytes.ts'
import type { Incarnation, Profile } from '../core/body.ts'
import type { IdentityKey } from '../core/ids.ts'
import { incarnationSchema, incarnationTuple, profileSchema, profileTuple } from './roster.ts'
import { fromCbor, toCbor } from './cbor.ts'
import { MAX_FRAME } from './limits.ts'
import { bytes, count, id, parse } from './schema.ts'

/** The first thing both sides say on a fresh channel. */
export interface Hello {
  /** 16 random bytes. */
  readonly nonce: Bytes
  readonly min: number
  readonly max: number
}

/** The few frames that are read before a link is bound (PROTOCOL §3). */
export type BindFrame =
  | ({ readonly type: 'hello' } & Hello)
  /** A {@link Proof}, sealed under the key that the knock named. */
  | { readonly type: 'proof'; readonly sealed: Bytes }
  /** After a proof: what the other side must be told before the channel closes, sealed likewise. */
  | { readonly type: 'verdict'; readonly sealed: Bytes }

/** What follows the proofs when an invite brought the two together, or an incarnation has ended. */
export type Verdict =
  /** Your invite: it is burnt and you are a contact now; somebody else used it; its time is over. */
  | { readonly verdict: 'welcome' | 'used' | 'expired' }
  /** Your incarnation was retired by this newer one of your own. */
  | { readonly verdict: 'retired'; readonly by: Incarnation }

/** What one side proves inside the seal. Its signature covers far more: see crypto/bind.ts. */
export interface Proof {
  readonly identity: IdentityKey
  readonly incarnation: Incarnation
  /** SHA-256 of both DTLS certificates as this side sees them, 32 bytes each. */
  readonly own: Bytes
  readonly theirs: Bytes
  readonly signature: Bytes
  /** With an invite: HMAC under its "bind" key over the signed bytes, and who we are. */
  readonly meeting?: { readonly mac: Bytes; readonly profile: Profile }
}

const CODES = { hello: 64, proof: 65, verdict: 66 } as const

const version = v.pipe(count, v.minValue(1), v.maxValue(0xffff))

const hello = v.pipe(
  v.strictTuple([v.literal(CODES.hello), bytes(16), version, version]),
  v.transform(([, nonce, min, max]): BindFrame => ({ type: 'hello', nonce, min, max })),
)

const sealedFrame = v.pipe(
  v.strictTuple([v.picklist([CODES.proof, CODES.verdict]), bytes(28, MAX_FRAME)]),
  v.transform(([code, sealed]): BindFrame => ({ type: code === CODES.proof ? 'proof' : 'verdict', sealed })),
)

const bindFrame = v.union([hello, sealedFrame])

export function encodeBindFrame(frame: BindFrame): Bytes {
  if (frame.type === 'hello') return toCbor([CODES.hello, frame.nonce, frame.min, frame.max])
  return toCbor([CODES[frame.type], frame.sealed])
}

export function decodeBindFrame(received: unknown): BindFrame | undefined {
  if (!(received instanceof Uint8Array)) return undefined
  return parse(bindFrame, fromCbor(received, MAX_FRAME))
}

/** `[identity, incarnation, own, theirs, signature]`, with an invite followed by `[mac, profile]`. */
const proofFields = [id<IdentityKey>(32), incarnationSchema, bytes(32), bytes(32), bytes(64)] as const

const proof = v.union([
  v.pipe(
    v.strictTuple([...proofFields]),
    v.transform(([identity, incarnation, own, theirs, signature]): Proof => {
      return { identity, incarnation, own, theirs, signature }
    }),
  ),
  v.pipe(
    v.strictTuple([...proofFields, v.strictTuple([bytes(32), profileSchema])]),
    v.transform(([identity, incarnation, own, theirs, signature, [mac, profile]]): Proof => {
      return { identity, incarnation, own, theirs, signature, meeting: { mac, profile } }
    }),
  ),
])

export function encodeProof({ identity, incarnation, own, theirs, signature, meeting }: Proof): Bytes {
  return toCbor([
    fromHex(identity),
    incarnationTuple(incarnation),
    own,
    theirs,
    signature,
    ...(meeting ? [[meeting.mac, profileTuple(meeting.profile)]] : []),
  ])
}

export function decodeProof(opened: Uint8Array): Proof | undefined {
  return parse(proof, fromCbor(opened, MAX_FRAME))
}

const verdict = v.union([
  v.strictObject({ verdict: v.picklist(['welcome', 'used', 'expired']) }),
  v.strictObject({ verdict: v.literal('retired'), by: incarnationSchema }),
])

export function encodeVerdict(said: Verdict): Bytes {
  return toCbor(said.verdict === 'retired' ? { ...said, by: incarnationTuple(said.by) } : said)
}

export function decodeVerdict(opened: Uint8Array): Verdict | undefined {
  return parse(verdict, fromCbor(opened, MAX_FRAME))
}
