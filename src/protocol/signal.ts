import * as v from 'valibot'

/** SDP of one data lane or one call; far below a frame. */
const sdp = v.pipe(v.string(), v.maxLength(48_000))

const candidate = v.object({
  candidate: v.pipe(v.string(), v.maxLength(1_024)),
  sdpMid: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64)))),
  sdpMLineIndex: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)))),
})

/** What simple-peer emits as `signal` and takes in `signal()`; nothing else reaches the library. */
export const signalSchema = v.variant('type', [
  v.object({ type: v.picklist(['offer', 'answer']), sdp }),
  v.object({ type: v.literal('candidate'), candidate }),
  v.object({ type: v.literal('renegotiate'), renegotiate: v.literal(true) }),
  v.object({
    type: v.literal('transceiverRequest'),
    transceiverRequest: v.object({
      kind: v.picklist(['audio', 'video']),
      init: v.optional(v.object({ direction: v.picklist(['sendrecv', 'sendonly', 'recvonly', 'inactive']) })),
    }),
  }),
])

export type Signal = v.InferOutput<typeof signalSchema>
