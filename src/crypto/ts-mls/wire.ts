import {
  decodeMlsMessage,
  encodeMlsMessage,
  type MLSMessage,
  type MlsMessageContent,
} from 'ts-mls/message.js'
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

/**
 * Undefined where hostile bytes make somebody stumble: the library, HPKE, WebCrypto, or JavaScript where it finds
 * nothing. Each throws in its own way, and nothing that is the fault of our own is done in here.
 */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
