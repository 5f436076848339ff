import type { Manifest } from '../../core/body.ts'
import type { FileSignal } from '../../core/file.ts'
import type { IdentityKey } from '../../core/ids.ts'
import { blocksOf } from '../../core/transfer-layout.ts'
import type { Receiving } from '../../core/transfer-receiving.ts'
import type { Sending } from '../../core/transfer-sending.ts'
import { watched, type Watched } from '../../core/watched.ts'
import { BLOCK_SIZE } from '../../protocol/limits.ts'
import type { Transfer } from '../../store/tables.ts'
import type { Incoming } from './incoming-effects.ts'
import type { IncomingFiles } from './incoming.ts'
import { findOffer, lastWord, rowOf } from './ledger.ts'
import { findSource, type Outgoing, type OutgoingFiles } from './outgoing.ts'
import type { Parts } from './parts.ts'
import { diskName, transferKey, type FileRef, type Files, type FileView } from './types.ts'

/** Files up to this many bytes are fetched without asking. */
const WELCOME_MAX = 25 * 1_048_576
/** So much of one person is fetched without asking while the app is open: what is more waits for a tap. */
const UNASKED = { bytes: 256 * 1_048_576, files: 500 }
/** Ends that are remembered of files nobody has offered yet. */
const EARLY = 256
/** Room that is left for messages, which must never fail because of a file, bytes. */
const RESERVE = 20 * 1_048_576

interface AdmissionParts extends Parts {
  readonly outgoing: OutgoingFiles
  readonly incoming: IncomingFiles
}

/** Which transfers there are: what was stored, what arrives, what the person consents to. */
export type Admission = Pick<Files, 'start' | 'view' | 'accept' | 'cancel' | 'onFrame' | 'onArrived'>

export function createAdmission(parts: AdmissionParts): Admission {
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
    const ended = early.get(transferKey({ peer, file }))
    if (ended) {
      early.delete(transferKey({ peer, file }))
      route(parts, { peer, signal: ended, rows, early, adopt }).catch(deps.report)
    } else if (entry.state.at === 'offered' && isWelcome(peer, size)) accept(entry)
    else ledger.put(rowOf(entry.ref, entry.state)).catch(deps.report)
  }
  const early = new Map<string, FileSignal>()
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
      for (const row of rows.values()) await resume(parts, row, adopt)
      loaded = true
      for (const go of loading.splice(0)) go()
      for (const { peer } of rows.values()) incoming.askFor(peer)
    },
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
    onFrame: (peer, signal) => {
      whenLoaded(() => {
        route(parts, { peer, signal, rows, early, adopt }).catch(deps.report)
      })
    },
    onArrived: (peer, manifest) => {
      whenLoaded(() => {
        arrive(peer, manifest)
      })
    },
  }
}

type Adopt = (ref: FileRef) => Outgoing | Incoming

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
  { deps, outgoing, ledger, untold }: AdmissionParts,
  row: Transfer,
  adopt: Adopt,
): Promise<void> {
  const { file, manifest, peer, direction, state } = row
  const last = row.told ? undefined : lastWord(row)
  if (last) untold.expect(peer, file, last)
  if (state.at !== 'moving' && !(state.at === 'waiting' && direction === 'sending')) return
  if (direction === 'receiving') {
    adopt({ peer, direction, manifest })
    return
  }
  if (!(await findOffer(deps, row))) {
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

interface Frame {
  readonly early: Map<string, FileSignal>
  readonly peer: IdentityKey
  readonly signal: FileSignal
  readonly rows: ReadonlyMap<string, Transfer>
  readonly adopt: Adopt
}

async function route(parts: AdmissionParts, frame: Frame): Promise<void> {
  const { outgoing, incoming, ledger, untold, drop } = parts
  const { peer, signal } = frame
  // Whoever says that it is over knows that it is.
  const knew = isEnd(signal) && untold.heard(peer, signal.file)
  if (knew) await ledger.told({ peer, file: signal.file })
  if (signal.step === 'over') {
    if (!knew) drop()
    return
  }
  const entry = outgoing.get(peer, signal.file) ?? incoming.get(peer, signal.file) ?? earlier(frame)
  if (entry && 'intake' in entry) incoming.onFrame(entry, signal)
  else if (entry) outgoing.onFrame(entry, signal)
  else if (signal.step === 'want') await recall(parts, frame)
  else if (isEnd(signal)) tooEarly(frame)
  else drop()
  await answer(parts, frame)
}

function isEnd({ step }: FileSignal): boolean {
  return step === 'cancel' || step === 'gone' || step === 'over'
}

/** Whoever says how it ended says so until they hear that it is on our disk, too. */
async function answer({ outgoing, incoming, ledger, untold }: AdmissionParts, { peer, signal }: Frame) {
  const { file } = signal
  const entry = outgoing.get(peer, file) ?? incoming.get(peer, file)
  if (!entry) return
  if (!isEnd(signal) && !(signal.step === 'want' && signal.from === blocksOf(entry.ref.manifest))) return
  await ledger.settled()
  untold.say(peer, file, { step: 'over' })
}

/** The word travels faster than the message that offers the file; it is heard again when that is here. */
function tooEarly({ peer, signal, early }: Frame): void {
  early.set(transferKey({ peer, file: signal.file }), signal)
  const [oldest] = early.keys()
  if (early.size > EARLY && oldest !== undefined) early.delete(oldest)
}

/** A transfer of an earlier session that nobody looked at yet. What we sent is only served after a look at the chat. */
function earlier({ peer, signal, rows, adopt }: Frame): Outgoing | Incoming | undefined {
  const row = rows.get(transferKey({ peer, file: signal.file }))
  if (!row || (row.direction === 'sending' && signal.step === 'want')) return undefined
  return adopt({ peer, direction: row.direction, manifest: row.manifest })
}

/** Somebody asks for a file of an earlier session. */
async function recall(
  { deps, outgoing, drop }: AdmissionParts,
  { peer, signal, rows, adopt }: Frame,
): Promise<void> {
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

async function hasRoom({ deps, incoming }: AdmissionParts, { ref }: Incoming): Promise<boolean> {
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
