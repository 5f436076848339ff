import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Aead } from 'ts-mls/crypto/aead.js'
import { getCiphersuiteFromName, type CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { makeHashImpl } from 'ts-mls/crypto/implementation/default/makeHashImpl.js'
import { defaultRng } from 'ts-mls/crypto/implementation/default/rng.js'
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js'
import type { Kdf } from 'ts-mls/crypto/kdf.js'
import type { CryptoProvider } from 'ts-mls/crypto/provider.js'
import type { Signature } from 'ts-mls/crypto/signature.js'
import { equal, fromHex, toHex, type Bytes } from '../../core/bytes.ts'
import { identityKey } from '../../core/ids.ts'
import { verify, type Signer } from '../identity.ts'

/** The mandatory one (RFC 9420 §17.1), number 1. */
export const SUITE = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519'

/** The primitives of the browser. Not the library's provider, which brings the code of every suite along. */
const browserProvider: CryptoProvider = {
  getCiphersuiteImpl: async ({ name, hash, hpke }) => ({
    name,
    hash: makeHashImpl(crypto.subtle, hash),
    kdf,
    hpke: await makeGenericHpke(
      hpke,
      aes128Gcm,
      new CipherSuite({
        kem: new DhkemX25519HkdfSha256(),
        kdf: new HkdfSha256(),
        aead: new Aes128Gcm(),
      }),
    ),
    rng: defaultRng,
    signature: { sign: never, verify: never, keygen: never },
  }),
}

/**
 * HKDF-SHA-256 (RFC 5869) in one turn. A message takes five keys, and the browser's own goes to another thread and back
 * twice for each of them: that is most of the time of catching up.
 */
const kdf: Kdf = {
  extract: (salt, secret) => Promise.resolve(extract(sha256, secret, salt)),
  expand: (secret, info, length) => Promise.resolve(expand(sha256, secret, info, length)),
  size: sha256.outputLen,
}

/** The primitives of a provider, but with signatures by the signer and checked by `verify`. */
export async function suiteOf(signer: Signer, provider = browserProvider): Promise<CiphersuiteImpl> {
  const suite = await provider.getCiphersuiteImpl(getCiphersuiteFromName(SUITE))
  return { ...suite, signature: signatureOf(signer) }
}

/**
 * The library signs with whatever bytes stand for the private key and keeps them in the state. Ours are a handle, the
 * public key, so that no state ever holds what signs.
 */
export function handleOf(signer: Signer): Bytes {
  return fromHex(signer.identity)
}

function signatureOf(signer: Signer): Signature {
  const handle = handleOf(signer)
  return {
    sign: async (key, message) => {
      if (!equal(key, handle)) throw new TypeError('this state is not of the one who signs')
      return signer.sign(new Uint8Array(message))
    },
    verify: async (key, message, signature) =>
      key.length === handle.length &&
      verify(identityKey(toHex(key)), new Uint8Array(message), new Uint8Array(signature)),
    keygen: never,
  }
}

const aes128Gcm: Aead = {
  encrypt: async (...[key, nonce, aad, plain]) =>
    new Uint8Array(
      await crypto.subtle.encrypt(gcm(nonce, aad), await gcmKey(key, 'encrypt'), new Uint8Array(plain)),
    ),
  decrypt: async (...[key, nonce, aad, sealed]) =>
    new Uint8Array(
      await crypto.subtle.decrypt(gcm(nonce, aad), await gcmKey(key, 'decrypt'), new Uint8Array(sealed)),
    ),
}

function gcm(nonce: Uint8Array, aad: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: new Uint8Array(nonce), additionalData: new Uint8Array(aad) }
}

function gcmKey(key: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(key), 'AES-GCM', false, [use])
}

function never(): Promise<never> {
  throw new TypeError('the signer signs')
}
