import type { FileSignal } from '../../core/file.ts'
import type { FileId, IdentityKey } from '../../core/ids.ts'
import { forgetOldest } from '../../core/newest.ts'
import { blocksOf } from '../../core/transfer-layout.ts'
import type { Transfer } from '../../store/tables.ts'
import type { Incoming } from './incoming-effects.ts'
import type { IncomingFiles } from './incoming.ts'
import { findOffer } from './ledger.ts'
import type { Outgoing, OutgoingFiles } from './outgoing.ts'
import type { Parts } from './parts.ts'
import { transferKey, type FileRef } from './types.ts'

/** Ends that are remembered of files nobody has offered yet. */
const EARLY = 256

export interface BothSides extends Parts {
  readonly outgoing: OutgoingFiles
  readonly incoming: IncomingFiles
}

/** Gives the transfer there is, or makes it of what was stored. */
export type Adopt = (ref: FileRef) => Outgoing | Incoming

/** Brings what the other side says to the transfer it is about, and answers how it ended. */
export interface Routing {
  take(peer: IdentityKey, signal: FileSignal): void
  /** The message that offers this file is here. True when its end came before it. */
  arrived(peer: IdentityKey, file: FileId): boolean
}

/** `rows`: the transfers of earlier sessions. */
export function createRouting(
  { deps, outgoing, incoming, ledger, untold, drop }: BothSides,
  { rows, adopt }: { rows: ReadonlyMap<string, Transfer>; adopt: Adopt },
): Routing {
  const early = new Map<string, FileSignal>()

  const take = (peer: IdentityKey, signal: FileSignal): void => {
    route(peer, signal).catch(deps.report)
  }

  const route = async (peer: IdentityKey, signal: FileSignal): Promise<void> => {
    const { file, step } = signal
    // Whoever says that it is over knows that it is.
    const knew = step !== 'want' && step !== 'wrote' && untold.heard(peer, file)
    if (knew) await ledger.told({ peer, file })
    if (step === 'over') {
      if (!knew) drop()
      return
    }
    const entry = outgoing.get(peer, file) ?? incoming.get(peer, file) ?? earlier(peer, signal)
    if (entry && 'intake' in entry) incoming.onFrame(entry, signal)
    else if (entry) outgoing.onFrame(entry, signal)
    else if (step === 'want') await recall(peer, signal)
    else if (step === 'wrote') drop()
    else {
      // The word travels faster than the message that offers the file.
      early.set(transferKey({ peer, file }), signal)
      forgetOldest(early, EARLY)
    }
    await answer(peer, signal)
  }

  /** A transfer of an earlier session that nobody looked at yet. What we sent is served only after a look at the chat. */
  const earlier = (peer: IdentityKey, { file, step }: FileSignal): Outgoing | Incoming | undefined => {
    const row = rows.get(transferKey({ peer, file }))
    if (!row || (row.direction === 'sending' && step === 'want')) return undefined
    return adopt({ peer, direction: row.direction, manifest: row.manifest })
  }

  /** Somebody asks for a file of an earlier session. */
  const recall = async (peer: IdentityKey, signal: FileSignal): Promise<void> => {
    const { file } = signal
    const row = rows.get(transferKey({ peer, file }))
    if (row?.direction !== 'sending' || !(await findOffer(deps, row))) {
      drop()
      deps.links.send(peer, { type: 'file', file: { file, step: 'gone', reason: 'missing' } })
      return
    }
    const entry = adopt({ peer, direction: 'sending', manifest: row.manifest })
    if (!('intake' in entry)) outgoing.onFrame(entry, signal)
  }

  /** Whoever says how it ended says so until they hear that it is on our disk, too. */
  const answer = async (peer: IdentityKey, signal: FileSignal): Promise<void> => {
    const { file, step } = signal
    const entry = outgoing.get(peer, file) ?? incoming.get(peer, file)
    if (!entry) return
    const allHere = step === 'want' && signal.from === blocksOf(entry.ref.manifest)
    if (step !== 'cancel' && step !== 'gone' && !allHere) return
    await ledger.settled()
    untold.say(peer, file, { step: 'over' })
  }

  return {
    take,
    arrived: (peer, file) => {
      const key = transferKey({ peer, file })
      const ended = early.get(key)
      early.delete(key)
      if (ended) take(peer, ended)
      return ended !== undefined
    },
  }
}
