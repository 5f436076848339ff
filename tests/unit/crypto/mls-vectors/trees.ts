import { applyUpdatePathSecret } from 'ts-mls/createCommit.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { deriveSecret } from 'ts-mls/crypto/kdf.js'
import type { GroupContext } from 'ts-mls/groupContext.js'
import { verifyLeafNodeSignature } from 'ts-mls/leafNode.js'
import { verifyParentHashes } from 'ts-mls/parentHash.js'
import { getCommitSecret } from 'ts-mls/pathSecrets.js'
import { toPrivateKeyPath, type PrivateKeyPath } from 'ts-mls/privateKeyPath.js'
import { decodeProposal, type Proposal } from 'ts-mls/proposal.js'
import {
  addLeafNode,
  decodeRatchetTree,
  encodeRatchetTree,
  getHpkePublicKey,
  removeLeafNode,
  resolution,
  updateLeafNode,
  type RatchetTree,
} from 'ts-mls/ratchetTree.js'
import { treeHash, treeHashRoot } from 'ts-mls/treeHash.js'
import * as math from 'ts-mls/treemath.js'
import { applyUpdatePath, createUpdatePath, decodeUpdatePath, type UpdatePath } from 'ts-mls/updatePath.js'
import * as v from 'valibot'
import { expect } from 'vitest'
import { decoded, expectBytes, expectPair, groupContext, hex, vectorFile, type VectorFile } from './vector.ts'

const number = v.number()
const nodes = v.array(v.nullable(number))

const treeMath = vectorFile(
  'tree-math.json',
  v.object({
    ...{ n_leaves: number, n_nodes: number, root: number },
    ...{ left: nodes, right: nodes, parent: nodes, sibling: nodes },
  }),
  async ({ n_leaves: leaves, n_nodes: width, root, left, right, parent, sibling }) => {
    expect(math.nodeWidth(leaves)).toBe(width)
    expect(math.root(leaves)).toBe(root)
    const check = (wanted: (number | null)[], find: (node: math.NodeIndex) => number): void => {
      for (const [index, one] of wanted.entries()) {
        const found = (): number => find(math.toNodeIndex(index))
        if (one === null) expect(found).toThrow()
        else expect(found()).toBe(one)
      }
    }
    check(left, math.left)
    check(right, math.right)
    check(parent, (node) => math.parent(node, leaves))
    check(sibling, (node) => math.sibling(node, leaves))
  },
)

const treeOperations = vectorFile(
  'tree-operations.json',
  v.object({
    ...{ tree_before: hex, tree_hash_before: hex, tree_after: hex, tree_hash_after: hex },
    ...{ proposal: hex, proposal_sender: number },
  }),
  async (one, { hash }) => {
    const before = decoded(decodeRatchetTree, one.tree_before)
    expectBytes(await treeHashRoot(before, hash), one.tree_hash_before)
    const after = applied(decoded(decodeProposal, one.proposal), before, one.proposal_sender)
    expectBytes(encodeRatchetTree(after), one.tree_after)
    expectBytes(await treeHashRoot(after, hash), one.tree_hash_after)
  },
)

function applied(proposal: Proposal, tree: RatchetTree, sender: number): RatchetTree {
  switch (proposal.proposalType) {
    case 'add':
      return addLeafNode(tree, proposal.add.keyPackage.leafNode)[0]
    case 'update':
      return updateLeafNode(tree, proposal.update.leafNode, math.toLeafIndex(sender))
    case 'remove':
      return removeLeafNode(tree, math.toLeafIndex(proposal.remove.removed))
    default:
      throw new Error('no proposal for the tree')
  }
}

const treeValidation = vectorFile(
  'tree-validation.json',
  v.object({
    ...{ tree: hex, group_id: hex },
    ...{ tree_hashes: v.array(hex), resolutions: v.array(v.array(number)) },
  }),
  async (one, { hash, signature }) => {
    const tree = decoded(decodeRatchetTree, one.tree)
    for (const [index, wanted] of one.tree_hashes.entries()) {
      expectBytes(await treeHash(tree, math.toNodeIndex(index), hash), wanted)
    }
    for (const [index, wanted] of one.resolutions.entries()) {
      expect(resolution(tree, math.toNodeIndex(index))).toEqual(wanted)
    }
    expect(await verifyParentHashes(tree, hash)).toBe(true)
    for (const [index, node] of tree.entries()) {
      if (node?.nodeType !== 'leaf') continue
      expect(await verifyLeafNodeSignature(node.leaf, one.group_id, index / 2, signature)).toBe(true)
    }
  },
)

const privateLeaf = v.object({
  ...{ index: number, encryption_priv: hex, signature_priv: hex },
  path_secrets: v.array(v.object({ node: number, path_secret: hex })),
})
type PrivateLeaf = v.InferOutput<typeof privateLeaf>

const treeKem = vectorFile(
  'treekem.json',
  v.object({
    ...{ group_id: hex, epoch: number, confirmed_transcript_hash: hex, ratchet_tree: hex },
    leaves_private: v.array(privateLeaf),
    update_paths: v.array(
      v.object({
        ...{ sender: number, update_path: hex, commit_secret: hex, tree_hash_after: hex },
        path_secrets: v.array(v.nullable(hex)),
      }),
    ),
  }),
  async (one, suite) => {
    const tree = decoded(decodeRatchetTree, one.ratchet_tree)
    const paths = await Promise.all(one.leaves_private.map((leaf) => privatePath(leaf, tree, suite)))
    for (const { sender, update_path: encoded, ...wanted } of one.update_paths) {
      const update = decoded(decodeUpdatePath, encoded)
      const after = await applyUpdatePath(tree, math.toLeafIndex(sender), update, suite.hash)
      const hash = await treeHashRoot(after, suite.hash)
      expectBytes(hash, wanted.tree_hash_after)
      const { group_id: groupId, confirmed_transcript_hash: confirmedTranscriptHash } = one
      const known = { groupId, confirmedTranscriptHash, treeHash: hash }
      const context = groupContext({ ...known, epoch: BigInt(one.epoch) })
      const signer = one.leaves_private.find(({ index }) => index === sender)?.signature_priv ?? hash
      const fresh = await freshPath(after, { sender, signer, context }, suite)
      for (const path of paths) {
        const secret = wanted.path_secrets[path.leafIndex]
        expect(secret === null).toBe(path.leafIndex === sender)
        if (!secret) continue
        const receive = { tree, path, sender: math.toLeafIndex(sender) }
        const known = await received(receive, { update, context }, suite)
        expectBytes(known.pathSecret, secret)
        expectBytes(known.commitSecret, wanted.commit_secret)
        expectBytes((await received(receive, fresh, suite)).commitSecret, fresh.commitSecret)
      }
    }
  },
)

/** All private keys of somebody, each checked against the tree. */
async function privatePath(
  { index, encryption_priv: own, path_secrets: secrets }: PrivateLeaf,
  tree: RatchetTree,
  suite: CiphersuiteImpl,
): Promise<PrivateKeyPath> {
  const known = Object.fromEntries(secrets.map(({ node, path_secret: secret }) => [node, secret]))
  const { privateKeys } = await toPrivateKeyPath(known, index, suite)
  const all = { ...privateKeys, [2 * index]: own }
  for (const [node, key] of Object.entries(all)) {
    const found = tree[Number(node)]
    if (!found) throw new Error('a key for a blank node')
    await expectPair(getHpkePublicKey(found), key, suite)
  }
  return { leafIndex: index, privateKeys: all }
}

interface Sent {
  readonly update: UpdatePath
  readonly context: GroupContext
}

/** A path of our own from the same sender. */
async function freshPath(
  tree: RatchetTree,
  { sender, signer, context }: { sender: number; signer: Uint8Array; context: GroupContext },
  suite: CiphersuiteImpl,
): Promise<Sent & { commitSecret: Uint8Array }> {
  const from = math.toLeafIndex(sender)
  const [after, update, secrets] = await createUpdatePath(tree, from, context, signer, suite)
  const commitSecret = await deriveSecret(secrets.at(-1)?.secret ?? new Uint8Array(), 'path', suite.kdf)
  const treeHash = await treeHashRoot(after, suite.hash)
  return { update, commitSecret, context: { ...context, treeHash, epoch: context.epoch + 1n } }
}

async function received(
  { tree, path, sender }: { tree: RatchetTree; path: PrivateKeyPath; sender: math.LeafIndex },
  { update, context }: Sent,
  suite: CiphersuiteImpl,
): Promise<{ pathSecret: Uint8Array; commitSecret: Uint8Array }> {
  const found = await applyUpdatePathSecret(tree, path, sender, context, update, [], suite)
  const { nodeIndex, pathSecret } = found
  return { pathSecret, commitSecret: await getCommitSecret(tree, nodeIndex, pathSecret, suite.kdf) }
}

export const TREE_VECTORS: readonly VectorFile[] = [treeMath, treeOperations, treeValidation, treeKem]
