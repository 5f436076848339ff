import { applyProposals, type ClientState } from 'ts-mls/clientState.js'
import type { Commit } from 'ts-mls/commit.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import type { FramedContent } from 'ts-mls/framedContent.js'
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js'
import type { PrivateMessage } from 'ts-mls/privateMessage.js'
import { processPrivateMessage } from 'ts-mls/processMessages.js'
import type { Proposal } from 'ts-mls/proposal.js'
import type { ProposalOrRef } from 'ts-mls/proposalOrRefType.js'
import type { PskIndex } from 'ts-mls/pskIndex.js'
import type { RatchetTree } from 'ts-mls/ratchetTree.js'
import { toLeafIndex } from 'ts-mls/treemath.js'
import type { IdentityKey } from '../../core/ids.ts'
import type { Psk } from '../mls.ts'
import { isPsk, pskIndex } from './join.ts'
import { allFresh, identityAt, identityOf, keyPackageFits, leafIsSound, treeIsSound } from './rules.ts'
import { epochOf, left, withEpoch } from './state.ts'
import { attempt } from './wire.ts'

/** A message that was opened with the keys of its epoch, and the state with that key used up. */
export interface Unsealed {
  readonly content: FramedContent
  readonly sender: IdentityKey
  readonly state: ClientState
  readonly consumed: Uint8Array[]
}

/**
 * Opens a private message (RFC 9420 §6.3). Who sent it is said by the leaf of the tree of that epoch, against which
 * the signature was checked.
 */
export async function unseal(
  state: ClientState,
  message: PrivateMessage,
  suite: CiphersuiteImpl,
): Promise<Unsealed | undefined> {
  const data = epochOf(state, message.epoch)
  if (!data) return undefined
  const { tree, content, consumed } = await unprotectPrivateMessage(
    data.senderDataSecret,
    message,
    data.secretTree,
    data.ratchetTree,
    data.groupContext,
    state.clientConfig.keyRetentionConfig,
    suite,
  )
  const { sender } = content.content
  const identity = sender.senderType === 'member' ? identityAt(data.ratchetTree, sender.leafIndex) : undefined
  if (!identity) return undefined
  const after = withEpoch(state, message.epoch, { ...data, secretTree: tree })
  return { content: content.content, sender: identity, state: after, consumed }
}

export interface From {
  readonly organiser: IdentityKey
  readonly psk?: Psk
}

/** What came of a commit, and what was used up for it. */
export interface Received {
  readonly taken: boolean
  readonly state: ClientState
  readonly consumed: Uint8Array[]
}

/**
 * RFC 9420 §12.4.2. Looks into a commit before the library processes it. Undefined when its key could not even be
 * used; one that is refused has used it up.
 */
export async function receiveCommit(
  before: ClientState,
  message: PrivateMessage,
  { from, suite }: { from: From; suite: CiphersuiteImpl },
): Promise<Received | undefined> {
  const unsealed = await attempt(() => unseal(before, message, suite))
  if (!unsealed) return undefined
  const commit = allowedCommit(unsealed, from)
  const step = { before, after: unsealed.state, message, psks: pskIndex(from.psk), suite }
  const next = commit && (await attempt(() => process(step, commit)))
  if (!next || !treeIsSound(next.state.ratchetTree)) return { ...unsealed, taken: false }
  return { taken: true, state: next.state, consumed: [...unsealed.consumed, ...next.consumed] }
}

interface ProcessStep {
  readonly before: ClientState
  /** With the key of the message used up. */
  readonly after: ClientState
  readonly message: PrivateMessage
  readonly psks: PskIndex
  readonly suite: CiphersuiteImpl
}

async function process(step: ProcessStep, commit: Commit): Promise<Pick<Received, 'state' | 'consumed'>> {
  const { before, after, message, psks, suite } = step
  const { leafIndex } = before.privatePath
  const leaving = commit.proposals.some((one) => removed(one) === leafIndex)
  if (!leaving) {
    const { newState, consumed } = await processPrivateMessage(before, message, psks, suite)
    return { state: newState, consumed }
  }
  // Also when somebody else sits at our leaf already, where the library would take him for us.
  const { tree } = await applyProposals(before, commit.proposals, toLeafIndex(0), psks, false, suite)
  return { state: left(after, tree), consumed: [before.keySchedule.initSecret] }
}

/** The commit, if it is the organiser's and nothing but an inline list of what we understand. */
function allowedCommit({ content, sender, state }: Unsealed, from: From): Commit | undefined {
  if (content.contentType !== 'commit' || sender !== from.organiser) return undefined
  const { path, proposals } = content.commit
  if (!path || !leafIsSound(path.leafNode) || identityOf(path.leafNode) !== from.organiser) return undefined
  const psks = proposals.filter((one) => proposalIn(one)?.proposalType === 'psk')
  if (psks.length !== (from.psk ? 1 : 0)) return undefined
  return proposals.every((one) => isAllowed(proposalIn(one), from)) && areFresh(proposals, state.ratchetTree)
    ? content.commit
    : undefined
}

/** Nothing stands by reference, for nobody's proposals are kept. */
function isAllowed(proposal: Proposal | undefined, { psk }: From): boolean {
  switch (proposal?.proposalType) {
    case 'add':
      return keyPackageFits(proposal.add.keyPackage)
    case 'remove':
      return true
    case 'psk':
      return isPsk(proposal.psk.preSharedKeyId, psk)
    default:
      return false
  }
}

function proposalIn(one: ProposalOrRef): Proposal | undefined {
  return one.proposalOrRefType === 'proposal' ? one.proposal : undefined
}

function removed(one: ProposalOrRef): number | undefined {
  const proposal = proposalIn(one)
  return proposal?.proposalType === 'remove' ? proposal.remove.removed : undefined
}

function areFresh(proposals: ProposalOrRef[], tree: RatchetTree): boolean {
  const added = proposals.flatMap((one) => {
    const proposal = proposalIn(one)
    return proposal?.proposalType === 'add' ? [proposal.add.keyPackage] : []
  })
  return allFresh(added, tree)
}
