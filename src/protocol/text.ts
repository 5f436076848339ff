import { base32nopad, base64urlnopad } from '@scure/base'
import type { Bytes } from '../core/bytes.ts'

const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true })

export function toUtf8(text: string): Bytes {
  return encoder.encode(text)
}

/** Undefined when the bytes are not valid UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  return attempt(() => strictDecoder.decode(bytes))
}

/** RFC 4648 §6 without padding, upper case. */
export const toBase32 = (bytes: Uint8Array): string => base32nopad.encode(bytes)
/** RFC 4648 §5 without padding. */
export const toBase64url = (bytes: Uint8Array): string => base64urlnopad.encode(bytes)

/** Undefined when the text is not RFC 4648 base32, in either case. */
export function fromBase32(text: string): Bytes | undefined {
  return attempt(() => new Uint8Array(base32nopad.decode(text.toUpperCase())))
}

/** Undefined when the text is not RFC 4648 base64url. */
export function fromBase64url(text: string): Bytes | undefined {
  return attempt(() => new Uint8Array(base64urlnopad.decode(text)))
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}
