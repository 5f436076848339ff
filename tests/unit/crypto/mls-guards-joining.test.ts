import { createGroup, joinGroup, type ClientState } from 'ts-mls/clientState.js'
import { defaultClientConfig } from 'ts-mls/clientConfig.js'
import type { Extension } from 'ts-mls/extension.js'
import type { GroupInfo } from 'ts-mls/groupInfo.js'
import { decodeGroupSecrets, encodeGroupSecrets, type GroupSecrets } from 'ts-mls/groupSecrets.js'
import { decodeMlsMessage } from 'ts-mls/message.js'
import type { Proposal } from 'ts-mls/proposal.js'
import { emptyPskIndex } from 'ts-mls/pskIndex.js'
import { decodeRatchetTree, encodeRatchetTree, type RatchetTree } from 'ts-mls/ratchetTree.js'
import { createSecretTree } from 'ts-mls/secretTree.js'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import { lifetimeAt, treeIsSound } from '../../../src/crypto/ts-mls/rules.ts'
import { founded, GROUP, grown, type Member } from '../../support/mls-member.ts'
import {
  forgedCommit,
  forgedKeyPackage,
  inside,
  libraryCommit,
  rewriting,
  rogue,
  sealing,
  TWISTS,
  type Forged,
  type Rogue,
  type Twist,
} from '../../support/rogue-mls.ts'

/** Key packages and welcomes that the library takes and we do not. */

const DAY = 86_400_000

let alice: Rogue
let bob: Rogue
let carol: Rogue
let hers: Member

beforeEach(async () => {
  ;[alice, bob, carol] = [await rogue(1), await rogue(2), await rogue(3)]
  hers = await founded(alice)
})

const adding = ({ keyPackage }: Forged): Proposal => ({ proposalType: 'add', add: { keyPackage } })

/** Bob joins by a welcome; also with the library alone, which must let him: else nothing is proved. */
async function join(welcome: Bytes, own: Forged): Promise<{ ours: boolean; theirs: boolean }> {
  const state = await bob.mls.join(welcome, own, { id: GROUP, organiser: alice.identity })
  const theirs = await joinByLibrary(welcome, own)
  return { ours: state !== undefined, theirs: theirs !== undefined }
}

async function joinByLibrary(welcome: Bytes, { keyPackage, kept }: Forged): Promise<ClientState | undefined> {
  const message = decodeMlsMessage(welcome, 0)?.[0]
  if (message?.wireformat !== 'mls_welcome') return undefined
  const [initPrivateKey, hpkePrivateKey] = [kept.slice(0, 32), kept.slice(32)]
  const secret = { initPrivateKey, hpkePrivateKey, signaturePrivateKey: bob.handle }
  return joinGroup(
    message.welcome,
    keyPackage,
    secret,
    emptyPskIndex,
    bob.suite,
    undefined,
    undefined,
    defaultClientConfig,
  )
}

describe('a key package is of our kind', () => {
  test('as it should be', async () => {
    expect(await alice.mls.inspect((await forgedKeyPackage(bob)).shown)).toBe(bob.identity)
  })

  const others: readonly (readonly [string, Twist])[] = [
    ...TWISTS,
    ['certificates', { leaf: { credential: { credentialType: 'x509', certificates: [] } } }],
    ['another suite', { keyPackage: { cipherSuite: 'MLS_128_DHKEMP256_AES128GCM_SHA256_P256' } }],
    ['an init key that is short', { keyPackage: { initKey: new Uint8Array(31).fill(9) } }],
    ['an init key that everybody can open', { keyPackage: { initKey: new Uint8Array(32) } }],
    ['a leaf key that everybody can open', { leaf: { hpkePublicKey: new Uint8Array(32) } }],
    [
      'one key for both',
      {
        keyPackage: { initKey: new Uint8Array(32).fill(9) },
        leaf: { hpkePublicKey: new Uint8Array(32).fill(9) },
      },
    ],
    ['a past life', { leaf: { lifetime: lifetimeAt(Date.now() - 29 * DAY) } }],
    ['a life to come', { leaf: { lifetime: lifetimeAt(Date.now() + 2 * DAY) } }],
    ['eternal life', { leaf: { lifetime: { notBefore: 0n, notAfter: 2n ** 63n } } }],
    ["somebody else's key", { leaf: { signaturePublicKey: new Uint8Array(32).fill(1) } }],
    ['no key', { leaf: { signaturePublicKey: new Uint8Array() } }],
  ]
  test.each(others)('not with %s', async (_, twist) => {
    const { shown } = await forgedKeyPackage(bob, twist)
    expect(await alice.mls.inspect(shown)).toBeUndefined()
    await expect(alice.mls.commit(hers.state, { add: [shown] })).rejects.toThrow(TypeError)
  })

  test('its leaf is signed as well', async () => {
    const { leafNode } = (await forgedKeyPackage(bob)).keyPackage
    const signature = leafNode.signature.with(0, (leafNode.signature[0] ?? 0) ^ 1)
    const { shown } = await forgedKeyPackage(bob, { keyPackage: { leafNode: { ...leafNode, signature } } })
    expect(await alice.mls.inspect(shown)).toBeUndefined()
  })

  test('it is encoded in one way only', async () => {
    const { shown } = await bob.mls.keyPackage()
    // The length of the init key, 32, in two bytes instead of one.
    const at = 4 + 4
    expect(shown[at]).toBe(32)
    const longer = new Uint8Array([...shown.slice(0, at), 0x40, 32, ...shown.slice(at + 1)])
    expect(decodeMlsMessage(longer, 0)?.[0]).toEqual(decodeMlsMessage(shown, 0)?.[0])
    expect(await alice.mls.inspect(longer)).toBeUndefined()
  })
})

describe('a welcome is the organiser’s, to a group like ours', () => {
  test('as it should be', async () => {
    const own = await forgedKeyPackage(bob)
    const { welcome } = await forgedCommit(alice, inside(hers.state), { proposals: [adding(own)] })
    expect(await join(welcome, own)).toEqual({ ours: true, theirs: true })
  })

  test('carol makes a group in which alice seems to sit at the first leaf', async () => {
    const own = await forgedKeyPackage(bob)
    const state = await groupBehind(carol, await forgedKeyPackage(alice))
    const { welcome } = await forgedCommit(carol, state, { proposals: [adding(own)] })
    expect(await join(welcome, own)).toEqual({ ours: false, theirs: true })
  })

  /** A group of which somebody says that another one made it. */
  async function groupBehind({ suite }: Rogue, front: Forged): Promise<ClientState> {
    const own = await forgedKeyPackage(carol)
    const [initPrivateKey, hpkePrivateKey] = [own.kept.slice(0, 32), own.kept.slice(32)]
    const secret = { initPrivateKey, hpkePrivateKey, signaturePrivateKey: carol.handle }
    const made = await createGroup(GROUP, own.keyPackage, secret, [], suite)
    const leaf = (keyPackage: Forged['keyPackage']): RatchetTree[number] => {
      return { nodeType: 'leaf', leaf: keyPackage.leafNode }
    }
    return {
      ...made,
      ratchetTree: [leaf(front.keyPackage), undefined, leaf(own.keyPackage)],
      privatePath: { leafIndex: 1, privateKeys: { 2: hpkePrivateKey } },
      secretTree: await createSecretTree(2, new Uint8Array(32), suite.kdf),
    }
  }

  test('the group has extensions', async () => {
    const own = await forgedKeyPackage(bob)
    const before = inside(hers.state)
    const extensions: Extension[] = [{ extensionType: 'application_id', extensionData: new Uint8Array(1) }]
    const state = { ...before, groupContext: { ...before.groupContext, extensions } }
    const { welcome } = await forgedCommit(alice, state, { proposals: [adding(own)] })
    expect(await join(welcome, own)).toEqual({ ours: false, theirs: true })
  })

  test('its description has extensions', async () => {
    const own = await forgedKeyPackage(bob)
    const { welcome } = await libraryCommit(alice, inside(hers.state), {
      extraProposals: [adding(own)],
      groupInfoExtensions: [{ extensionType: 'external_pub', extensionData: new Uint8Array(32) }],
    })
    expect(await join(welcome, own)).toEqual({ ours: false, theirs: true })
  })

  test.each(TWISTS.filter(([, { leaf }]) => leaf))('a member has %s', async (_, twist) => {
    const own = await forgedKeyPackage(bob)
    const strange = await forgedKeyPackage(carol, twist)
    const proposals = [adding(strange), adding(own)]
    const { welcome } = await forgedCommit(alice, inside(hers.state), { proposals })
    expect(await join(welcome, own)).toEqual({ ours: false, theirs: true })
  })

  const strange: readonly (readonly [string, (secrets: GroupSecrets) => GroupSecrets])[] = [
    ['a short joiner secret', (secrets) => ({ ...secrets, joinerSecret: new Uint8Array(5) })],
    ['no joiner secret', (secrets) => ({ ...secrets, joinerSecret: new Uint8Array() })],
    ['an empty path secret', (secrets) => ({ ...secrets, pathSecret: new Uint8Array() })],
  ]
  test.each(strange)('its secrets are strange: %s', async (_, change) => {
    const own = await forgedKeyPackage(bob)
    const suite = sealing(alice, 'Welcome', (plain) => {
      const [secrets] = decodeGroupSecrets(plain, 0) ?? []
      if (!secrets) throw new Error('no secrets')
      return encodeGroupSecrets(change(secrets))
    })
    const { welcome } = await forgedCommit({ suite }, inside(hers.state), { proposals: [adding(own)] })
    const expected = { id: GROUP, organiser: alice.identity }
    expect(await bob.mls.join(welcome, own, expected)).toBeUndefined()
  })

  test('its tree keeps the library busy until it runs out of memory', async () => {
    const own = await forgedKeyPackage(bob)
    const suite = rewriting(alice, (info) => withTree(info, unmergedNowhere))
    const { welcome } = await forgedCommit({ suite }, inside(hers.state), { proposals: [adding(own)] })
    const expected = { id: GROUP, organiser: alice.identity }
    expect(await bob.mls.join(welcome, own, expected)).toBeUndefined()
  })

  function withTree(info: GroupInfo, change: (tree: RatchetTree) => RatchetTree): GroupInfo {
    const extensions = info.extensions.map((one) => {
      const [tree] = decodeRatchetTree(one.extensionData, 0) ?? [[]]
      return { ...one, extensionData: encodeRatchetTree(change(tree)) }
    })
    return { ...info, extensions }
  }

  function unmergedNowhere(tree: RatchetTree): RatchetTree {
    return tree.map((node) =>
      node?.nodeType === 'parent' ? { ...node, parent: { ...node.parent, unmergedLeaves: [1_000] } } : node,
    )
  }
})

test('nobody is added twice, and no member is added', async () => {
  const [one, other] = [await bob.mls.keyPackage(), await bob.mls.keyPackage()]
  const twice = alice.mls.commit(hers.state, { add: [one.shown, other.shown] })
  await expect(twice).rejects.toThrow(TypeError)
  await grown(hers, [], bob)
  await expect(alice.mls.commit(hers.state, { add: [one.shown] })).rejects.toThrow(TypeError)
})

test('nobody sits in a tree twice', async () => {
  const { ratchetTree } = inside((await grown(hers, [], bob, carol))[0]?.state ?? GROUP)
  expect(treeIsSound(ratchetTree)).toBe(true)
  const [first, , second] = ratchetTree
  if (first?.nodeType !== 'leaf' || second?.nodeType !== 'leaf') throw new Error('no leaves')
  const twice = { ...second, leaf: { ...second.leaf, signaturePublicKey: first.leaf.signaturePublicKey } }
  expect(treeIsSound(ratchetTree.with(2, twice))).toBe(false)
})
