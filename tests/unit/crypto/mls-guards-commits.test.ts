import type { ClientState } from 'ts-mls/clientState.js'
import { createGroupInfoWithExternalPubAndRatchetTree, joinGroupExternal } from 'ts-mls/createCommit.js'
import { createProposal } from 'ts-mls/createMessage.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { LeafNode } from 'ts-mls/leafNode.js'
import type { Proposal } from 'ts-mls/proposal.js'
import { beforeEach, describe, expect, test } from 'vitest'
import { GROUP, member, type Member } from '../../support/mls-member.ts'
import {
  forgedCommit,
  forgedKeyPackage,
  inside,
  libraryCommit,
  sealing,
  wrapped,
  type Rogue,
} from '../../support/rogue-mls.ts'
import { trio, type Trio } from './mls-guards.ts'

/** Commits that the library takes and we do not. Each is made as a hostile member or organiser would. */

let alice: Rogue
let bob: Rogue
let dave: Rogue
let hers: Member
let bobs: Member
let carols: Member
let refuses: Trio['refuses']

beforeEach(async () => {
  ;({ alice, bob, dave, hers, bobs, carols, refuses } = await trio())
})

describe('only the organiser changes the group', () => {
  test('bob commits: it is well made, and refused', async () => {
    const { commit } = await libraryCommit(bob, inside(bobs.state))
    await refuses(carols, commit)
    await refuses(hers, commit)
  })

  test('dave, who saw the group, commits himself into it from outside', async () => {
    const info = await createGroupInfoWithExternalPubAndRatchetTree(inside(hers.state), [], alice.suite)
    const { keyPackage } = await forgedKeyPackage(dave)
    const secret = new Uint8Array(32)
    const secrets = { initPrivateKey: secret, hpkePrivateKey: secret, signaturePrivateKey: dave.handle }
    const { publicMessage } = await joinGroupExternal(info, keyPackage, secrets, false, dave.suite)
    const before = bobs.state
    expect(await bobs.takes(wrapped({ wireformat: 'mls_public_message', publicMessage }), hers)).toBe(
      'refused',
    )
    expect(bobs.state).toBe(before)
  })

  test('alice commits in the open', async () => {
    const { commit } = await libraryCommit(alice, inside(hers.state), { wireAsPublicMessage: true })
    expect(await bobs.takes(commit, hers)).toBe('refused')
  })

  test('somebody proposes: nobody keeps it, and her next commit is without it', async () => {
    for (const open of [true, false]) {
      const remove: Proposal = { proposalType: 'remove', remove: { removed: 2 } }
      const { message } = await createProposal(inside(bobs.state), open, remove, bob.suite)
      const proposal = wrapped(message)
      const before = hers.state
      expect([await hers.hears(proposal), await hers.takes(proposal, bobs)]).toEqual(['refused', 'refused'])
      expect(hers.state).toBe(before)
    }
    const { commit } = await hers.commits({})
    expect(await bobs.takes(commit, hers)).toBe('taken')
    expect(hers.look().members).toHaveLength(3)
  })
})

describe('the organiser adds and removes, and that is all', () => {
  const reinit: Proposal = {
    proposalType: 'reinit',
    reinit: {
      groupId: new Uint8Array(8),
      version: 'mls10',
      cipherSuite: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
      extensions: [],
    },
  }
  const extensions: Proposal = {
    proposalType: 'group_context_extensions',
    groupContextExtensions: { extensions: [] },
  }
  const custom: Proposal = { proposalType: 0xf000, proposalData: new Uint8Array(3) }

  test('a commit for another suite (ReInit)', async () => {
    const { commit } = await libraryCommit(alice, inside(hers.state), { extraProposals: [reinit] })
    await refuses(bobs, commit)
  })

  test.each([
    ['extensions of the group', extensions],
    ['what we do not know', custom],
  ])('a commit for %s', async (_, proposal) => {
    await refuses(bobs, (await forgedCommit(alice, inside(hers.state), { proposals: [proposal] })).commit)
  })

  test('a commit of a proposal that stands elsewhere', async () => {
    const remove: Proposal = { proposalType: 'remove', remove: { removed: 2 } }
    const { newState } = await createProposal(inside(hers.state), false, remove, alice.suite)
    await refuses(bobs, (await libraryCommit(alice, newState)).commit)
  })

  test('a commit without new keys for herself', async () => {
    const { keyPackage } = await forgedKeyPackage(dave)
    const add: Proposal = { proposalType: 'add', add: { keyPackage } }
    const { commit } = await libraryCommit(alice, inside(hers.state), { extraProposals: [add] })
    await refuses(bobs, commit)
  })

  const withLeaf = (change: Partial<LeafNode>): ClientState => {
    const before = inside(hers.state)
    const [node, ...rest] = before.ratchetTree
    if (node?.nodeType !== 'leaf') throw new Error('she has no leaf')
    return { ...before, ratchetTree: [{ ...node, leaf: { ...node.leaf, ...change } as LeafNode }, ...rest] }
  }

  test('her leaf goes to somebody else, who signs it', async () => {
    const suite = signingLeavesAs(dave, alice.suite)
    const state = withLeaf({ signaturePublicKey: dave.handle })
    await refuses(bobs, (await forgedCommit({ suite }, state, { proposals: [] })).commit)
  })

  test('her leaf is nobody’s', async () => {
    const state = withLeaf({ signaturePublicKey: new Uint8Array(31) })
    await refuses(bobs, (await forgedCommit(alice, state, { proposals: [] })).commit)
  })

  test('her leaf takes the key of bob', async () => {
    const { ratchetTree } = inside(bobs.state)
    const bobsLeaf = ratchetTree[2]?.nodeType === 'leaf' ? ratchetTree[2].leaf : undefined
    const { hpke } = alice.suite
    const publicKey = await hpke.importPublicKey(bobsLeaf?.hpkePublicKey ?? GROUP)
    let first = true
    const deriveKeyPair: typeof hpke.deriveKeyPair = async (ikm) => {
      const pair = await hpke.deriveKeyPair(ikm)
      if (!first) return pair
      first = false
      return { ...pair, publicKey }
    }
    const suite = { ...alice.suite, hpke: { ...hpke, deriveKeyPair } }
    await refuses(carols, (await forgedCommit({ suite }, inside(hers.state), { proposals: [] })).commit)
  })

  test('a commit of the past, also after bob has left', async () => {
    const remove: Proposal = { proposalType: 'remove', remove: { removed: 1 } }
    const { newState } = await createProposal(inside(hers.state), false, remove, alice.suite)
    const later = { ...newState, unappliedProposals: {} }
    const late = (await forgedCommit(alice, later, { proposals: [remove] })).commit
    const [stays, leaves] = [
      await alice.mls.commit(hers.state, {}),
      await hers.commits({ remove: [bob.identity] }),
    ]
    const gone = member(bob, bobs.state)
    for (const [one, commit] of [
      [bobs, stays.commit],
      [gone, leaves.commit],
    ] as const) {
      expect(await one.takes(commit, hers)).toBe('taken')
      const before = one.state
      expect(await one.takes(late, hers)).toBe('refused')
      expect(one.state).toBe(before)
    }
  })

  test.each([0, 5])('a commit with secrets of %i bytes', async (length) => {
    const suite = sealing(alice, 'UpdatePathNode', () => new Uint8Array(length))
    await refuses(bobs, (await forgedCommit({ suite }, inside(hers.state), { proposals: [] })).commit)
  })

  /** Signs as before, but leaves as somebody else. */
  function signingLeavesAs(other: Rogue, suite: CiphersuiteImpl): CiphersuiteImpl {
    const label = new TextEncoder().encode('MLS 1.0 LeafNodeTBS').join()
    return {
      ...suite,
      signature: {
        ...suite.signature,
        sign: (key, message) =>
          message.slice(1, 20).join() === label
            ? other.suite.signature.sign(other.handle, message)
            : suite.signature.sign(key, message),
      },
    }
  }
})
