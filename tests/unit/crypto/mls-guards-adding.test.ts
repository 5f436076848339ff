import type { KeyPackage } from 'ts-mls/keyPackage.js'
import { decodeMlsMessage } from 'ts-mls/message.js'
import type { PreSharedKeyID } from 'ts-mls/presharedkey.js'
import type { Proposal } from 'ts-mls/proposal.js'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import { GROUP, invited, type Member } from '../../support/mls-member.ts'
import { forgedCommit, forgedKeyPackage, inside, rogue, TWISTS, type Rogue } from '../../support/rogue-mls.ts'
import { trio, type Trio } from './mls-guards.ts'

/** What the organiser may add, and mix in: the library lets her do much more. */

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

describe('whoever is added is somebody who could have been inspected', () => {
  const adding = async (...packages: KeyPackage[]): Promise<Bytes> => {
    const proposals = packages.map((keyPackage): Proposal => ({ proposalType: 'add', add: { keyPackage } }))
    return (await forgedCommit(alice, inside(hers.state), { proposals })).commit
  }

  test('as it should be', async () => {
    const [one, other] = [await forgedKeyPackage(dave), await forgedKeyPackage(await rogue(5))]
    expect(await bobs.takes(await adding(one.keyPackage, other.keyPackage), hers)).toBe('taken')
  })

  test.each(TWISTS)('not with %s', async (_, twist) => {
    await refuses(bobs, await adding((await forgedKeyPackage(dave, twist)).keyPackage))
  })

  test('nobody brings a key that the group has', async () => {
    const [node] = inside(carols.state).ratchetTree.slice(4)
    if (node?.nodeType !== 'leaf') throw new Error('carol has no leaf')
    const { hpkePublicKey } = node.leaf
    const leafKey = await forgedKeyPackage(dave, { leaf: { hpkePublicKey } })
    await refuses(bobs, await adding(leafKey.keyPackage))
    const initKey = await forgedKeyPackage(dave, { keyPackage: { initKey: hpkePublicKey } })
    await refuses(carols, await adding(initKey.keyPackage))
  })

  test('two who are added do not share a key', async () => {
    const one = await forgedKeyPackage(dave)
    const eve = await rogue(5)
    const { initKey, leafNode } = one.keyPackage
    const init = await forgedKeyPackage(eve, { keyPackage: { initKey } })
    await refuses(bobs, await adding(one.keyPackage, init.keyPackage))
    const leaf = await forgedKeyPackage(eve, { leaf: { hpkePublicKey: leafNode.hpkePublicKey } })
    await refuses(carols, await adding(one.keyPackage, leaf.keyPackage))
  })

  test('whoever is taken out and in again brings a fresh key package', async () => {
    const [anew] = await invited(bob)
    const shown = anew ? [anew.own.shown] : []
    const first = await hers.commits({ add: shown, remove: [bob.identity] })
    expect(await carols.takes(first.commit, hers)).toBe('taken')
    const message = decodeMlsMessage(shown[0] ?? GROUP, 0)?.[0]
    if (message?.wireformat !== 'mls_key_package') throw new Error('no key package')
    const { keyPackage } = message
    const proposals: Proposal[] = [
      { proposalType: 'remove', remove: { removed: 1 } },
      { proposalType: 'add', add: { keyPackage } },
    ]
    await refuses(carols, (await forgedCommit(alice, inside(hers.state), { proposals })).commit)
  })
})

describe('a pre-shared key is the one that was agreed', () => {
  const psk = { id: new Uint8Array([1]), secret: new Uint8Array(32).fill(9) }
  const psks = { findPsk: () => psk.secret }
  const external = (nonce: number): PreSharedKeyID => {
    return { psktype: 'external', pskId: psk.id, pskNonce: new Uint8Array(nonce).fill(nonce) }
  }
  const mixing = async (...ids: PreSharedKeyID[]): Promise<Bytes> => {
    const proposals = ids.map((preSharedKeyId): Proposal => ({
      proposalType: 'psk',
      psk: { preSharedKeyId },
    }))
    return (await forgedCommit(alice, inside(hers.state), { proposals, psks })).commit
  }

  test('as it should be', async () => {
    expect(await bobs.takes(await mixing(external(32)), hers, psk)).toBe('taken')
  })

  test('not with a short nonce', async () => {
    expect(await bobs.takes(await mixing(external(8)), hers, psk)).toBe('refused')
  })

  test('not twice', async () => {
    const other: PreSharedKeyID = { ...external(32), pskNonce: new Uint8Array(32) }
    expect(await bobs.takes(await mixing(external(32), other), hers, psk)).toBe('refused')
  })

  test('and not one of the group itself', async () => {
    const { groupContext } = inside(hers.state)
    const { groupId: pskGroupId, epoch: pskEpoch } = groupContext
    const resumption = { psktype: 'resumption', usage: 'application', pskGroupId, pskEpoch } as const
    const id: PreSharedKeyID = { ...resumption, pskNonce: new Uint8Array(32) }
    const expected = { id: pskGroupId.slice(), secret: psk.secret }
    expect(await bobs.takes(await mixing(id), hers, expected)).toBe('refused')
  })
})
