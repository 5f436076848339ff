/** Bytes that own their ArrayBuffer, as WebCrypto and IndexedDB want them. */
export type Bytes = Uint8Array<ArrayBuffer>

export function concat(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A field of a hash or signature: bytes, an ASCII word, or a whole number as 8 bytes, big-endian. */
export type Field = Uint8Array | string | number

/**
 * The `‖` of the protocol page: each field behind its length as 4 bytes, big-endian, so that no two different
 * lists of fields give the same bytes.
 */
export function join(...fields: Field[]): Bytes {
  const parts: Uint8Array[] = []
  for (const field of fields) {
    const bytes = fieldBytes(field)
    parts.push(uint(bytes.length, 4), bytes)
  }
  return concat(...parts)
}

function fieldBytes(field: Field): Uint8Array {
  if (typeof field === 'number') return uint(field, 8)
  if (typeof field !== 'string') return field
  const bytes = new Uint8Array(field.length)
  for (let at = 0; at < bytes.length; at++) {
    const code = field.charCodeAt(at)
    if (code > 127) throw new TypeError('a word in a hash is ASCII')
    bytes[at] = code
  }
  return bytes
}

/** A whole number ≥ 0, big-endian. */
export function uint(value: number, length: 4 | 8): Bytes {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('expected a whole number')
  const bytes = new Uint8Array(length)
  let rest = value
  for (let at = length - 1; rest > 0 && at >= 0; at--) {
    bytes[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}

/** Takes as long for a difference in the first byte as for one in the last. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
/** What a digit is worth, by its code; NaN for what is none. */
const DIGITS = Array.from({ length: 128 }, (_, code) => Number(`0x${String.fromCharCode(code)}`))

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte] ?? ''
  return text
}

/** Throws a TypeError on anything but an even number of hex digits. */
export function fromHex(text: string): Bytes {
  const bytes = new Uint8Array(Math.ceil(text.length / 2))
  for (let at = 0; at < bytes.length; at++) {
    const byte = 16 * digit(text, 2 * at) + digit(text, 2 * at + 1)
    if (Number.isNaN(byte)) throw new TypeError('expected hex digits')
    bytes[at] = byte
  }
  return bytes
}

function digit(text: string, at: number): number {
  return DIGITS[text.charCodeAt(at)] ?? NaN
}
