import * as v from 'valibot'

/**
 * The PeerJS wire between a client and the introducer: JSON text, one object per WebSocket message.
 * What a client may say is decoded here and nowhere else.
 */

/** Longest destination and connection id taken, in characters; addresses have 40, PeerJS connection ids about 15. */
const NAME_LENGTH = 64

const name = v.pipe(v.string(), v.nonEmpty(), v.maxLength(NAME_LENGTH))

/** What two peers tell each other; the introducer reads nothing of it but the id of the connection. */
interface Payload {
  readonly [key: string]: unknown
}

/** A client that reads `payload.connectionId` of something else than an object throws, so none gets through. */
const payload = v.pipe(
  v.custom<Payload>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  v.check((value) => v.is(v.optional(name), value['connectionId'])),
)

const heartbeat = v.object({ type: v.literal('HEARTBEAT') })
const leave = v.object({ type: v.literal('LEAVE'), dst: v.optional(name), payload: v.optional(payload) })
const introduction = v.object({ type: v.picklist(['OFFER', 'ANSWER', 'CANDIDATE']), dst: name, payload })

const incoming = v.variant('type', [heartbeat, leave, introduction])

/** What a client may say. `src` is never read: the introducer knows who speaks. */
export type Incoming = v.InferOutput<typeof incoming>

/** OFFER, ANSWER or CANDIDATE: what is passed on, and waits for somebody absent. */
export type Introduction = v.InferOutput<typeof introduction>

/** Text ready to be sent, and its size in UTF-8 bytes. */
export interface Packed {
  readonly text: string
  readonly bytes: number
}

/** The message in a text, or undefined when it is none. Never throws. */
export function decode(text: string): Incoming | undefined {
  const parsed = v.safeParse(incoming, parseJson(text))
  return parsed.success ? parsed.output : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is what the schema then says of undefined: no message.
    return undefined
  }
}

/** Which of the connections between two peers a message is about; '' when it does not say. */
export function connectionOf(message: Introduction): string {
  const id = message.payload['connectionId']
  return typeof id === 'string' ? id : ''
}

/** LEAVE for one person, or one of the introductions. */
type Relayed = Introduction | (v.InferOutput<typeof leave> & { dst: string })

/**
 * A client's message as it is passed on: type, src, dst and payload, nothing else.
 * @param maxBytes a rewritten message can be longer than the original ("1e20" grows fivefold)
 * @returns undefined when it cannot be written again: too long, or nested too deep for JSON.stringify
 */
export function pack(src: string, message: Relayed, maxBytes: number): Packed | undefined {
  try {
    const { type, dst } = message
    const packed = packText({ type, src, dst, payload: message.payload })
    return packed.bytes > maxBytes ? undefined : packed
  } catch {
    return undefined
  }
}

/** Tells a caller that the person called did not answer, whether absent or silent. */
export function expired(caller: string, called: string): Packed {
  return packText({ type: 'EXPIRE', src: called, dst: caller })
}

function packText(message: object): Packed {
  const text = JSON.stringify(message)
  return { text, bytes: Buffer.byteLength(text) }
}

/** The registration is good. */
export const OPEN = JSON.stringify({ type: 'OPEN' })

/** Somebody with the same token arrived later; this socket is closed. */
export const ID_TAKEN = JSON.stringify({ type: 'ID-TAKEN', payload: { msg: 'ID is taken' } })

/** Why this socket is closed, as one sentence. */
export function errorText(msg: string): string {
  return JSON.stringify({ type: 'ERROR', payload: { msg } })
}
