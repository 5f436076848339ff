import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { concat, fromHex, toHex, type Bytes } from '../../../src/core/bytes.ts'
import { identityKey } from '../../../src/core/ids.ts'
import { createSigner, deriveIdentity, pairKey, verify } from '../../../src/crypto/identity.ts'
import { open, sealingKey } from '../../../src/crypto/seal.ts'
import { suiteOf } from '../../../src/crypto/ts-mls/provider.ts'
import { seeded } from '../../support/random.ts'
import { steadyMls } from '../../support/steady-mls.ts'
import { identityOf } from '../../support/samples.ts'
import { wycheproof } from '../../support/vectors.ts'

const hex = v.string()
const result = v.picklist(['valid', 'invalid', 'acceptable'])
const common = { tcId: v.number(), comment: v.string(), result, flags: v.array(v.string()) }

const signatures = wycheproof(
  'ed25519_test.json',
  v.object({ publicKey: v.object({ pk: hex }), tests: v.array(v.object({ ...common, msg: hex, sig: hex })) }),
)
test.skipIf(!signatures)('a signature counts only if it is one', async () => {
  for (const { publicKey, tests } of signatures ?? []) {
    for (const { tcId, comment, msg, sig, result } of tests) {
      const good = await verify(identityKey(publicKey.pk), fromHex(msg), fromHex(sig))
      expect(good, `${tcId}: ${comment}`).toBe(result === 'valid')
    }
  }
})

const sealed = wycheproof(
  'aes_gcm_test.json',
  v.object({
    ...{ ivSize: v.number(), keySize: v.number(), tagSize: v.number() },
    tests: v.array(v.object({ ...common, key: hex, iv: hex, aad: hex, msg: hex, ct: hex, tag: hex })),
  }),
)
test.skipIf(!sealed)('what was sealed opens only unchanged', async () => {
  let tried = 0
  for (const { ivSize, keySize, tagSize, tests } of sealed ?? []) {
    if (ivSize !== 96 || keySize !== 256 || tagSize !== 128) continue
    for (const { tcId, comment, key, iv, aad, msg, ct, tag, result } of tests) {
      const bytes = concat(...[iv, ct, tag].map(fromHex))
      const plain = await open(await sealingKey(fromHex(key)), bytes, fromHex(aad))
      expect(plain && toHex(plain), `${tcId}: ${comment}`).toBe(result === 'valid' ? msg : undefined)
      tried += 1
    }
  }
  expect(tried).toBeGreaterThan(50)
})

const derived = wycheproof(
  'hkdf_sha256_test.json',
  v.object({
    tests: v.array(v.object({ ...common, ikm: hex, salt: hex, info: hex, size: v.number(), okm: hex })),
  }),
)
test.skipIf(!derived)('keys are derived as RFC 5869 says', () => {
  for (const { tests } of derived ?? []) {
    for (const { tcId, comment, ikm, salt, info, size, okm, result } of tests) {
      const derive = () => toHex(hkdf(sha256, fromHex(ikm), fromHex(salt), fromHex(info), size))
      if (result === 'invalid') expect(derive, `${tcId}: ${comment}`).toThrow()
      else expect(derive(), `${tcId}: ${comment}`).toBe(okm)
    }
  }
})

const agreements = wycheproof(
  'x25519_test.json',
  v.object({ tests: v.array(v.object({ ...common, public: hex, private: hex, shared: hex })) }),
)
test.skipIf(!agreements)('a knock key of low order makes no pair key; every other one does', () => {
  for (const { tests } of agreements ?? []) {
    for (const one of tests) {
      const own = { identity: identityOf(1), knockSecret: fromHex(one.private) }
      const key = pairKey(own, { identity: identityOf(2), knockKey: fromHex(one.public) })
      const nothing = /^0+$/.test(one.shared)
      expect(key === undefined, `${one.tcId}: ${one.comment}`).toBe(nothing || one.result === 'invalid')
    }
  }
})

/** What MLS is built of, as the library calls it: in the browser and in the simulation. */
describe.each([
  ['browser', undefined],
  ['simulation', steadyMls(seeded(1))],
] as const)('the primitives of MLS in the %s', (_, provider) => {
  const suite = async () => {
    const secrets = deriveIdentity(new Uint8Array(16))
    return suiteOf(await createSigner(secrets), provider)
  }

  test.skipIf(!sealed)('AES-128-GCM', async () => {
    const { hpke } = await suite()
    let tried = 0
    for (const { ivSize, keySize, tagSize, tests } of sealed ?? []) {
      if (ivSize !== 96 || keySize !== 128 || tagSize !== 128) continue
      for (const { tcId, comment, result, ...one } of tests) {
        const [key, iv, aad, msg] = [one.key, one.iv, one.aad, one.msg].map(fromHex) as [
          Bytes,
          Bytes,
          Bytes,
          Bytes,
        ]
        const bytes = concat(fromHex(one.ct), fromHex(one.tag))
        const opened = await hpke.decryptAead(key, iv, aad, bytes).then(toHex, () => undefined)
        expect(opened, `${tcId}: ${comment}`).toBe(result === 'valid' ? one.msg : undefined)
        if (result === 'valid') expect(await hpke.encryptAead(key, iv, aad, msg)).toEqual(bytes)
        tried += 1
      }
    }
    expect(tried).toBeGreaterThan(50)
  })

  test.skipIf(!derived)('HKDF-SHA-256, as far as MLS needs it: all is as long as a hash', async () => {
    const { kdf } = await suite()
    let tried = 0
    for (const { tcId, comment, ikm, salt, info, size, okm } of (derived ?? []).flatMap(
      ({ tests }) => tests,
    )) {
      if (size > kdf.size || ![0, kdf.size].includes(fromHex(salt).length)) continue
      const prk = await kdf.extract(fromHex(salt), fromHex(ikm))
      expect(toHex(await kdf.expand(prk, fromHex(info), size)), `${tcId}: ${comment}`).toBe(okm)
      tried += 1
    }
    expect(tried).toBeGreaterThan(5)
  })

  test.skipIf(!agreements)('X25519 agrees on nothing with a key of low order', async () => {
    const { hpke } = await suite()
    let refused = 0
    for (const one of (agreements ?? []).flatMap(({ tests }) => tests)) {
      const none = /^0+$/.test(one.shared) || one.result === 'invalid'
      const own = await hpke.importPrivateKey(fromHex(one.private))
      const nothing = new Uint8Array()
      const agreed = hpke.importSecret(own, nothing, fromHex(one.public), 32, nothing)
      expect(
        await agreed.then(
          () => true,
          () => false,
        ),
        `${one.tcId}: ${one.comment}`,
      ).toBe(!none)
      refused += none ? 1 : 0
    }
    expect(refused).toBeGreaterThan(5)
  })
})
