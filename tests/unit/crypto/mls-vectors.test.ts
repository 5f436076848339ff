import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { CryptoProvider } from 'ts-mls/crypto/provider.js'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { createSigner, deriveIdentity } from '../../../src/crypto/identity.ts'
import { suiteOf } from '../../../src/crypto/ts-mls/provider.ts'
import { seeded } from '../../support/random.ts'
import { steadyMls } from '../../support/steady-mls.ts'
import { mlsVectors } from '../../support/vectors.ts'
import { KEY_VECTORS } from './mls-vectors/keys.ts'
import { MESSAGE_VECTORS } from './mls-vectors/messages.ts'
import { PASSIVE_VECTORS } from './mls-vectors/passive.ts'
import { TREE_VECTORS } from './mls-vectors/trees.ts'

/**
 * The official vectors of RFC 9420 against the library as it is installed, on our primitives. All of our suite in the
 * long campaign; in every run a few small ones of each kind.
 */
const long = process.env['EARSHOT_LONG'] === '1'
const FEW = 2
const SMALL = 30_000

const FILES = [...KEY_VECTORS, ...TREE_VECTORS, ...MESSAGE_VECTORS, ...PASSIVE_VECTORS]

/** Vectors come with private keys of their own. */
async function suiteWith(provider?: CryptoProvider): Promise<CiphersuiteImpl> {
  const { identity, seed } = deriveIdentity(new Uint8Array(16))
  const suite = await suiteOf(await createSigner({ identity, seed }), provider)
  const sign: CiphersuiteImpl['signature']['sign'] = async (key, message) => {
    const signer = await createSigner({ identity, seed: new Uint8Array(key) })
    return signer.sign(new Uint8Array(message))
  }
  return { ...suite, signature: { ...suite.signature, sign } }
}

const ofOurSuite = v.looseObject({ cipher_suite: v.optional(v.literal(1)) })

const loaded = FILES.map(({ name, check }) => {
  const ours = mlsVectors(name)?.filter((one) => v.is(ofOurSuite, one))
  const small = ours?.filter((one) => JSON.stringify(one).length < SMALL).slice(0, FEW)
  return { name, check, vectors: long ? ours : small }
})

describe.each([
  ['the primitives of the browser', undefined],
  ['the primitives of the simulation', steadyMls(seeded(1))],
] as const)('RFC 9420 on %s', (_, provider) => {
  for (const { name, check, vectors } of loaded) {
    // The random life of a group is too long for every run.
    if (vectors?.length === 0) continue
    test.skipIf(!vectors)(name, { timeout: 600_000 }, async () => {
      const suite = await suiteWith(provider)
      for (const one of vectors ?? []) await check(one, suite)
    })
  }
})

test.skipIf(loaded.every(({ vectors }) => !vectors))('all kinds of vectors are there', () => {
  expect(loaded.filter(({ vectors }) => !vectors).map(({ name }) => name)).toEqual([])
  const counts = Object.fromEntries(loaded.map(({ name, vectors }) => [name, vectors?.length]))
  expect(counts).toMatchObject(long ? { 'messages.json': 300, 'treekem.json': 11 } : { 'messages.json': FEW })
})
