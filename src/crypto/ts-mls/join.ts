import { joinGroup, type ClientState } from 'ts-mls/clientState.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { ratchetTreeFromExtension, type GroupInfo } from 'ts-mls/groupInfo.js'
import {
  generateKeyPackageWithKey,
  makeKeyPackageRef,
  type KeyPackage,
  type PrivateKeyPackage,
} from 'ts-mls/keyPackage.js'
import { computePskSecret, type PreSharedKeyID } from 'ts-mls/presharedkey.js'
import type { PskIndex } from 'ts-mls/pskIndex.js'
import { decryptGroupInfo, decryptGroupSecrets, type Welcome } from 'ts-mls/welcome.js'
import { concat, equal, type Bytes } from '../../core/bytes.ts'
import type { IdentityKey } from '../../core/ids.ts'
import type { OwnKeyPackage, Psk } from '../mls.ts'
import { SUITE } from './provider.ts'
import { capabilities, config, credential, identityAt, lifetimeAt, treeIsSound } from './rules.ts'
import { decode, encode } from './wire.ts'

const KEY = 32

/** A key package with both halves. */
export interface OwnKeys {
  readonly keyPackage: KeyPackage
  readonly secret: PrivateKeyPackage
}

/** RFC 9420 §10. `handle` stands for the key that signs. */
export async function newKeys(handle: Bytes, now: number, suite: CiphersuiteImpl): Promise<OwnKeys> {
  const made = await generateKeyPackageWithKey(
    credential,
    capabilities,
    lifetimeAt(now),
    [],
    { signKey: handle, publicKey: handle },
    suite,
  )
  return { keyPackage: made.publicPackage, secret: made.privatePackage }
}

/** Kept are the private init key and the private key of the leaf. */
export function encodeKeys({ keyPackage, secret }: OwnKeys): OwnKeyPackage {
  return {
    shown: encode({ wireformat: 'mls_key_package', keyPackage }),
    kept: concat(secret.initPrivateKey, secret.hpkePrivateKey),
  }
}

/** Throws for anything but a key package that we made. */
export function decodeKeys({ shown, kept }: OwnKeyPackage, handle: Bytes): OwnKeys {
  const message = decode(shown)
  if (message?.wireformat !== 'mls_key_package' || kept.length !== 2 * KEY) {
    throw new TypeError('this is no key package of ours')
  }
  const { keyPackage } = message
  if (!equal(keyPackage.leafNode.signaturePublicKey, handle)) {
    throw new TypeError('this is a key package of somebody else')
  }
  const [initPrivateKey, hpkePrivateKey] = [kept.slice(0, KEY), kept.slice(KEY)]
  return { keyPackage, secret: { initPrivateKey, hpkePrivateKey, signaturePrivateKey: handle } }
}

/** RFC 9420 §8.4: an external key with a nonce of its own. */
export function isPsk(shown: PreSharedKeyID, expected: Psk | undefined): boolean {
  if (!expected || shown.psktype !== 'external') return false
  return shown.pskNonce.length === KEY && equal(shown.pskId, expected.id)
}

/** Knows the expected key and no other. */
export function pskIndex(expected: Psk | undefined): PskIndex {
  return { findPsk: (shown) => (isPsk(shown, expected) ? expected?.secret : undefined) }
}

export interface Expected {
  readonly id: Bytes
  readonly organiser: IdentityKey
  readonly psk?: Psk
}

/**
 * RFC 9420 §12.4.3.1. Looks into the welcome before the library does: that joins also a group whose welcome leaves out
 * the pre-shared key, is not the organiser's, or never lets it come to an end.
 */
export async function joinBy(
  welcome: Welcome,
  own: OwnKeys,
  { expected, suite }: { expected: Expected; suite: CiphersuiteImpl },
): Promise<ClientState | undefined> {
  if (welcome.cipherSuite !== SUITE) return undefined
  const info = await groupInfoOf(welcome, own, { psk: expected.psk, suite })
  if (!info || !isExpected(info, expected)) return undefined
  const { keyPackage, secret } = own
  const psks = pskIndex(expected.psk)
  return joinGroup(welcome, keyPackage, secret, psks, suite, undefined, undefined, config)
}

async function groupInfoOf(
  welcome: Welcome,
  { keyPackage, secret }: OwnKeys,
  { psk, suite }: { psk: Psk | undefined; suite: CiphersuiteImpl },
): Promise<GroupInfo | undefined> {
  const key = await suite.hpke.importPrivateKey(secret.initPrivateKey)
  const ref = await makeKeyPackageRef(keyPackage, suite.hash)
  const secrets = await decryptGroupSecrets(key, ref, welcome, suite.hpke)
  if (secrets?.psks.length !== (psk ? 1 : 0)) return undefined
  if (!secrets.psks.every((shown) => isPsk(shown, psk))) return undefined
  const pairs = secrets.psks.map((shown): [PreSharedKeyID, Bytes] => [shown, psk?.secret ?? new Uint8Array()])
  const pskSecret = await computePskSecret(pairs, suite)
  return decryptGroupInfo(welcome, secrets.joinerSecret, pskSecret, suite)
}

/** The organiser sits at the first leaf, for he made the group and nobody can take him out. */
function isExpected(info: GroupInfo, { id, organiser }: Expected): boolean {
  const tree = ratchetTreeFromExtension(info)
  if (!tree || !treeIsSound(tree) || identityAt(tree, 0) !== organiser) return false
  return (
    equal(info.groupContext.groupId, id) &&
    info.groupContext.extensions.length === 0 &&
    info.extensions.length === 1 &&
    info.signer === 0
  )
}
