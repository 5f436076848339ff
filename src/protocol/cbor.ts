import { decode, encode } from 'cborg'
import type { Bytes } from '../core/bytes.ts'

/** Deterministic CBOR (RFC 8949 §4.2.1): the same value always gives the same bytes. */
export function toCbor(value: unknown): Bytes {
  return new Uint8Array(encode(value))
}

/** Strict CBOR of at most `limit` bytes; undefined for anything else. The result still has to pass a schema. */
export function fromCbor(bytes: Uint8Array, limit: number): unknown {
  if (bytes.length > limit) return undefined
  try {
    return decode(bytes, { strict: true, allowIndefinite: false, rejectDuplicateMapKeys: true })
  } catch {
    return undefined
  }
}
