import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from 'node:crypto'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { Hash } from 'ts-mls/crypto/hash.js'
import type { Hpke, PrivateKey, PublicKey } from 'ts-mls/crypto/hpke.js'
import type { Kdf } from 'ts-mls/crypto/kdf.js'
import type { CryptoProvider } from 'ts-mls/crypto/provider.js'
import { CryptoError } from 'ts-mls/mlsError.js'
import { concat, equal, fromHex, type Bytes } from '../../src/core/bytes.ts'
import type { Chance } from './random.ts'

const HASH = 32
const KEY = 16
const NONCE = 12
const TAG = 16
/** RFC 9180 §7: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. */
const KEM_SUITE = concat(ascii('KEM'), fromHex('0020'))
const HPKE_SUITE = concat(ascii('HPKE'), fromHex('002000010001'))
const VERSION = ascii('HPKE-v1')
const NOTHING = new Uint8Array()

/**
 * What MLS asks of a provider, answered within the turn and with seeded randomness, so that a simulation runs the
 * same way each time. The same algorithms as in the browser, and a good deal faster than its calls in Node. `used`
 * hears under which key something is sealed.
 */
export function steadyMls(chance: Chance, used?: (key: string) => void): CryptoProvider {
  const rng = { randomBytes: (length: number) => chance.bytes(length) }
  const impl = (name: CiphersuiteImpl['name']): CiphersuiteImpl => ({
    ...{ name, hash, kdf, rng, hpke: hpkeWith(chance, used) },
    signature: { sign: never, verify: never, keygen: never },
  })
  return { getCiphersuiteImpl: async ({ name }) => impl(name) }
}

function ascii(word: string): Bytes {
  return new TextEncoder().encode(word)
}

function never(): Promise<never> {
  throw new TypeError('the signer signs')
}

function hmac(key: Uint8Array, ...data: Uint8Array[]): Bytes {
  const mac = createHmac('sha256', key)
  for (const part of data) mac.update(part)
  return new Uint8Array(mac.digest())
}

const hash: Hash = {
  digest: async (data) => new Uint8Array(createHash('sha256').update(data).digest()),
  mac: async (key, data) => hmac(key, data),
  verifyMac: async (key, mac, data) => equal(hmac(key, data), mac),
}

/** HKDF-Expand (RFC 5869 §2.3). */
function expand(prk: Uint8Array, info: Uint8Array, length: number): Bytes {
  if (length <= HASH) return hmac(prk, info, Uint8Array.of(1)).slice(0, length)
  const blocks: Bytes[] = []
  for (let n = 1; blocks.length * HASH < length; n++) {
    blocks.push(hmac(prk, blocks.at(-1) ?? NOTHING, info, Uint8Array.of(n)))
  }
  return concat(...blocks).slice(0, length)
}

const kdf: Kdf = {
  size: HASH,
  extract: async (salt, ikm) => hmac(salt, ikm),
  expand: async (prk, info, length) => expand(prk, info, length),
}

function sealAead({ key, nonce }: Sealing, aad: Uint8Array, plain: Uint8Array): Bytes {
  const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(aad)
  return concat(cipher.update(plain), cipher.final(), cipher.getAuthTag())
}

function openAead({ key, nonce }: Sealing, aad: Uint8Array, sealed: Uint8Array): Bytes {
  return orCryptoError(() => {
    const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAAD(aad)
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
    return concat(decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final())
  })
}

interface Sealing {
  readonly key: Uint8Array
  readonly nonce: Uint8Array
}

/** As the library's own providers say that something does not open, or is no key. */
function orCryptoError<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new CryptoError(String(error))
  }
}

/** Of X25519 (RFC 7748). The library never looks into a key. */
interface Key {
  readonly raw: Bytes
  readonly object: KeyObject
}

/** RFC 8037. OpenSSL takes keys in this form ten times as fast as in the form of RFC 8410. */
function secretKey(raw: Uint8Array): Key {
  const key = { kty: 'OKP', crv: 'X25519', d: Buffer.from(raw).toString('base64url'), x: '' }
  return { raw: new Uint8Array(raw), object: createPrivateKey({ key, format: 'jwk' }) }
}

function publicKey(raw: Uint8Array): Key {
  const key = { kty: 'OKP', crv: 'X25519', x: Buffer.from(raw).toString('base64url') }
  return { raw: new Uint8Array(raw), object: createPublicKey({ key, format: 'jwk' }) }
}

function publicOf(secret: Key): Key {
  const { x = '' } = secret.object.export({ format: 'jwk' })
  return { raw: new Uint8Array(Buffer.from(x, 'base64url')), object: createPublicKey(secret.object) }
}

/** RFC 9180 §4: everything is bound to the suite that uses it. */
function labeledExtract(suite: Bytes, salt: Uint8Array, [label, ikm]: [string, Uint8Array]): Bytes {
  return hmac(salt, VERSION, suite, ascii(label), ikm)
}

function labeledExpand(
  suite: Bytes,
  prk: Uint8Array,
  [label, info, length]: [string, Uint8Array, number],
): Bytes {
  const size = Uint8Array.of(length >> 8, length & 0xff)
  return expand(prk, concat(size, VERSION, suite, ascii(label), info), length)
}

/** RFC 9180 §7.1.3. */
function keysFrom(ikm: Uint8Array): { privateKey: Key; publicKey: Key } {
  const prk = labeledExtract(KEM_SUITE, NOTHING, ['dkp_prk', ikm])
  const privateKey = secretKey(labeledExpand(KEM_SUITE, prk, ['sk', NOTHING, HASH]))
  return { privateKey, publicKey: publicOf(privateKey) }
}

/** RFC 9180 §4.1: what sender and receiver both know, bound to both public keys. */
function sharedSecret(own: Key, their: Key, context: Bytes): Bytes {
  const dh = diffieHellman({ privateKey: own.object, publicKey: their.object })
  const prk = labeledExtract(KEM_SUITE, NOTHING, ['eae_prk', dh])
  return labeledExpand(KEM_SUITE, prk, ['shared_secret', context, HASH])
}

interface Context {
  readonly key: Bytes
  readonly nonce: Bytes
  readonly exporter: Bytes
}

/** RFC 9180 §5.1, base mode. */
function schedule(shared: Bytes, info: Uint8Array): Context {
  const idHash = labeledExtract(HPKE_SUITE, NOTHING, ['psk_id_hash', NOTHING])
  const infoHash = labeledExtract(HPKE_SUITE, NOTHING, ['info_hash', info])
  const context = concat(Uint8Array.of(0), idHash, infoHash)
  const secret = labeledExtract(HPKE_SUITE, shared, ['secret', NOTHING])
  return {
    key: labeledExpand(HPKE_SUITE, secret, ['key', context, KEY]),
    nonce: labeledExpand(HPKE_SUITE, secret, ['base_nonce', context, NONCE]),
    exporter: labeledExpand(HPKE_SUITE, secret, ['exp', context, HASH]),
  }
}

function hpkeWith(chance: Chance, used?: (key: string) => void): Hpke {
  const send = (to: Key, info: Uint8Array): { enc: Bytes; context: Context } => {
    const own = keysFrom(chance.bytes(HASH))
    const enc = own.publicKey.raw
    return { enc, context: schedule(sharedSecret(own.privateKey, to, concat(enc, to.raw)), info) }
  }
  const receive = (own: Key, enc: Uint8Array, info: Uint8Array): Context =>
    orCryptoError(() => {
      const context = concat(enc, publicOf(own).raw)
      return schedule(sharedSecret(own, publicKey(enc), context), info)
    })
  return {
    ...{ keyLength: KEY, nonceLength: NONCE },
    seal: async (to, plain, info, aad = NOTHING) => {
      const { enc, context } = send(keyOf(to), info)
      return { enc, ct: sealAead(context, aad, plain) }
    },
    open: async (...[own, enc, sealed, info, aad = NOTHING]) =>
      openAead(receive(keyOf(own), enc, info), aad, sealed),
    exportSecret: async (...[to, exporterContext, length, info]) => {
      const { enc, context } = send(keyOf(to), info)
      return { enc, secret: exported(context, exporterContext, length) }
    },
    importSecret: async (...[own, exporterContext, enc, length, info]) =>
      exported(receive(keyOf(own), enc, info), exporterContext, length),
    importPrivateKey: async (raw) => orCryptoError(() => opaque<PrivateKey>(secretKey(raw))),
    importPublicKey: async (raw) => orCryptoError(() => opaque<PublicKey>(publicKey(raw))),
    exportPublicKey: async (key) => keyOf(key).raw,
    exportPrivateKey: async (key) => keyOf(key).raw,
    encryptAead: async (...[key, nonce, aad = NOTHING, plain]) => {
      used?.(Buffer.from(key).toString('hex'))
      return sealAead({ key, nonce }, aad, plain)
    },
    decryptAead: async (...[key, nonce, aad = NOTHING, sealed]) => openAead({ key, nonce }, aad, sealed),
    deriveKeyPair: async (ikm) => pair(keysFrom(ikm)),
    generateKeyPair: async () => pair(keysFrom(chance.bytes(HASH))),
  }
}

function exported({ exporter }: Context, context: Uint8Array, length: number): Bytes {
  return labeledExpand(HPKE_SUITE, exporter, ['sec', context, length])
}

function pair(keys: { privateKey: Key; publicKey: Key }): { privateKey: PrivateKey; publicKey: PublicKey } {
  return { privateKey: opaque(keys.privateKey), publicKey: opaque(keys.publicKey) }
}

function opaque<T extends PrivateKey | PublicKey>(key: Key): T {
  return key as unknown as T
}

function keyOf(key: PrivateKey | PublicKey): Key {
  return key as unknown as Key
}
