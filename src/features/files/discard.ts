import type { FileId, IdentityKey } from '../../core/ids.ts'
import type { Discard, Transfer } from '../../store/tables.ts'
import type { BothSides } from './routing.ts'
import { diskName, ownName } from './types.ts'

/** Takes from this device what lies here of files whose message is here no more. */
export interface Discarding {
  /** Resolves when what was to go is gone; what could not go is tried again with the next look. */
  look(): Promise<void>
}

/** `forget`: lets go of what admission knows of that transfer. */
export function createDiscarding(
  parts: BothSides,
  forget: (peer: IdentityKey, file: FileId) => void,
): Discarding {
  const { deps } = parts
  let turn = Promise.resolve()
  const all = async (): Promise<void> => {
    for (const one of await deps.store.all('discards')) await discard(parts, one, forget)
  }
  return { look: () => (turn = turn.then(all).catch(deps.report)) }
}

/** The bytes go first: a crash in between leaves the row by which they are looked for again. */
async function discard(
  { deps, ledger, outgoing, incoming }: BothSides,
  one: Discard,
  forget: (peer: IdentityKey, file: FileId) => void,
): Promise<void> {
  const { file, author } = one
  const own = author === deps.me
  await ledger.settled()
  const rows = (await deps.store.all('transfers')).filter((row) => isOf(row, one, own))
  for (const peer of own ? rows.map((row) => row.peer) : [author]) {
    const cancelled = { event: 'cancelled', by: 'us' } as const
    const [mine, theirs] = [outgoing.get(peer, file), incoming.get(peer, file)]
    if (own && mine) outgoing.apply(mine, cancelled)
    if (!own && theirs) incoming.apply(theirs, cancelled)
    forget(peer, file)
  }
  await ledger.settled()
  const name = own
    ? ownName(deps, file)
    : diskName(deps, { direction: 'receiving', peer: author, manifest: { file } })
  await deps.disk.remove(name)
  await ledger.forget(rows, one)
}

function isOf({ file, peer, direction }: Transfer, discarded: Discard, own: boolean): boolean {
  if (file !== discarded.file) return false
  return own ? direction === 'sending' : direction === 'receiving' && peer === discarded.author
}
