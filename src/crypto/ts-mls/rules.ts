import { encodeCapabilities, type Capabilities } from 'ts-mls/capabilities.js'
import type { ClientConfig } from 'ts-mls/clientConfig.js'
import type { Credential } from 'ts-mls/credential.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { defaultKeyPackageEqualityConfig } from 'ts-mls/keyPackageEqualityConfig.js'
import { verifyKeyPackage, type KeyPackage } from 'ts-mls/keyPackage.js'
import { verifyLeafNodeSignatureKeyPackage, type LeafNode } from 'ts-mls/leafNode.js'
import type { Lifetime } from 'ts-mls/lifetime.js'
import { getHpkePublicKey, type RatchetTree } from 'ts-mls/ratchetTree.js'
import { equal, toHex } from '../../core/bytes.ts'
import { identityKey, type IdentityKey } from '../../core/ids.ts'
import { SUITE } from './provider.ts'

const DAY = 86_400
const KEY = 32

/** The signature key is the person. Other first bytes are left for other kinds, such as a device below a person. */
export const credential: Credential = { credentialType: 'basic', identity: new Uint8Array([0]) }

/** No grease: nobody has anything else, and it would cost 45 bytes in each leaf. */
export const capabilities: Capabilities = {
  versions: ['mls10'],
  ciphersuites: [SUITE],
  extensions: [],
  proposals: [],
  credentials: ['basic'],
}
const CAPABILITIES = encodeCapabilities(capabilities)

/** Good from a day ago, for clocks differ, for 28 days. `now` in milliseconds; the result in seconds. */
export function lifetimeAt(now: number): Lifetime {
  const seconds = Math.floor(now / 1000)
  return { notBefore: BigInt(seconds - DAY), notAfter: BigInt(seconds + 28 * DAY) }
}

/** RFC 9420 §7.2: also nobody gives himself a longer life than ours. */
function inForce({ notBefore, notAfter }: Lifetime, now: number): boolean {
  const seconds = BigInt(Math.floor(now / 1000))
  return notBefore <= seconds && seconds <= notAfter && notAfter - notBefore <= 29 * DAY
}

export const config: ClientConfig = {
  // Whoever was away catches up with 2000 messages of one sender, and messages overtake each other by up to 1000.
  keyRetentionConfig: {
    retainKeysForGenerations: 1000,
    retainKeysForEpochs: 4,
    maximumForwardRatchetSteps: 2000,
  },
  // Only a key package that is about to be added has to be in force: leaves stay in the tree for longer.
  lifetimeConfig: { maximumTotalLifetime: BigInt(29 * DAY), validateLifetimeOnReceive: false },
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: { kind: 'alwaysPad', paddingLength: 0 },
  authService: {
    validateCredential: (shown, key) => Promise.resolve(key.length === KEY && isOurs(shown)),
  },
}

function isOurs(shown: Credential): boolean {
  return shown.credentialType === 'basic' && equal(shown.identity, new Uint8Array([0]))
}

/** Only of a leaf that passed `leafIsSound`. */
export function identityOf(leaf: LeafNode): IdentityKey {
  return identityKey(toHex(leaf.signaturePublicKey))
}

/** A leaf (RFC 9420 §7.2) that can do what ours can, and nothing else. */
export function leafIsSound(leaf: LeafNode): boolean {
  return (
    isOurs(leaf.credential) &&
    leaf.signaturePublicKey.length === KEY &&
    leaf.hpkePublicKey.length === KEY &&
    leaf.extensions.length === 0 &&
    equal(encodeCapabilities(leaf.capabilities), CAPABILITIES)
  )
}

/** A key package (RFC 9420 §10.1), but for its signatures and for the time. */
export function keyPackageFits(shown: KeyPackage): boolean {
  return (
    shown.version === 'mls10' &&
    shown.cipherSuite === SUITE &&
    shown.extensions.length === 0 &&
    !equal(shown.initKey, shown.leafNode.hpkePublicKey) &&
    leafIsSound(shown.leafNode)
  )
}

/** What must hold before somebody is added by this key package. */
export async function keyPackageIsGood(
  shown: KeyPackage,
  { suite, now }: { suite: CiphersuiteImpl; now: number },
): Promise<boolean> {
  return (
    keyPackageFits(shown) &&
    inForce(shown.leafNode.lifetime, now) &&
    (await canBeSealedFor(shown.initKey, suite)) &&
    (await canBeSealedFor(shown.leafNode.hpkePublicKey, suite)) &&
    (await verifyLeafNodeSignatureKeyPackage(shown.leafNode, suite.signature)) &&
    (await verifyKeyPackage(shown, suite.signature))
  )
}

/** RFC 9180 §7.1.4: for a key of low order no commit could be made. Whatever else is wrong with it, it is no key. */
async function canBeSealedFor(key: Uint8Array, { hpke }: CiphersuiteImpl): Promise<boolean> {
  try {
    await hpke.seal(await hpke.importPublicKey(key), new Uint8Array(), new Uint8Array())
    return true
  } catch {
    return false
  }
}

/**
 * RFC 9420 §12.4.3.1: a tree of sound leaves in which nobody and no key is twice. Unmerged leaves outside of the tree
 * would keep the library busy for ever.
 */
export function treeIsSound(tree: RatchetTree): boolean {
  const leaves = leavesOf(tree)
  const keys = tree.flatMap((node) => (node ? [toHex(getHpkePublicKey(node))] : []))
  return (
    leaves.every(leafIsSound) &&
    new Set(leaves.map(identityOf)).size === leaves.length &&
    new Set(keys).size === keys.length &&
    tree.every(
      (node) =>
        node?.nodeType !== 'parent' ||
        node.parent.unmergedLeaves.every((leaf) => tree[2 * leaf]?.nodeType === 'leaf'),
    )
  )
}

export function leavesOf(tree: RatchetTree): LeafNode[] {
  return tree.flatMap((node) => (node?.nodeType === 'leaf' ? [node.leaf] : []))
}

/** The number of somebody's leaf; undefined where he has none. */
export function leafIndexOf(tree: RatchetTree, identity: IdentityKey): number | undefined {
  const node = tree.findIndex((one) => one?.nodeType === 'leaf' && identityOf(one.leaf) === identity)
  return node < 0 ? undefined : node / 2
}

/** Whose leaf that is. */
export function identityAt(tree: RatchetTree, leaf: number): IdentityKey | undefined {
  const node = tree[2 * leaf]
  return node?.nodeType === 'leaf' ? identityOf(node.leaf) : undefined
}

/**
 * RFC 9420 §10: a key package serves once, so its keys are neither those of another one that is added nor any that
 * the group has, also at the leaf of somebody who is taken out and in again.
 */
export function allFresh(added: readonly KeyPackage[], tree: RatchetTree): boolean {
  const known = tree.flatMap((node) => (node ? [toHex(getHpkePublicKey(node))] : []))
  const shown = added.flatMap(({ initKey, leafNode }) => [toHex(initKey), toHex(leafNode.hpkePublicKey)])
  return new Set([...known, ...shown]).size === new Set(known).size + shown.length
}
