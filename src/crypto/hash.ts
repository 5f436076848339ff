import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { join, type Bytes, type Field } from '../core/bytes.ts'

/** `H(a ‖ b ‖ …)` of the protocol page: SHA-256 over length-prefixed fields, 32 bytes. */
export function hash(...fields: Field[]): Bytes {
  return new Uint8Array(sha256(join(...fields)))
}

/** HMAC-SHA-256 (RFC 2104) over length-prefixed fields, 32 bytes. Synchronous: a knock is answered in one turn. */
export function mac(key: Uint8Array, ...fields: Field[]): Bytes {
  return new Uint8Array(hmac(sha256, key, join(...fields)))
}

/** HKDF-SHA-256 (RFC 5869) without salt; `info` is the length-prefixed list of a label and what else it is bound to. */
export function derive(secret: Uint8Array, length: number, ...info: [string, ...Field[]]): Bytes {
  return new Uint8Array(hkdf(sha256, secret, undefined, join(...info), length))
}
