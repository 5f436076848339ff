import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { Decoder } from 'ts-mls/codec/tlsDecoder.js'
import type { GroupContext } from 'ts-mls/groupContext.js'
import * as v from 'valibot'
import { expect } from 'vitest'
import { fromHex, toHex, type Bytes } from '../../../../src/core/bytes.ts'
import { SUITE } from '../../../../src/crypto/ts-mls/provider.ts'

/** The check of one kind of vectors, as test-vectors.md of mls-implementations describes it. */
export interface VectorFile {
  readonly name: string
  check(vector: unknown, suite: CiphersuiteImpl): Promise<void>
}

export function vectorFile<T>(
  name: string,
  schema: v.GenericSchema<unknown, T>,
  check: (vector: T, suite: CiphersuiteImpl) => Promise<void>,
): VectorFile {
  return { name, check: (vector, suite) => check(v.parse(schema, vector), suite) }
}

/** A field of hex digits. */
export const hex = v.pipe(v.string(), v.transform(fromHex))

export function decoded<T>(decode: Decoder<T>, bytes: Bytes): T {
  const [value, length] = decode(bytes, 0) ?? []
  if (value === undefined) throw new Error('this cannot be decoded')
  expect(length, 'nothing is left over').toBe(bytes.length)
  return value
}

export function expectBytes(found: Uint8Array, wanted: Uint8Array, what?: string): void {
  expect(toHex(found), what).toBe(toHex(wanted))
}

export function groupContext(
  known: Pick<GroupContext, 'groupId' | 'epoch' | 'treeHash' | 'confirmedTranscriptHash'>,
): GroupContext {
  return { version: 'mls10', cipherSuite: SUITE, extensions: [], ...known }
}

/** Whether what is sealed for the one opens with the other. */
export async function expectPair(
  publicKey: Uint8Array,
  privateKey: Uint8Array,
  { hpke }: CiphersuiteImpl,
): Promise<void> {
  const plain = new Uint8Array([1, 2, 3])
  const { ct, enc } = await hpke.seal(await hpke.importPublicKey(publicKey), plain, plain)
  expectBytes(await hpke.open(await hpke.importPrivateKey(privateKey), enc, ct, plain), plain)
}
