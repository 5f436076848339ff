import type { Bytes } from '../../../src/core/bytes.ts'

/**
 * A cipher that is none: a few multiplications instead of AES, for simulations in which nobody breaks ciphers. What is
 * sealed does not contain what it was made of, opens only under the same key and context, and not if a bit was changed.
 */

const CHECK = 4

/** MurmurHash3's way of mixing a word into a state. */
function mix(state: number, word: number): number {
  const rotated = Math.imul(word, 0xcc9e2d51)
  const mixed = state ^ Math.imul((rotated << 15) | (rotated >>> 17), 0x1b873593)
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

function finish(state: number): number {
  const half = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35)
  return (whole ^ (whole >>> 16)) >>> 0
}

/** A key of 32 bits from numbers and bytes. */
export function keyOf(...parts: (number | Uint8Array)[]): number {
  let state = 0
  for (const part of parts) {
    if (typeof part === 'number') state = mix(state, part)
    else for (const byte of part) state = mix(state, byte)
    state = mix(state, 0x100)
  }
  return finish(state)
}

/** XOR with a stream of words; twice gives the same again. */
function stir(bytes: Uint8Array, key: number): void {
  let word = key | 1
  for (let i = 0; i < bytes.length; i++) {
    if (i % 4 === 0) {
      word ^= word << 13
      word ^= word >>> 17
      word ^= word << 5
    }
    bytes[i] = (bytes[i] ?? 0) ^ ((word >>> (8 * (i % 4))) & 0xff)
  }
}

/** `head` travels in the clear before it. */
export function box(key: number, head: Uint8Array, plain: Uint8Array): Bytes {
  const sealed = new Uint8Array(head.length + plain.length + CHECK)
  sealed.set(head)
  sealed.set(plain, head.length)
  const view = new DataView(sealed.buffer)
  view.setUint32(head.length + plain.length, keyOf(key, head, plain))
  stir(sealed.subarray(head.length, head.length + plain.length), key)
  return sealed
}

/** Undefined unless these are the bytes that were made with this key and a head of this length. */
export function unbox(key: number, headLength: number, sealed: Uint8Array): Bytes | undefined {
  if (sealed.length < headLength + CHECK) return undefined
  const plain = new Uint8Array(sealed.subarray(headLength, sealed.length - CHECK))
  stir(plain, key)
  const view = new DataView(sealed.buffer, sealed.byteOffset)
  const check = view.getUint32(sealed.length - CHECK)
  return check === keyOf(key, sealed.subarray(0, headLength), plain) ? plain : undefined
}

/** So many bytes that follow from a key. */
export function bytesFrom(key: number, length: number): Bytes {
  const bytes = new Uint8Array(length)
  stir(bytes, key)
  return bytes
}
