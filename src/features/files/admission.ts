import type { Manifest } from '../../core/body.ts'
import type { FileId, IdentityKey } from '../../core/ids.ts'
import { blocksOf } from '../../core/transfer-layout.ts'
import type { Receiving } from '../../core/transfer-receiving.ts'
import type { Sending } from '../../core/transfer-sending.ts'
import { watched, type Watched } from '../../core/watched.ts'
import { BLOCK_SIZE } from '../../protocol/limits.ts'
import type { Transfer } from '../../store/tables.ts'
import type { Incoming } from './incoming-effects.ts'
import { findOffer, lastWord, rowOf } from './ledger.ts'
import { findSource, type Outgoing } from './outgoing.ts'
import { createRouting, type Adopt, type BothSides } from './routing.ts'
import { diskName, transferKey, type FileRef, type Files, type FileView } from './types.ts'

/** Files up to this many bytes are fetched without asking. */
const WELCOME_MAX = 25 * 1_048_576
/** So much of one person is fetched without asking while the app is open: what is more waits for a tap. */
const UNASKED = { bytes: 256 * 1_048_576, files: 500 }
/** Room that is left for messages, which must never fail because of a file, bytes. */
const RESERVE = 20 * 1_048_576

/** Which transfers there are: what was stored, what arrives, what the person consents to. */
export type Admission = Pick<
  Files,
  'start' | 'view' | 'receivers' | 'accept' | 'cancel' | 'onFrame' | 'onArrived'
> & { forget(peer: IdentityKey, file: FileId): void }

export function createAdmission(parts: BothSides): Admission {
  const { deps, outgoing, incoming, ledger } = parts
  const rows = new Map<string, Transfer>()
  const loading: (() => void)[] = []
  let loaded = false
  const whenLoaded = (go: () => void): void => {
    if (loaded) go()
    else loading.push(go)
  }

  const adopt = (ref: FileRef): Outgoing | Incoming => {
    const { peer, direction, manifest } = ref
    const mine = outgoing.get(peer, manifest.file)
    const theirs = incoming.get(peer, manifest.file)
    const row = rows.get(transferKey({ peer, file: manifest.file }))
    const own = row?.direction === direction ? row : undefined
    if (direction === 'sending') return mine ?? outgoing.add(ref, sendingOf(own))
    return theirs ?? incoming.add(ref, receivingOf(own, manifest))
  }
  const arrive = (peer: IdentityKey, manifest: Manifest): void => {
    const { file, size } = manifest
    // Also whoever offers one of our own ids: what we send is not theirs to replace.
    if (rows.has(transferKey({ peer, file })) || outgoing.get(peer, file) || incoming.get(peer, file)) return
    const entry = incoming.add({ peer, direction: 'receiving', manifest }, receivingOf(undefined, manifest))
    if (routing.arrived(peer, file)) return
    if (entry.state.at === 'offered' && isWelcome(peer, size)) accept(entry)
    else ledger.put(rowOf(entry.ref, entry.state)).catch(deps.report)
  }
  const routing = createRouting(parts, { rows, adopt })
  const unasked = new Map<IdentityKey, { bytes: number; files: number }>()
  const isWelcome = (peer: IdentityKey, size: number): boolean => {
    const before = unasked.get(peer) ?? { bytes: 0, files: 0 }
    const after = { bytes: before.bytes + size, files: before.files + 1 }
    if (size > WELCOME_MAX || after.bytes > UNASKED.bytes || after.files > UNASKED.files) return false
    unasked.set(peer, after)
    return true
  }
  /** One after the other: what one takes is no longer there for the next. */
  let turn = Promise.resolve()
  const accept = (entry: Incoming): void => {
    turn = turn
      .then(async () => {
        // A second press came while the first waited for its turn.
        if (entry.state.at !== 'offered') return
        const fits = await hasRoom(parts, entry)
        incoming.apply(entry, fits ? { event: 'accepted' } : { event: 'lost', reason: 'disk-full' })
        incoming.askFor(entry.ref.peer)
      })
      .catch(deps.report)
  }

  return {
    start: async () => {
      for (const row of await deps.store.all('transfers')) rows.set(transferKey(row), row)
      for (const { file, peer, direction } of rows.values())
        if (direction === 'sending') parts.receivers.add(file, peer)
      const offered = new Map<FileId, boolean>()
      for (const row of rows.values()) await resume(parts, row, { adopt, offered })
      loaded = true
      for (const go of loading.splice(0)) go()
      for (const { peer } of rows.values()) incoming.askFor(peer)
    },
    receivers: (file) => parts.receivers.of(file),
    view: (ref) => viewOf(ref, { adopt, loaded, whenLoaded }),
    accept: (ref) => {
      const entry = adopt(ref)
      if ('intake' in entry) accept(entry)
    },
    cancel: (ref) => {
      const entry = adopt(ref)
      if ('intake' in entry) incoming.apply(entry, { event: 'cancelled', by: 'us' })
      else outgoing.apply(entry, { event: 'cancelled', by: 'us' })
    },
    forget: (peer, file) => {
      rows.delete(transferKey({ peer, file }))
      outgoing.forget(peer, file)
      incoming.forget(peer, file)
    },
    onFrame: (peer, signal) => {
      whenLoaded(() => {
        routing.take(peer, signal)
      })
    },
    onArrived: (peer, manifest) => {
      whenLoaded(() => {
        arrive(peer, manifest)
      })
    },
  }
}

function sendingOf(row: Transfer | undefined): Sending {
  if (!row) return { at: 'gone', reason: 'missing' }
  const { state, blocks } = row
  if (state.at === 'waiting' || state.at === 'moving') return { at: 'waiting', written: blocks }
  if (state.at !== 'gone') return state
  return { at: 'gone', reason: state.reason === 'changed' ? 'changed' : 'missing' }
}

/** A file cut in another way than ours is of a version we do not know. */
function receivingOf(row: Transfer | undefined, manifest: Manifest): Receiving {
  const strange = row && row.total !== blocksOf(manifest)
  if (manifest.blockSize !== BLOCK_SIZE || strange) return { at: 'gone', reason: 'damaged' }
  if (!row || row.state.at === 'waiting') return { at: 'offered' }
  return row.state.at === 'moving' ? { at: 'paused', written: row.blocks } : row.state
}

/** Goes on after a restart with what the disk still has. What was only offered waits until somebody looks at it. */
async function resume(
  { deps, outgoing, ledger, untold }: BothSides,
  row: Transfer,
  {
    adopt,
    offered,
  }: { adopt: Adopt; /** Known already, as it goes to several. */ offered: Map<FileId, boolean> },
): Promise<void> {
  const { file, manifest, peer, direction, state } = row
  const last = row.told ? undefined : lastWord(row)
  if (last) untold.expect(peer, file, last)
  if (state.at !== 'moving' && !(state.at === 'waiting' && direction === 'sending')) return
  if (direction === 'receiving') {
    adopt({ peer, direction, manifest })
    return
  }
  const isOffered = offered.get(file) ?? (await findOffer(deps, row)) !== undefined
  offered.set(file, isOffered)
  if (!isOffered) {
    // We ended between keeping the file and writing the message: nobody ever heard of it.
    await ledger.remove(row)
    await deps.disk.remove(diskName(deps, { peer, direction, manifest }))
    return
  }
  const entry = adopt({ peer, direction, manifest })
  if ('intake' in entry) return
  entry.source = await findSource(deps, entry.ref)
  if (!entry.source) outgoing.apply(entry, { event: 'lost', reason: 'missing' })
}

async function hasRoom({ deps, incoming }: BothSides, { ref }: Incoming): Promise<boolean> {
  const { free } = await deps.disk.usage()
  return ref.manifest.size + incoming.promised + RESERVE <= free
}

interface Viewing {
  readonly adopt: Adopt
  readonly loaded: boolean
  whenLoaded(go: () => void): void
}

function viewOf(ref: FileRef, { adopt, loaded, whenLoaded }: Viewing): Watched<FileView> {
  if (loaded) return adopt(ref).view
  const view = watched<FileView>({ at: 'loading' })
  whenLoaded(() => {
    const source = adopt(ref).view
    view.set(source.current)
    source.watch(() => {
      view.set(source.current)
    })
  })
  return view
}
