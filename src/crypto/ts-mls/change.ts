import type { ClientState } from 'ts-mls/clientState.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { KeyPackage } from 'ts-mls/keyPackage.js'
import type { Proposal } from 'ts-mls/proposal.js'
import type { IdentityKey } from '../../core/ids.ts'
import type { Psk } from '../mls.ts'
import { allFresh, identityOf, leafIndexOf } from './rules.ts'

/** What a commit is to do; the key packages are good ones. */
export interface Change {
  readonly add: readonly KeyPackage[]
  readonly remove: readonly IdentityKey[]
  readonly psk: Psk | undefined
}

/** RFC 9420 §12.1. Throws where the caller asks for what must not be. */
export function proposalsFor(state: ClientState, change: Change, suite: CiphersuiteImpl): Proposal[] {
  const { ratchetTree, privatePath } = state
  if (privatePath.leafIndex !== 0) throw new TypeError('only the organiser commits')
  const removed = change.remove.map((identity) => {
    const leaf = leafIndexOf(ratchetTree, identity)
    if (!leaf) throw new TypeError('whoever is removed is a member, and not the organiser')
    return leaf
  })
  const stay = (identity: IdentityKey): boolean =>
    leafIndexOf(ratchetTree, identity) !== undefined && !change.remove.includes(identity)
  const added = change.add.map(({ leafNode }) => identityOf(leafNode))
  if (added.some(stay) || new Set(added).size < added.length)
    throw new TypeError('nobody is in a group twice')
  if (!allFresh(change.add, ratchetTree)) throw new TypeError('a key package serves once')
  return [
    ...removed.map((leaf): Proposal => ({ proposalType: 'remove', remove: { removed: leaf } })),
    ...change.add.map((keyPackage): Proposal => ({ proposalType: 'add', add: { keyPackage } })),
    ...pskProposal(change.psk, suite),
  ]
}

/** RFC 9420 §8.4: the nonce makes each use of the key another one. */
function pskProposal(psk: Psk | undefined, { rng, kdf }: CiphersuiteImpl): Proposal[] {
  if (!psk) return []
  const preSharedKeyId = { psktype: 'external', pskId: psk.id, pskNonce: rng.randomBytes(kdf.size) } as const
  return [{ proposalType: 'psk', psk: { preSharedKeyId } }]
}
