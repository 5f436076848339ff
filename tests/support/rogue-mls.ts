import { decodeGroupState, type ClientState } from 'ts-mls/clientState.js'
import { defaultClientConfig, type ClientConfig } from 'ts-mls/clientConfig.js'
import { createCommit, type CreateCommitOptions } from 'ts-mls/createCommit.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { decodeGroupInfo, encodeGroupInfo, signGroupInfo, type GroupInfo } from 'ts-mls/groupInfo.js'
import { signKeyPackage, type KeyPackage, type KeyPackageTBS } from 'ts-mls/keyPackage.js'
import { signLeafNodeKeyPackage, type LeafNodeTBSKeyPackage } from 'ts-mls/leafNode.js'
import { encodeMlsMessage, type MlsMessageContent } from 'ts-mls/message.js'
import type { Proposal } from 'ts-mls/proposal.js'
import type { PskIndex } from 'ts-mls/pskIndex.js'
import { emptyPskIndex } from 'ts-mls/pskIndex.js'
import { concat, type Bytes } from '../../src/core/bytes.ts'
import { createSigner, deriveIdentity } from '../../src/crypto/identity.ts'
import type { MlsState, OwnKeyPackage } from '../../src/crypto/mls.ts'
import { createMls } from '../../src/crypto/ts-mls.ts'
import { makeCommit } from '../../src/crypto/ts-mls/commit.ts'
import { handleOf, SUITE, suiteOf } from '../../src/crypto/ts-mls/provider.ts'
import { capabilities, credential, lifetimeAt } from '../../src/crypto/ts-mls/rules.ts'
import type { MlsPerson } from './mls-member.ts'

/** Somebody who has the library and keeps to none of our rules. */
export interface Rogue extends MlsPerson {
  readonly suite: CiphersuiteImpl
  readonly handle: Bytes
}

/** Lets everything through, and is as short-sighted as the library is by itself. */
const lenient: ClientConfig = {
  ...defaultClientConfig,
  paddingConfig: { kind: 'alwaysPad', paddingLength: 0 },
}

/** The same number is the same person as anywhere else. */
export async function rogue(n: number, now: () => number = Date.now): Promise<Rogue> {
  const secrets = deriveIdentity(new Uint8Array(16).fill(n))
  const signer = await createSigner(secrets)
  const mls = createMls(signer, { now })
  return { identity: secrets.identity, mls, suite: await suiteOf(signer), handle: handleOf(signer) }
}

/** What the library holds of a group. */
export function inside(state: MlsState): ClientState {
  const [group] = decodeGroupState(state.slice(), 0) ?? []
  if (!group) throw new Error('this is no state')
  return { ...group, clientConfig: lenient }
}

export function wrapped(content: MlsMessageContent): Bytes {
  return new Uint8Array(encodeMlsMessage({ ...content, version: 'mls10' }))
}

/** What a key package may say although it should not. */
export interface Twist {
  readonly leaf?: Partial<LeafNodeTBSKeyPackage>
  readonly keyPackage?: Partial<KeyPackageTBS>
}

export interface Forged extends OwnKeyPackage {
  readonly keyPackage: KeyPackage
}

/** A key package that is signed as it should be, whatever it says. */
export async function forgedKeyPackage({ suite, handle }: Rogue, twist: Twist = {}): Promise<Forged> {
  const { hpke, signature } = suite
  const [init, own] = [await hpke.generateKeyPair(), await hpke.generateKeyPair()]
  const leaf: LeafNodeTBSKeyPackage = {
    ...{ credential, capabilities, leafNodeSource: 'key_package', signaturePublicKey: handle },
    ...{ hpkePublicKey: await hpke.exportPublicKey(own.publicKey), extensions: [] },
    lifetime: lifetimeAt(Date.now()),
    ...twist.leaf,
  }
  const tbs: KeyPackageTBS = {
    ...{ version: 'mls10', cipherSuite: SUITE, extensions: [] },
    initKey: await hpke.exportPublicKey(init.publicKey),
    leafNode: await signLeafNodeKeyPackage(leaf, handle, signature),
    ...twist.keyPackage,
  }
  const keyPackage = await signKeyPackage(tbs, handle, signature)
  const kept = concat(
    await hpke.exportPrivateKey(init.privateKey),
    await hpke.exportPrivateKey(own.privateKey),
  )
  return { keyPackage, kept, shown: wrapped({ wireformat: 'mls_key_package', keyPackage }) }
}

/** A suite that seals something else than the secrets it is given, for who is added or for who stays. */
export function sealing(
  { suite }: Rogue,
  label: 'Welcome' | 'UpdatePathNode',
  change: (plain: Uint8Array) => Uint8Array,
): CiphersuiteImpl {
  const prefix = new TextEncoder().encode(`MLS 1.0 ${label}`).join()
  const seal: CiphersuiteImpl['hpke']['seal'] = (...[to, plain, info, aad]) => {
    const named = info.slice(1, 1 + 'MLS 1.0 '.length + label.length).join() === prefix
    return suite.hpke.seal(to, named ? change(plain) : plain, info, aad)
  }
  return { ...suite, hpke: { ...suite.hpke, seal } }
}

/** A suite that lets somebody change the GroupInfo of a welcome before it is sealed, and signs it again. */
export function rewriting({ suite, handle }: Rogue, change: (info: GroupInfo) => GroupInfo): CiphersuiteImpl {
  const { hpke, signature } = suite
  const encryptAead: typeof hpke.encryptAead = async (...[key, nonce, aad, plain]) => {
    // Only a GroupInfo is sealed without further data.
    const info = aad ? undefined : decodeGroupInfo(plain, 0)?.[0]
    const changed = info && (await signGroupInfo(change(info), handle, signature))
    return hpke.encryptAead(key, nonce, aad, changed ? encodeGroupInfo(changed) : plain)
  }
  return { ...suite, hpke: { ...hpke, encryptAead } }
}

export interface ForgedCommit {
  readonly state: ClientState
  readonly commit: Bytes
  readonly welcome: Bytes
}

/** A commit of whatever is asked for, with a path, by whoever asks. */
export async function forgedCommit(
  { suite }: Pick<Rogue, 'suite'>,
  state: ClientState,
  { proposals, psks = emptyPskIndex }: { proposals: Proposal[]; psks?: PskIndex },
): Promise<ForgedCommit> {
  const made = await makeCommit(state, proposals, { suite, psks })
  const { commit, welcome } = made
  return {
    state: made.state,
    commit: wrapped({ wireformat: 'mls_private_message', privateMessage: commit }),
    welcome: welcome ? wrapped({ wireformat: 'mls_welcome', welcome }) : new Uint8Array(),
  }
}

/** A commit as the library makes it by itself. */
export async function libraryCommit(
  { suite }: Rogue,
  state: ClientState,
  options: CreateCommitOptions = {},
): Promise<ForgedCommit> {
  const made = await createCommit({ state, cipherSuite: suite }, { ratchetTreeExtension: true, ...options })
  return {
    state: made.newState,
    commit: wrapped(made.commit),
    welcome: made.welcome ? wrapped({ wireformat: 'mls_welcome', welcome: made.welcome }) : new Uint8Array(),
  }
}

/** Key packages that the library would add to a group and we do not. */
export const TWISTS: readonly (readonly [string, Twist])[] = [
  [
    'an identity that is not the key',
    { leaf: { credential: { credentialType: 'basic', identity: new Uint8Array(33) } } },
  ],
  ['grease', { leaf: { capabilities: { ...capabilities, proposals: [0x0a0a] } } }],
  [
    'a second suite',
    { leaf: { capabilities: { ...capabilities, ciphersuites: [SUITE, '2570' as typeof SUITE] } } },
  ],
  [
    'an extension of the leaf',
    { leaf: { extensions: [{ extensionType: 'application_id', extensionData: new Uint8Array(1) }] } },
  ],
  [
    'an extension of the key package',
    { keyPackage: { extensions: [{ extensionType: 'application_id', extensionData: new Uint8Array(1) }] } },
  ],
]
