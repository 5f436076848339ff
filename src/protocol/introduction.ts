import * as v from 'valibot'

/** What the introducer relays (the PeerJS protocol), as far as we let it reach the library. */

const hexAddress = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))
const connectionId = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
const sdp = v.pipe(v.string(), v.maxLength(16_384))

/** base32 of a knock (PROTOCOL §2): 24 bytes. */
const knock = v.pipe(v.string(), v.regex(/^[A-Z2-7]{39}$/))

const candidate = v.object({
  candidate: v.pipe(v.string(), v.maxLength(1_024)),
  sdpMid: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64)))),
  sdpMLineIndex: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)))),
  usernameFragment: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(256)))),
})

/** Only raw, reliable data connections exist for us: no media call and no other serialization is ever answered. */
const offer = v.object({
  type: v.literal('OFFER'),
  src: hexAddress,
  payload: v.object({
    type: v.literal('data'),
    serialization: v.literal('raw'),
    reliable: v.literal(true),
    connectionId,
    label: knock,
    sdp: v.object({ type: v.literal('offer'), sdp }),
  }),
})

const answer = v.object({
  type: v.literal('ANSWER'),
  src: hexAddress,
  payload: v.object({
    type: v.literal('data'),
    connectionId,
    sdp: v.object({ type: v.literal('answer'), sdp }),
  }),
})

const trickle = v.object({
  type: v.literal('CANDIDATE'),
  src: hexAddress,
  payload: v.object({ type: v.literal('data'), connectionId, candidate }),
})

export const introductionSchema = v.variant('type', [
  v.object({ type: v.picklist(['OPEN', 'ID-TAKEN', 'ERROR']) }),
  v.object({ type: v.literal('EXPIRE'), src: hexAddress }),
  offer,
  answer,
  trickle,
])

export type Introduction = v.InferOutput<typeof introductionSchema>
