import { determineLength } from 'ts-mls/codec/variableLength.js'
import type { Decoder } from 'ts-mls/codec/tlsDecoder.js'
import type { Encoder } from 'ts-mls/codec/tlsEncoder.js'
import { decodeCommit, encodeCommit } from 'ts-mls/commit.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { FramedContent } from 'ts-mls/framedContent.js'
import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js'
import { decodeGroupSecrets, encodeGroupSecrets } from 'ts-mls/groupSecrets.js'
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js'
import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from 'ts-mls/message.js'
import { protectApplicationData, protectProposal, unprotectPrivateMessage } from 'ts-mls/messageProtection.js'
import { unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js'
import type { PrivateMessage } from 'ts-mls/privateMessage.js'
import * as proposal from 'ts-mls/proposal.js'
import { decodeRatchetTree, encodeRatchetTree, type RatchetTree } from 'ts-mls/ratchetTree.js'
import { createSecretTree } from 'ts-mls/secretTree.js'
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js'
import * as v from 'valibot'
import { expect } from 'vitest'
import type { Bytes } from '../../../../src/core/bytes.ts'
import { capabilities, config, credential } from '../../../../src/crypto/ts-mls/rules.ts'
import { decoded, expectBytes, groupContext, hex, vectorFile, type VectorFile } from './vector.ts'

const deserialization = vectorFile(
  'deserialization.json',
  v.object({ vlbytes_header: hex, length: v.number() }),
  async ({ vlbytes_header: header, length }) => {
    expect(determineLength(header).length).toBe(length)
  },
)

function roundTrip<T>(decode: Decoder<T>, encode: Encoder<T>): (bytes: Bytes) => void {
  return (bytes) => expectBytes(encode(decoded(decode, bytes)), bytes)
}

const message = roundTrip(decodeMlsMessage, encodeMlsMessage)
const codecs = {
  mls_welcome: message,
  mls_group_info: message,
  mls_key_package: message,
  public_message_application: message,
  public_message_proposal: message,
  public_message_commit: message,
  private_message: message,
  ratchet_tree: roundTrip(decodeRatchetTree, encodeRatchetTree),
  group_secrets: roundTrip(decodeGroupSecrets, encodeGroupSecrets),
  commit: roundTrip(decodeCommit, encodeCommit),
  add_proposal: roundTrip(proposal.decodeAdd, proposal.encodeAdd),
  update_proposal: roundTrip(proposal.decodeUpdate, proposal.encodeUpdate),
  remove_proposal: roundTrip(proposal.decodeRemove, proposal.encodeRemove),
  pre_shared_key_proposal: roundTrip(proposal.decodePSK, proposal.encodePSK),
  re_init_proposal: roundTrip(proposal.decodeReinit, proposal.encodeReinit),
  external_init_proposal: roundTrip(proposal.decodeExternalInit, proposal.encodeExternalInit),
  group_context_extensions_proposal: roundTrip(
    proposal.decodeGroupContextExtensions,
    proposal.encodeGroupContextExtensions,
  ),
}

const messages = vectorFile('messages.json', v.record(v.string(), hex), async (one) => {
  for (const [name, check] of Object.entries(codecs)) {
    const bytes = one[name]
    if (!bytes) throw new Error(`${name} is missing`)
    check(bytes)
  }
})

const protectedMessages = v.object({
  ...{ group_id: hex, epoch: v.number(), tree_hash: hex, confirmed_transcript_hash: hex },
  ...{ signature_priv: hex, signature_pub: hex, encryption_secret: hex, sender_data_secret: hex },
  ...{ membership_key: hex, proposal: hex, proposal_priv: hex, proposal_pub: hex },
  ...{ commit: hex, commit_priv: hex, commit_pub: hex, application: hex, application_priv: hex },
})

const messageProtection = vectorFile('message-protection.json', protectedMessages, async (one, suite) => {
  const context = groupContext({
    ...{ groupId: one.group_id, epoch: BigInt(one.epoch), treeHash: one.tree_hash },
    confirmedTranscriptHash: one.confirmed_transcript_hash,
  })
  const { sender_data_secret: senderSecret, signature_pub: key, signature_priv: signer } = one
  const secrets = () => createSecretTree(2, one.encryption_secret, suite.kdf)
  const open = async (sealed: PrivateMessage): Promise<Uint8Array> => {
    const { keyRetentionConfig: keep } = config
    const from = [senderSecret, sealed, await secrets(), SECOND_LEAF, context, keep, suite, key] as const
    return contentOf((await unprotectPrivateMessage(...from)).content.content)
  }
  for (const [wanted, closed, shown] of [
    [one.application, one.application_priv, undefined],
    [one.proposal, one.proposal_priv, one.proposal_pub],
    [one.commit, one.commit_priv, one.commit_pub],
  ] as const) {
    expectBytes(await open(privateMessageIn(closed)), wanted)
    if (!shown) continue
    const from = [one.membership_key, context, [], publicMessageIn(shown), suite, key] as const
    const [mac, inGroup, tree, ...rest] = from
    expectBytes(contentOf((await unprotectPublicMessage(mac, inGroup, [...tree], ...rest)).content), wanted)
  }
  const { paddingConfig } = config
  const said = await protectApplicationData(
    ...([signer, senderSecret, one.application, new Uint8Array(), context] as const),
    ...([await secrets(), 1, paddingConfig, suite] as const),
  )
  expectBytes(await open(said.privateMessage), one.application)
  const proposed = await protectProposal(
    ...([signer, senderSecret, decoded(proposal.decodeProposal, one.proposal)] as const),
    ...([new Uint8Array(), context, await secrets(), 1, paddingConfig, suite] as const),
  )
  expectBytes(await open(proposed.privateMessage), one.proposal)
})

/** Somebody has to sit at the leaf that sends; who, does not matter. */
const SECOND_LEAF: RatchetTree = [
  undefined,
  undefined,
  {
    nodeType: 'leaf',
    leaf: {
      ...{ leafNodeSource: 'commit', capabilities, credential, extensions: [] },
      ...{ hpkePublicKey: new Uint8Array(), signaturePublicKey: new Uint8Array() },
      ...{ parentHash: new Uint8Array(), signature: new Uint8Array() },
    },
  },
]

function contentOf(content: FramedContent): Uint8Array {
  switch (content.contentType) {
    case 'application':
      return content.applicationData
    case 'proposal':
      return proposal.encodeProposal(content.proposal)
    case 'commit':
      return encodeCommit(content.commit)
  }
}

function messageIn<W extends MLSMessage['wireformat']>(
  bytes: Bytes,
  wireformat: W,
): Extract<MLSMessage, { wireformat: W }> {
  const found = decoded(decodeMlsMessage, bytes)
  if (found.wireformat !== wireformat) throw new Error(`expected ${wireformat}`)
  return found as Extract<MLSMessage, { wireformat: W }>
}
const privateMessageIn = (bytes: Bytes) => messageIn(bytes, 'mls_private_message').privateMessage
const publicMessageIn = (bytes: Bytes) => messageIn(bytes, 'mls_public_message').publicMessage

const welcome = vectorFile(
  'welcome.json',
  v.object({ init_priv: hex, signer_pub: hex, key_package: hex, welcome: hex }),
  async (one, suite: CiphersuiteImpl) => {
    const { keyPackage } = messageIn(one.key_package, 'mls_key_package')
    const { welcome } = messageIn(one.welcome, 'mls_welcome')
    const ref = await makeKeyPackageRef(keyPackage, suite.hash)
    const key = await suite.hpke.importPrivateKey(one.init_priv)
    const secrets = await decryptGroupSecrets(key, ref, welcome, suite.hpke)
    if (!secrets) throw new Error('it does not open')
    const psk = new Uint8Array(suite.kdf.size)
    const info = await decryptGroupInfo(welcome, secrets.joinerSecret, psk, suite)
    if (!info) throw new Error('it says nothing')
    expect(await verifyGroupInfoSignature(info, one.signer_pub, suite.signature)).toBe(true)
    expect(await verifyGroupInfoConfirmationTag(info, secrets.joinerSecret, psk, suite)).toBe(true)
  },
)

export const MESSAGE_VECTORS: readonly VectorFile[] = [deserialization, messages, messageProtection, welcome]
