import {
  addHistoricalReceiverData,
  decodeGroupState,
  encodeGroupState,
  type ClientState,
} from 'ts-mls/clientState.js'
import type { EpochReceiverData } from 'ts-mls/epochReceiverData.js'
import type { RatchetTree } from 'ts-mls/ratchetTree.js'
import type { SecretTree } from 'ts-mls/secretTree.js'
import { toHex } from '../../core/bytes.ts'
import { identityKey } from '../../core/ids.ts'
import type { MlsGroup, MlsState } from '../mls.ts'
import { config, identityOf, leavesOf } from './rules.ts'

/** Encoded states, and what they were made from: whoever goes on with one that was just made need not decode it. */
export interface States {
  /** For looking only. */
  read(state: MlsState): ClientState
  /**
   * For going on from it: what comes out is nobody else's, so that its secrets may be overwritten. Who claims a state
   * that is claimed already has it decoded once more.
   */
  claim(state: MlsState): ClientState
  /** Nothing came of it. */
  giveBack(state: MlsState, claimed: ClientState): void
  /** Overwrites what was used up in going from one state to the next, and encodes that. */
  keep(step: Step): MlsState
}

export interface Step {
  readonly before?: ClientState
  readonly after: ClientState
  readonly consumed: readonly Uint8Array[]
}

export function createStates(): States {
  const decoded = new WeakMap<MlsState, ClientState>()
  const read = (state: MlsState): ClientState => {
    const known = decoded.get(state) ?? decode(state)
    decoded.set(state, known)
    return known
  }
  return {
    read,
    claim: (state) => {
      const known = read(state)
      decoded.delete(state)
      return known
    },
    giveBack: (state, claimed) => void decoded.set(state, claimed),
    keep: ({ before, after, consumed }) => {
      for (const secret of [...consumed, ...dropped(before, after)]) secret.fill(0)
      const kept = { ...after, privatePath: ownPath(after) }
      const encoded = new Uint8Array(encodeGroupState(kept))
      decoded.set(encoded, kept)
      return encoded
    },
  }
}

/** The library reads without copying, and what it read may be overwritten: not the caller's bytes. */
function decode(state: MlsState): ClientState {
  const [group] = decodeGroupState(state.slice(), 0) ?? []
  if (!group) throw new TypeError('this is no state of a group')
  return { ...group, clientConfig: config }
}

/** Secrets of epochs that are kept no longer; the library forgets to name them. */
function dropped(before: ClientState | undefined, after: ClientState): Uint8Array[] {
  const gone = [...(before?.historicalReceiverData ?? [])].filter(
    ([epoch]) => !after.historicalReceiverData.has(epoch),
  )
  return gone.flatMap(([, { secretTree, senderDataSecret, resumptionPsk }]) => [
    ...secretsOf(secretTree),
    senderDataSecret,
    resumptionPsk,
  ])
}

function secretsOf(tree: SecretTree): Uint8Array[] {
  const ratchets = tree.flatMap(({ handshake, application }) => [handshake, application])
  return ratchets.flatMap(({ secret, unusedGenerations }) => [secret, ...Object.values(unusedGenerations)])
}

/** RFC 9420 §7.5: private keys of nodes that were blanked are of no use but to a thief. */
function ownPath({ privatePath, ratchetTree }: ClientState): ClientState['privatePath'] {
  const alive = Object.entries(privatePath.privateKeys).filter(([node]) => ratchetTree[Number(node)])
  return { ...privatePath, privateKeys: Object.fromEntries(alive) }
}

/** What opens the messages of an epoch: of the present one, or of one of the last four. */
export function epochOf(state: ClientState, epoch: bigint): EpochReceiverData | undefined {
  const { groupContext, keySchedule, secretTree, ratchetTree } = state
  const past = state.historicalReceiverData.get(epoch)
  if (past) return past
  if (groupContext.epoch !== epoch) return undefined
  const { senderDataSecret, resumptionPsk } = keySchedule
  return { groupContext, senderDataSecret, resumptionPsk, secretTree, ratchetTree }
}

/** The same state, but that somebody's key of that epoch was used. */
export function withEpoch(state: ClientState, epoch: bigint, data: EpochReceiverData): ClientState {
  if (!state.historicalReceiverData.has(epoch)) return { ...state, secretTree: data.secretTree }
  const historicalReceiverData = new Map(state.historicalReceiverData).set(epoch, data)
  return { ...state, historicalReceiverData }
}

/** Our leaf is gone: the last epoch can still be read, as one of the past, and there is no next one. */
export function left(state: ClientState, ratchetTree: RatchetTree): ClientState {
  const [historicalReceiverData] = addHistoricalReceiverData(state)
  return {
    ...state,
    ratchetTree,
    historicalReceiverData,
    secretTree: [],
    privatePath: { ...state.privatePath, privateKeys: {} },
    groupActiveState: { kind: 'removedFromGroup' },
  }
}

export function hasLeft({ groupActiveState }: ClientState): boolean {
  return groupActiveState.kind === 'removedFromGroup'
}

/** Whoever has left is no member, even if he was added anew: that is another state. */
export function groupOf(state: ClientState): MlsGroup {
  const { groupContext, keySchedule, ratchetTree, signaturePrivateKey: handle } = state
  const members = leavesOf(ratchetTree).map(identityOf)
  const self = identityKey(toHex(handle))
  return {
    id: new Uint8Array(groupContext.groupId),
    epoch: Number(groupContext.epoch),
    members: hasLeft(state) ? members.filter((member) => member !== self) : members,
    authenticator: new Uint8Array(keySchedule.epochAuthenticator),
  }
}
