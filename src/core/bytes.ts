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
  return concat(
    ...fields.flatMap((field) => {
      const bytes = fieldBytes(field)
      return [uint(bytes.length, 4), bytes]
    }),
  )
}

function fieldBytes(field: Field): Uint8Array {
  if (typeof field === 'number') return uint(field, 8)
  if (typeof field !== 'string') return field
  return Uint8Array.from(field, (letter) => {
    const code = letter.charCodeAt(0)
    if (code > 127) throw new TypeError('a word in a hash is ASCII')
    return code
  })
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
const DIGITS = new Map(HEX.map((pair, byte) => [pair, byte]))

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte] ?? ''
  return text
}

/** Throws a TypeError on anything but an even number of hex digits. */
export function fromHex(text: string): Bytes {
  if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text)) throw new TypeError('expected hex digits')
  const bytes = new Uint8Array(text.length / 2)
  for (let at = 0; at < bytes.length; at++) {
    const pair = text.slice(2 * at, 2 * at + 2)
    bytes[at] = DIGITS.get(pair) ?? parseInt(pair, 16)
  }
  return bytes
}
