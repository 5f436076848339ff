import { nextEpochContext, type ClientState } from 'ts-mls/clientState.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { createConfirmationTag, type createContentCommitSignature } from 'ts-mls/framedContent.js'
import type { GroupContext } from 'ts-mls/groupContext.js'
import type { KeyPackage } from 'ts-mls/keyPackage.js'
import { initializeEpoch, type KeySchedule } from 'ts-mls/keySchedule.js'
import { getCommitSecret, pathToPathSecrets } from 'ts-mls/pathSecrets.js'
import {
  mergePrivateKeyPaths,
  toPrivateKeyPath,
  updateLeafKey,
  type PrivateKeyPath,
} from 'ts-mls/privateKeyPath.js'
import type { RatchetTree } from 'ts-mls/ratchetTree.js'
import { treeHashRoot } from 'ts-mls/treeHash.js'
import { leafToNodeIndex, toLeafIndex, toNodeIndex, type LeafIndex } from 'ts-mls/treemath.js'
import { createUpdatePath, type PathSecret, type UpdatePath } from 'ts-mls/updatePath.js'

/** Who is added, and at which leaf. */
export type Added = [LeafIndex, KeyPackage][]

/** A commit with its signature. */
export type Signed = Awaited<ReturnType<typeof createContentCommitSignature>>

export function ownLeaf(state: ClientState): LeafIndex {
  return toLeafIndex(state.privatePath.leafIndex)
}

/** New keys for the committer and all nodes above him. */
export interface Path {
  readonly tree: RatchetTree
  readonly update: UpdatePath
  readonly secrets: PathSecret[]
  readonly privatePath: PrivateKeyPath
  readonly commitSecret: Uint8Array
  readonly consumed: Uint8Array[]
}

/** RFC 9420 §7.4–7.5. Who is added has the secret of his node from the welcome, not from the path. */
export async function newPath(
  state: ClientState,
  { tree, added }: { tree: RatchetTree; added: Added },
  suite: CiphersuiteImpl,
): Promise<Path> {
  const own = ownLeaf(state)
  const excluded = added.map(([leaf]) => leafToNodeIndex(leaf))
  const { groupContext, signaturePrivateKey } = state
  const [grown, update, secrets, leafKey] = await createUpdatePath(
    tree,
    own,
    groupContext,
    signaturePrivateKey,
    suite,
    excluded,
  )
  const leafPath = updateLeafKey(state.privatePath, await suite.hpke.exportPrivateKey(leafKey))
  const nodePath = await toPrivateKeyPath(pathToPathSecrets(secrets), own, suite)
  const top = secrets.at(-1)
  const commitSecret = top
    ? await getCommitSecret(grown, toNodeIndex(top.nodeIndex), top.secret, suite.kdf)
    : // We are alone: nobody has to be able to follow, and nobody who was removed must be.
      suite.rng.randomBytes(suite.kdf.size)
  return {
    ...{ tree: grown, update, secrets, commitSecret },
    privatePath: mergePrivateKeyPaths(leafPath, nodePath),
    consumed: [commitSecret, ...secrets.map(({ secret }) => secret)],
  }
}

export interface Epoch {
  readonly groupContext: GroupContext
  readonly keySchedule: KeySchedule
  readonly confirmationTag: Uint8Array
  readonly joinerSecret: Uint8Array
  readonly welcomeSecret: Uint8Array
  readonly encryptionSecret: Uint8Array
  readonly consumed: Uint8Array[]
}

/** The key schedule (RFC 9420 §8). */
export async function nextEpoch(
  state: ClientState,
  { content, path, pskSecret }: { content: Signed; path: Path; pskSecret: Uint8Array },
  { hash, kdf }: CiphersuiteImpl,
): Promise<Epoch> {
  const { framedContent, signature } = content
  const treeHash = await treeHashRoot(path.tree, hash)
  const groupContext = await nextEpochContext(
    state.groupContext,
    'mls_private_message',
    framedContent,
    signature,
    treeHash,
    state.confirmationTag,
    hash,
  )
  const { initSecret } = state.keySchedule
  const made = await initializeEpoch(initSecret, path.commitSecret, groupContext, pskSecret, kdf)
  const { keySchedule, joinerSecret, welcomeSecret, encryptionSecret } = made
  const transcript = groupContext.confirmedTranscriptHash
  const confirmationTag = await createConfirmationTag(keySchedule.confirmationKey, transcript, hash)
  const consumed = [joinerSecret, welcomeSecret, encryptionSecret]
  return {
    groupContext,
    keySchedule,
    confirmationTag,
    joinerSecret,
    welcomeSecret,
    encryptionSecret,
    consumed,
  }
}
