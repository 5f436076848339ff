import { createHash } from 'node:crypto'
import { label } from '../src/core/labels.ts'

const TOKEN = /^[0-9a-f]{64}$/

/** Every hashed field is preceded by its length, so that no two lists of fields hash alike. */
function withLength(field: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(field.length)
  return Buffer.concat([length, field])
}

/**
 * The address a token owns: the first 40 hex digits of SHA-256 over label and token.
 * @param token 64 lower-case hex digits, hashed as the 32 bytes they stand for
 * @returns 40 lower-case hex digits, or undefined when the token is not a token
 */
export function addressOf(token: string): string | undefined {
  if (!TOKEN.test(token)) return undefined
  const hash = createHash('sha256')
  hash.update(withLength(Buffer.from(label.address, 'ascii')))
  hash.update(withLength(Buffer.from(token, 'hex')))
  return hash.digest('hex').slice(0, 40)
}
