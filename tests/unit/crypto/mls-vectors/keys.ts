import { decodeAuthenticatedContent } from 'ts-mls/authenticatedContent.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { refhash } from 'ts-mls/crypto/hash.js'
import { decryptWithLabel, encryptWithLabel } from 'ts-mls/crypto/hpke.js'
import { deriveSecret, deriveTreeSecret, expandWithLabel } from 'ts-mls/crypto/kdf.js'
import { signWithLabel, verifyWithLabel } from 'ts-mls/crypto/signature.js'
import { encodeGroupContext } from 'ts-mls/groupContext.js'
import { initializeEpoch, mlsExporter } from 'ts-mls/keySchedule.js'
import { computePskSecret, type PreSharedKeyID } from 'ts-mls/presharedkey.js'
import {
  createSecretTree,
  deriveKey,
  deriveNonce,
  ratchetUntil,
  type GenerationSecret,
} from 'ts-mls/secretTree.js'
import { expandSenderDataKey, expandSenderDataNonce } from 'ts-mls/sender.js'
import { createConfirmedHash, createInterimHash } from 'ts-mls/transcriptHash.js'
import * as v from 'valibot'
import { expect } from 'vitest'
import type { Bytes } from '../../../../src/core/bytes.ts'
import { config } from '../../../../src/crypto/ts-mls/rules.ts'
import { decoded, expectBytes, groupContext, hex, vectorFile, type VectorFile } from './vector.ts'

const text = v.string()
const number = v.number()

const cryptoBasics = vectorFile(
  'crypto-basics.json',
  v.object({
    ref_hash: v.object({ label: text, value: hex, out: hex }),
    expand_with_label: v.object({ secret: hex, label: text, context: hex, length: number, out: hex }),
    derive_secret: v.object({ secret: hex, label: text, out: hex }),
    derive_tree_secret: v.object({ secret: hex, label: text, generation: number, length: number, out: hex }),
    sign_with_label: v.object({ priv: hex, pub: hex, content: hex, label: text, signature: hex }),
    encrypt_with_label: v.object({
      ...{ priv: hex, pub: hex, label: text, context: hex },
      ...{ plaintext: hex, kem_output: hex, ciphertext: hex },
    }),
  }),
  async (one, suite) => {
    const { hash, kdf, hpke, signature } = suite
    const { ref_hash: ref, expand_with_label: expand, derive_secret: derive } = one
    expectBytes(await refhash(ref.label, ref.value, hash), ref.out)
    const { secret, label, context, length } = expand
    expectBytes(await expandWithLabel(secret, label, context, length, kdf), expand.out)
    expectBytes(await deriveSecret(derive.secret, derive.label, kdf), derive.out)
    const tree = one.derive_tree_secret
    const found = deriveTreeSecret(tree.secret, tree.label, tree.generation, tree.length, kdf)
    expectBytes(await found, tree.out)
    const { sign_with_label: sign, encrypt_with_label: seal } = one
    const ours = await signWithLabel(sign.priv, sign.label, sign.content, signature)
    for (const each of [sign.signature, ours]) {
      expect(await verifyWithLabel(sign.pub, sign.label, sign.content, each, signature)).toBe(true)
    }
    const key = await hpke.importPrivateKey(seal.priv)
    const to = await hpke.importPublicKey(seal.pub)
    const { ct, enc } = await encryptWithLabel(to, seal.label, seal.context, seal.plaintext, hpke)
    for (const [kem, sealed] of [[seal.kem_output, seal.ciphertext] as const, [enc, ct] as const]) {
      expectBytes(await decryptWithLabel(key, seal.label, seal.context, kem, sealed, hpke), seal.plaintext)
    }
  },
)

const epochOfSchedule = v.object({
  ...{ tree_hash: hex, commit_secret: hex, psk_secret: hex, confirmed_transcript_hash: hex },
  ...{ group_context: hex, joiner_secret: hex, welcome_secret: hex, init_secret: hex },
  ...{ sender_data_secret: hex, encryption_secret: hex, exporter_secret: hex, epoch_authenticator: hex },
  ...{ external_secret: hex, confirmation_key: hex, membership_key: hex, resumption_psk: hex },
  ...{ external_pub: hex, exporter: v.object({ label: text, context: hex, length: number, secret: hex }) },
})

const keySchedule = vectorFile(
  'key-schedule.json',
  v.object({ group_id: hex, initial_init_secret: hex, epochs: v.array(epochOfSchedule) }),
  async (one, suite) => {
    let initSecret: Uint8Array = one.initial_init_secret
    for (const [index, epoch] of one.epochs.entries()) {
      const context = groupContext({
        ...{ groupId: one.group_id, epoch: BigInt(index), treeHash: epoch.tree_hash },
        confirmedTranscriptHash: epoch.confirmed_transcript_hash,
      })
      expectBytes(encodeGroupContext(context), epoch.group_context)
      const made = await initializeEpoch(
        initSecret,
        epoch.commit_secret,
        context,
        epoch.psk_secret,
        suite.kdf,
      )
      expectBytes(made.joinerSecret, epoch.joiner_secret)
      expectBytes(made.welcomeSecret, epoch.welcome_secret)
      expectBytes(made.encryptionSecret, epoch.encryption_secret)
      await checkSchedule(made.keySchedule, epoch, suite)
      initSecret = made.keySchedule.initSecret
    }
  },
)

async function checkSchedule(
  found: Awaited<ReturnType<typeof initializeEpoch>>['keySchedule'],
  epoch: v.InferOutput<typeof epochOfSchedule>,
  suite: CiphersuiteImpl,
): Promise<void> {
  expectBytes(found.initSecret, epoch.init_secret)
  expectBytes(found.senderDataSecret, epoch.sender_data_secret)
  expectBytes(found.exporterSecret, epoch.exporter_secret)
  expectBytes(found.externalSecret, epoch.external_secret)
  expectBytes(found.confirmationKey, epoch.confirmation_key)
  expectBytes(found.membershipKey, epoch.membership_key)
  expectBytes(found.resumptionPsk, epoch.resumption_psk)
  expectBytes(found.epochAuthenticator, epoch.epoch_authenticator)
  const { publicKey } = await suite.hpke.deriveKeyPair(epoch.external_secret)
  expectBytes(await suite.hpke.exportPublicKey(publicKey), epoch.external_pub)
  const { label, context, length, secret } = epoch.exporter
  expectBytes(await mlsExporter(found.exporterSecret, label, context, length, suite), secret)
}

const pskSecret = vectorFile(
  'psk_secret.json',
  v.object({ psks: v.array(v.object({ psk_id: hex, psk: hex, psk_nonce: hex })), psk_secret: hex }),
  async ({ psks, psk_secret: wanted }, suite) => {
    const pairs = psks.map(({ psk_id: pskId, psk_nonce: pskNonce, psk }): [PreSharedKeyID, Bytes] => {
      return [{ psktype: 'external', pskId, pskNonce }, psk]
    })
    expectBytes(await computePskSecret(pairs, suite), wanted)
  },
)

const generation = v.object({
  ...{ generation: number, handshake_key: hex, handshake_nonce: hex },
  ...{ application_key: hex, application_nonce: hex },
})

const secretTree = vectorFile(
  'secret-tree.json',
  v.object({
    encryption_secret: hex,
    sender_data: v.object({ sender_data_secret: hex, ciphertext: hex, key: hex, nonce: hex }),
    leaves: v.array(v.array(generation)),
  }),
  async ({ encryption_secret: secret, sender_data: sender, leaves }, suite) => {
    const { sender_data_secret: senderSecret, ciphertext } = sender
    expectBytes(await expandSenderDataKey(suite, senderSecret, ciphertext), sender.key)
    expectBytes(await expandSenderDataNonce(suite, senderSecret, ciphertext), sender.nonce)
    const tree = await createSecretTree(leaves.length, secret, suite.kdf)
    for (const [leaf, generations] of leaves.entries()) {
      const node = tree[2 * leaf]
      if (!node) throw new Error('no such leaf')
      for (const one of generations) {
        const { generation: n } = one
        await checkRatchet(node.handshake, [n, one.handshake_key, one.handshake_nonce], suite)
        await checkRatchet(node.application, [n, one.application_key, one.application_nonce], suite)
      }
    }
  },
)

async function checkRatchet(
  start: GenerationSecret,
  [n, key, nonce]: readonly [number, Bytes, Bytes],
  suite: CiphersuiteImpl,
): Promise<void> {
  const [{ secret }] = await ratchetUntil(start, n, config.keyRetentionConfig, suite.kdf)
  expectBytes(await deriveKey(secret, n, suite), key)
  expectBytes(await deriveNonce(secret, n, suite), nonce)
}

const transcriptHashes = vectorFile(
  'transcript-hashes.json',
  v.object({
    ...{ confirmation_key: hex, authenticated_content: hex, interim_transcript_hash_before: hex },
    ...{ confirmed_transcript_hash_after: hex, interim_transcript_hash_after: hex },
  }),
  async (one, { hash }) => {
    const { wireformat, content, auth } = decoded(decodeAuthenticatedContent, one.authenticated_content)
    if (content.contentType !== 'commit' || auth.contentType !== 'commit') throw new Error('no commit')
    const { confirmed_transcript_hash_after: confirmed, interim_transcript_hash_before: before } = one
    expect(await hash.verifyMac(one.confirmation_key, auth.confirmationTag, confirmed)).toBe(true)
    const input = { wireformat, content, signature: auth.signature }
    expectBytes(await createConfirmedHash(before, input, hash), confirmed)
    const after = createInterimHash(confirmed, auth.confirmationTag, hash)
    expectBytes(await after, one.interim_transcript_hash_after)
  },
)

export const KEY_VECTORS: readonly VectorFile[] = [
  ...[cryptoBasics, keySchedule, pskSecret, secretTree, transcriptHashes],
]
