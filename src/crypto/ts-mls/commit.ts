import {
  addHistoricalReceiverData,
  applyProposals,
  type ApplyProposalsResult,
  type ClientState,
} from 'ts-mls/clientState.js'
import type { Commit } from 'ts-mls/commit.js'
import { createGroupInfoWithRatchetTree } from 'ts-mls/createCommit.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { createContentCommitSignature } from 'ts-mls/framedContent.js'
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js'
import { protect, type ProtectResult } from 'ts-mls/messageProtection.js'
import type { PrivateMessage } from 'ts-mls/privateMessage.js'
import type { Proposal } from 'ts-mls/proposal.js'
import type { ProposalOrRefProposal } from 'ts-mls/proposalOrRefType.js'
import type { PskIndex } from 'ts-mls/pskIndex.js'
import { createSecretTree } from 'ts-mls/secretTree.js'
import { leafWidth } from 'ts-mls/treemath.js'
import { firstCommonAncestor } from 'ts-mls/updatePath.js'
import { encryptGroupInfo, encryptGroupSecrets, type Welcome } from 'ts-mls/welcome.js'
import { newPath, nextEpoch, ownLeaf, type Added, type Epoch, type Path, type Signed } from './epoch.ts'
import { SUITE } from './provider.ts'

export interface Committed {
  readonly state: ClientState
  readonly commit: PrivateMessage
  readonly welcome: Welcome | undefined
  readonly consumed: Uint8Array[]
}

type Inline = ProposalOrRefProposal[]

/**
 * Makes a commit (RFC 9420 §12.4) of inline proposals out of the parts of the library, and always with a path. Its own
 * createCommit leaves the path out when only somebody is added: where all others were removed before, the removed
 * would know every secret of the next epoch. It also judges lifetimes by a clock that is not ours.
 */
export async function makeCommit(
  state: ClientState,
  proposals: Proposal[],
  { suite, psks }: { suite: CiphersuiteImpl; psks: PskIndex },
): Promise<Committed> {
  const inline: Inline = proposals.map((proposal) => ({ proposalOrRefType: 'proposal', proposal }))
  const applied = await applyProposals(state, inline, ownLeaf(state), psks, false, suite)
  const added = addedBy(applied)
  const path = await newPath(state, { tree: applied.tree, added }, suite)
  const content = await sign(state, { proposals: inline, path: path.update }, suite)
  const epoch = await nextEpoch(state, { content, path, pskSecret: applied.pskSecret }, suite)
  const sealed = await seal(state, { ...content, confirmationTag: epoch.confirmationTag }, suite)
  const welcome = await welcomeTo(added, { state, applied, path, epoch }, suite)
  const { groupContext, keySchedule, confirmationTag, encryptionSecret } = epoch
  const [historicalReceiverData] = addHistoricalReceiverData(state)
  const after: ClientState = {
    ...{ groupContext, keySchedule, confirmationTag, historicalReceiverData },
    ratchetTree: path.tree,
    secretTree: await createSecretTree(leafWidth(path.tree.length), encryptionSecret, suite.kdf),
    privatePath: path.privatePath,
    unappliedProposals: {},
    signaturePrivateKey: state.signaturePrivateKey,
    groupActiveState: { kind: 'active' },
    clientConfig: state.clientConfig,
  }
  const consumed = [...sealed.consumed, ...epoch.consumed, ...path.consumed, state.keySchedule.initSecret]
  return { state: after, commit: sealed.privateMessage, welcome, consumed }
}

function addedBy({ additionalResult }: ApplyProposalsResult): Added {
  if (additionalResult.kind !== 'memberCommit') throw new TypeError('we only add and remove')
  return additionalResult.addedLeafNodes
}

function sign(state: ClientState, commit: Commit, suite: CiphersuiteImpl): Promise<Signed> {
  const sender = { senderType: 'member' as const, leafIndex: ownLeaf(state) }
  const { groupContext, signaturePrivateKey } = state
  return createContentCommitSignature(
    groupContext,
    'mls_private_message',
    commit,
    sender,
    new Uint8Array(),
    signaturePrivateKey,
    suite.signature,
  )
}

function seal(
  state: ClientState,
  { framedContent, signature, confirmationTag }: Signed & { confirmationTag: Uint8Array },
  suite: CiphersuiteImpl,
): Promise<ProtectResult> {
  const auth = { contentType: 'commit' as const, signature, confirmationTag }
  const { groupContext, keySchedule, secretTree, clientConfig } = state
  return protect(
    keySchedule.senderDataSecret,
    framedContent.authenticatedData,
    groupContext,
    secretTree,
    { ...framedContent, auth },
    ownLeaf(state),
    clientConfig.paddingConfig,
    suite,
  )
}

/** RFC 9420 §12.4.3.1: one for all who are added. */
async function welcomeTo(
  added: Added,
  {
    state,
    applied,
    path,
    epoch,
  }: { state: ClientState; applied: ApplyProposalsResult; path: Path; epoch: Epoch },
  suite: CiphersuiteImpl,
): Promise<Welcome | undefined> {
  if (added.length === 0) return undefined
  const info = await createGroupInfoWithRatchetTree(
    epoch.groupContext,
    epoch.confirmationTag,
    state,
    path.tree,
    [],
    suite,
  )
  const encryptedGroupInfo = await encryptGroupInfo(info, epoch.welcomeSecret, suite)
  const secrets = added.map(async ([leaf, keyPackage]) => {
    const meeting = firstCommonAncestor(path.tree, leaf, ownLeaf(state))
    const pathSecret = path.secrets.find(({ nodeIndex }) => nodeIndex === meeting)?.secret
    const shared = { joinerSecret: epoch.joinerSecret, pathSecret, psks: applied.pskIds }
    const key = await suite.hpke.importPublicKey(keyPackage.initKey)
    const { enc, ct } = await encryptGroupSecrets(key, encryptedGroupInfo, shared, suite.hpke)
    const newMember = await makeKeyPackageRef(keyPackage, suite.hash)
    return { newMember, encryptedGroupSecrets: { kemOutput: enc, ciphertext: ct } }
  })
  return { cipherSuite: SUITE, secrets: await Promise.all(secrets), encryptedGroupInfo }
}
