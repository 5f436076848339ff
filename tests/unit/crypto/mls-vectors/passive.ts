import { joinGroup, makePskIndex, type ClientState } from 'ts-mls/clientState.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { decodeMlsMessage } from 'ts-mls/message.js'
import { processPrivateMessage, processPublicMessage } from 'ts-mls/processMessages.js'
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js'
import { bytesToBase64 } from 'ts-mls/util/byteArray.js'
import * as v from 'valibot'
import { expect } from 'vitest'
import { equal, type Bytes } from '../../../../src/core/bytes.ts'
import { decoded, expectBytes, expectPair, hex, vectorFile, type VectorFile } from './vector.ts'

const scenario = v.object({
  external_psks: v.array(v.object({ psk_id: hex, psk: hex })),
  ...{ key_package: hex, signature_priv: hex, encryption_priv: hex, init_priv: hex },
  ...{ welcome: hex, ratchet_tree: v.nullable(hex), initial_epoch_authenticator: hex },
  epochs: v.array(v.object({ proposals: v.array(hex), commit: hex, epoch_authenticator: hex })),
})
type Scenario = v.InferOutput<typeof scenario>

/** Joins by a welcome and follows whatever others commit: the library alone, without our rules. */
async function follow(one: Scenario, suite: CiphersuiteImpl): Promise<void> {
  const psks = Object.fromEntries(one.external_psks.map(({ psk_id: id, psk }) => [bytesToBase64(id), psk]))
  let state = await join(one, { psks, suite })
  expectBytes(state.keySchedule.epochAuthenticator, one.initial_epoch_authenticator)
  for (const [index, { proposals, commit, epoch_authenticator: wanted }] of one.epochs.entries()) {
    for (const message of [...proposals, commit]) state = await take(state, message, { psks, suite })
    expectBytes(state.keySchedule.epochAuthenticator, wanted, `epoch ${String(index)}`)
  }
}

interface Held {
  readonly psks: Record<string, Bytes>
  readonly suite: CiphersuiteImpl
}

async function join(one: Scenario, { psks, suite }: Held): Promise<ClientState> {
  const shown = decoded(decodeMlsMessage, one.key_package)
  const welcome = decoded(decodeMlsMessage, one.welcome)
  if (shown.wireformat !== 'mls_key_package' || welcome.wireformat !== 'mls_welcome')
    throw new Error('mixed up')
  const { keyPackage } = shown
  await expectPair(keyPackage.initKey, one.init_priv, suite)
  await expectPair(keyPackage.leafNode.hpkePublicKey, one.encryption_priv, suite)
  const said = new Uint8Array([1, 2, 3])
  const signed = await suite.signature.sign(one.signature_priv, said)
  expect(await suite.signature.verify(keyPackage.leafNode.signaturePublicKey, said, signed)).toBe(true)
  const secret = {
    initPrivateKey: one.init_priv,
    hpkePrivateKey: one.encryption_priv,
    signaturePrivateKey: one.signature_priv,
  }
  const tree = one.ratchet_tree ? decoded(decodeRatchetTree, one.ratchet_tree) : undefined
  return joinGroup(welcome.welcome, keyPackage, secret, makePskIndex(undefined, psks), suite, tree)
}

async function take(state: ClientState, bytes: Bytes, { psks, suite }: Held): Promise<ClientState> {
  const message = decoded(decodeMlsMessage, bytes)
  const index = makePskIndex(state, psks)
  if (message.wireformat === 'mls_private_message') {
    return (await processPrivateMessage(state, message.privateMessage, index, suite)).newState
  }
  if (message.wireformat !== 'mls_public_message') throw new Error('neither a proposal nor a commit')
  expect(equal(message.publicMessage.content.groupId, state.groupContext.groupId)).toBe(true)
  return (await processPublicMessage(state, message.publicMessage, index, suite)).newState
}

export const PASSIVE_VECTORS: readonly VectorFile[] = ['welcome', 'handling-commit', 'random'].map((name) =>
  vectorFile(`passive-client-${name}.json`, scenario, follow),
)
