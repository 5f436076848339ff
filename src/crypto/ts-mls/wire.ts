import {
  decodeMlsMessage,
  encodeMlsMessage,
  type MLSMessage,
  type MlsMessageContent,
} from 'ts-mls/message.js'
import { MlsError } from 'ts-mls/mlsError.js'
import type { PrivateMessage } from 'ts-mls/privateMessage.js'
import { equal, type Bytes } from '../../core/bytes.ts'

/** Everything that travels is an MLSMessage (RFC 9420 §6). */
export function encode(content: MlsMessageContent): Bytes {
  return new Uint8Array(encodeMlsMessage({ ...content, version: 'mls10' }))
}

/**
 * One message and nothing after it, encoded in the one way in which we would encode it, so that nobody can make other
 * bytes of the same message. It shares no memory with `bytes`.
 */
export function decode(bytes: Bytes): MLSMessage | undefined {
  const message = tryTo(() => decodeMlsMessage(bytes.slice(), 0)?.[0])
  return message && tryTo(() => equal(encodeMlsMessage(message), bytes)) ? message : undefined
}

/** A private message (RFC 9420 §6.3) whose epoch is a number. */
export function privateMessage(bytes: Bytes): PrivateMessage | undefined {
  const message = decode(bytes)
  if (message?.wireformat !== 'mls_private_message') return undefined
  return message.privateMessage.epoch <= Number.MAX_SAFE_INTEGER ? message.privateMessage : undefined
}

/** Undefined where the library stumbles. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    return stumbled(error)
  }
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    return stumbled(error)
  }
}

/** Over hostile bytes: by an error of its own, or of JavaScript where it takes for granted what is not there. */
function stumbled(error: unknown): undefined {
  if (error instanceof MlsError || error instanceof TypeError || error instanceof RangeError) return undefined
  throw error
}
