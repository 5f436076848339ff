import { applyProposals, nextEpochContext, type ClientState } from 'ts-mls/clientState.js'
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js'
import { verifyConfirmationTag } from 'ts-mls/framedContent.js'
import { initializeEpoch } from 'ts-mls/keySchedule.js'
import { decodeMlsMessage } from 'ts-mls/message.js'
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js'
import { emptyPskIndex } from 'ts-mls/pskIndex.js'
import { treeHashRoot } from 'ts-mls/treeHash.js'
import { toLeafIndex } from 'ts-mls/treemath.js'
import { applyUpdatePath } from 'ts-mls/updatePath.js'
import type { Bytes } from '../../src/core/bytes.ts'

/**
 * Whether somebody who knows all secrets of an epoch, but none of the private keys of the next one, gets into it by the
 * commit alone: that is what a commit without fresh secrets lets the removed do.
 */
export async function follows(state: ClientState, commit: Bytes, suite: CiphersuiteImpl): Promise<boolean> {
  const message = decodeMlsMessage(commit, 0)?.[0]
  if (message?.wireformat !== 'mls_private_message') throw new Error('this is no commit')
  const { content } = await unprotectPrivateMessage(
    state.keySchedule.senderDataSecret,
    message.privateMessage,
    state.secretTree,
    state.ratchetTree,
    state.groupContext,
    state.clientConfig.keyRetentionConfig,
    suite,
  )
  if (content.content.contentType !== 'commit' || content.auth.contentType !== 'commit') return false
  const { path, proposals } = content.content.commit
  const committer = toLeafIndex(0)
  const applied = await applyProposals(state, proposals, committer, emptyPskIndex, false, suite)
  const tree = path ? await applyUpdatePath(applied.tree, committer, path, suite.hash) : applied.tree
  const groupContext = await nextEpochContext(
    state.groupContext,
    'mls_private_message',
    { ...content.content, contentType: 'commit', commit: content.content.commit },
    content.auth.signature,
    await treeHashRoot(tree, suite.hash),
    state.confirmationTag,
    suite.hash,
  )
  const guess = new Uint8Array(suite.kdf.size)
  const { initSecret } = state.keySchedule
  const { keySchedule } = await initializeEpoch(initSecret, guess, groupContext, applied.pskSecret, suite.kdf)
  return verifyConfirmationTag(
    keySchedule.confirmationKey,
    content.auth.confirmationTag,
    groupContext.confirmedTranscriptHash,
    suite.hash,
  )
}
