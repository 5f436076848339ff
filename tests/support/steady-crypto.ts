import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  hash,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { concat, type Bytes } from '../../src/core/bytes.ts'
import type { Chance } from './random.ts'

const TAG = 16

type Key =
  | { readonly use: 'seal' | 'hash'; readonly bytes: Uint8Array }
  | { readonly use: 'sign'; readonly key: KeyObject }

interface GcmParams {
  readonly iv: Uint8Array
  readonly additionalData: Uint8Array
}

/**
 * The part of WebCrypto that Earshot uses, with the same algorithms, but answered within the turn and with seeded
 * randomness: so that a simulation runs the same way each time.
 *
 * `quick`: signatures are hashes that anybody could make, ten times as fast. Good where nobody forges any.
 */
export function steadyCrypto(chance: Chance, { quick = false } = {}) {
  return {
    getRandomValues: (into: Uint8Array): Uint8Array => {
      into.set(chance.bytes(into.length))
      return into
    },
    subtle: {
      importKey: async (
        form: 'raw' | 'pkcs8',
        bytes: Bytes,
        algorithm: 'AES-GCM' | 'Ed25519',
      ): Promise<Key> => {
        if (algorithm === 'AES-GCM') return { use: 'seal', bytes: bytes.slice() }
        if (quick) return { use: 'hash', bytes: form === 'pkcs8' ? publicOf(bytes) : bytes.slice() }
        return { use: 'sign', key: form === 'pkcs8' ? privateKey(bytes) : publicKey(bytes) }
      },
      generateKey: async (): Promise<Key> => ({ use: 'seal', bytes: chance.bytes(32) }),
      sign: async (_: 'Ed25519', key: Key, bytes: Uint8Array) =>
        key.use === 'hash' ? hashed(key.bytes, bytes) : sign(null, bytes, signing(key)),
      verify: async (_: 'Ed25519', key: Key, signature: Uint8Array, bytes: Uint8Array) =>
        key.use === 'hash'
          ? hashed(key.bytes, bytes).equals(signature)
          : verify(null, bytes, signing(key), signature),
      encrypt: async ({ iv, additionalData }: GcmParams, key: Key, plain: Uint8Array) => {
        const cipher = createCipheriv('aes-256-gcm', sealing(key), iv).setAAD(additionalData)
        return concat(cipher.update(plain), cipher.final(), cipher.getAuthTag())
      },
      decrypt: async ({ iv, additionalData }: GcmParams, key: Key, sealed: Uint8Array) => {
        const decipher = createDecipheriv('aes-256-gcm', sealing(key), iv).setAAD(additionalData)
        decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
        try {
          return concat(decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final())
        } catch {
          throw new DOMException('The operation failed', 'OperationError')
        }
      },
    },
  }
}

/** As long as a signature. */
function hashed(author: Uint8Array, bytes: Uint8Array): Buffer {
  return hash('sha512', Buffer.concat([author, bytes]), 'buffer')
}

/** Public keys by the private ones, which are the same in all runs of a process. */
const PUBLIC_KEYS = new Map<string, Uint8Array>()

function publicOf(pkcs8: Uint8Array): Uint8Array {
  const name = Buffer.from(pkcs8).toString('hex')
  const known = PUBLIC_KEYS.get(name)
  if (known) return known
  const { x = '' } = createPublicKey(privateKey(pkcs8)).export({ format: 'jwk' })
  const made = new Uint8Array(Buffer.from(x, 'base64url'))
  PUBLIC_KEYS.set(name, made)
  return made
}

function privateKey(pkcs8: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
}

/** As RFC 8037 says, which OpenSSL reads ten times as fast as what RFC 8410 says. */
function publicKey(raw: Uint8Array): KeyObject {
  const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }
  return createPublicKey({ key, format: 'jwk' })
}

function signing(key: Key): KeyObject {
  if (key.use !== 'sign') throw new TypeError('this key seals')
  return key.key
}

function sealing(key: Key): Uint8Array {
  if (key.use !== 'seal') throw new TypeError('this key signs')
  return key.bytes
}
