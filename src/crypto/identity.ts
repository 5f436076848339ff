import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { concat, fromHex, toHex, type Bytes } from '../core/bytes.ts'
import { identityKey, type IdentityKey } from '../core/ids.ts'
import { label } from '../core/labels.ts'
import { forgetOldest } from '../core/newest.ts'
import { derive } from './hash.ts'

/** What is derived from the root once and kept as sealed rows (PROTOCOL §1). All fields are secret but the public keys. */
export interface IdentitySecrets {
  readonly identity: IdentityKey
  /** Ed25519 seed, 32 bytes. */
  readonly seed: Bytes
  /** X25519 private key, 32 bytes. */
  readonly knockSecret: Bytes
  /** X25519 public key, 32 bytes. */
  readonly knockKey: Bytes
  /** Address tokens are derived from it, 32 bytes. */
  readonly addressKey: Bytes
}

/** `root`: 16 random bytes. */
export function deriveIdentity(root: Uint8Array): IdentitySecrets {
  const seed = derive(root, 32, label.identity)
  const knockSecret = derive(root, 32, label.knockKey)
  return {
    identity: identityKey(toHex(ed25519.getPublicKey(seed))),
    seed,
    knockSecret,
    knockKey: new Uint8Array(x25519.getPublicKey(knockSecret)),
    addressKey: derive(root, 32, label.addressKey),
  }
}

/** The one who speaks: signs with a key that cannot be taken out of the browser. */
export interface Signer {
  readonly identity: IdentityKey
  /** Ed25519 (RFC 8032), 64 bytes. */
  sign(bytes: Bytes): Promise<Bytes>
}

/** RFC 8410 §7: the 16 bytes that stand before an Ed25519 seed in PKCS #8. */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420')

/** Imports the seed as a non-extractable WebCrypto key. Rejects where the browser has no Ed25519. */
export async function createSigner({
  identity,
  seed,
}: Pick<IdentitySecrets, 'identity' | 'seed'>): Promise<Signer> {
  const pkcs8 = concat(PKCS8_PREFIX, seed)
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  pkcs8.fill(0)
  return {
    identity,
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, bytes)),
  }
}

type PublicKeys = Map<IdentityKey, Promise<CryptoKey>>
/** Keys of people who spoke lately, imported once; each is of use only to the WebCrypto that made it. */
const imported = new WeakMap<SubtleCrypto, PublicKeys>()
const PUBLIC_KEYS = 64

function publicKey(identity: IdentityKey): Promise<CryptoKey> {
  const { subtle } = crypto
  const keys = imported.get(subtle) ?? new Map<IdentityKey, Promise<CryptoKey>>()
  imported.set(subtle, keys)
  const key = keys.get(identity) ?? subtle.importKey('raw', fromHex(identity), 'Ed25519', false, ['verify'])
  keys.delete(identity)
  keys.set(identity, key)
  forgetOldest(keys, PUBLIC_KEYS)
  return key
}

/** True only for a valid Ed25519 signature by `identity`; never throws, also for a key that is no point of the curve. */
export async function verify(identity: IdentityKey, bytes: Bytes, signature: Bytes): Promise<boolean> {
  try {
    return await crypto.subtle.verify('Ed25519', await publicKey(identity), signature, bytes)
  } catch (error) {
    if (error instanceof DOMException) return false
    throw error
  }
}

/**
 * PROTOCOL §1, "pair key": 32 bytes that both people compute alike and nobody else can. Undefined when the other
 * key is of low order (RFC 7748 §6.1): whoever sent it wants a key that everybody can compute.
 */
export function pairKey(
  own: Pick<IdentitySecrets, 'identity' | 'knockSecret'>,
  their: { identity: IdentityKey; knockKey: Uint8Array },
): Bytes | undefined {
  const shared = sharedSecret(own.knockSecret, their.knockKey)
  const [lower, higher] = [own.identity, their.identity].sort()
  return shared && derive(shared, 32, label.pairKey, fromHex(lower ?? ''), fromHex(higher ?? ''))
}

function sharedSecret(own: Uint8Array, their: Uint8Array): Uint8Array | undefined {
  try {
    return x25519.getSharedSecret(own, their)
  } catch {
    return undefined
  }
}
