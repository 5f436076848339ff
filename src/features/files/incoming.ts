import type { FileSignal } from '../../core/file.ts'
import type { FileId, IdentityKey } from '../../core/ids.ts'
import { stepReceiving, type Receiving, type ReceivingEvent } from '../../core/transfer-receiving.ts'
import { bytesIn } from '../../core/transfer-layout.ts'
import { watched } from '../../core/watched.ts'
import { decodePiece } from '../../protocol/lane.ts'
import type { Bytes } from '../../core/bytes.ts'
import { createGauge } from './gauge.ts'
import { perform, show, type Incoming } from './incoming-effects.ts'
import type { Parts } from './parts.ts'
import { transferKey, type FileRef, type FileView } from './types.ts'

/** The receiving side of all transfers. */
export interface IncomingFiles {
  add(ref: FileRef, state: Receiving): Incoming
  get(peer: IdentityKey, file: FileId): Incoming | undefined
  /** Only of one that is over. */
  forget(peer: IdentityKey, file: FileId): void
  onFrame(entry: Incoming, signal: FileSignal): void
  onMessage(peer: IdentityKey, message: Bytes): void
  apply(entry: Incoming, event: ReceivingEvent): void
  /** Their lane, or the link itself, is lost: all of theirs pause and are asked for again. */
  interrupt(peer: IdentityKey, why: 'lane' | 'link'): void
  /** Asks for what may be asked for now. */
  askFor(peer: IdentityKey): void
  expects(peer: IdentityKey): boolean
  /** Bytes that are wanted and not on our disk yet. */
  readonly promised: number
  readonly busy: boolean
}

/** Files of one person that move at a time: the rest wait their turn. */
const AT_ONCE = 2
/** Nothing was written for so long: the lane is given up, milliseconds. */
const STALL_MS = 30_000
/**
 * For so long after asking, a lane is taken even if nothing is wanted any more, milliseconds: the next file comes on
 * it, and who serves would otherwise wait in vain.
 */
const LANE_GRACE_MS = 30_000
/** Before asking again, doubling up to a minute, milliseconds. */
const PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

export function createIncoming(parts: Parts): IncomingFiles {
  const { deps } = parts
  const entries = new Map<string, Incoming>()
  const asked = new Map<IdentityKey, number>()
  /** Paused or fetched: those somebody wants. There may be far more that were only offered. */
  const wanted = new Map<IdentityKey, Set<Incoming>>()
  const ofPeer = (peer: IdentityKey): Incoming[] => [...(wanted.get(peer) ?? [])]
  const fetching = (peer: IdentityKey): Incoming[] =>
    ofPeer(peer).filter(({ state }) => state.at === 'fetching')
  const follow = (entry: Incoming): void => {
    const { peer } = entry.ref
    const all = wanted.get(peer) ?? new Set<Incoming>()
    if (entry.state.at === 'paused' || entry.state.at === 'fetching') wanted.set(peer, all.add(entry))
    else all.delete(entry)
  }
  /** By whom the next piece is most likely for. */
  const byTicket = new Map<string, Incoming>()

  const apply = (entry: Incoming, event: ReceivingEvent): void => {
    const before = entry.state
    const { state, effects } = stepReceiving(before, event, entry.ref.manifest)
    entry.state = state
    if (state.at !== before.at) follow(entry)
    if (before.at === 'fetching') byTicket.delete(ticketKey(entry.ref.peer, before.ticket))
    if (state.at === 'fetching') byTicket.set(ticketKey(entry.ref.peer, state.ticket), entry)
    if (state.at === 'fetching' && before.at !== 'fetching') entry.gauge.restart(state.written)
    for (const effect of effects) perform(parts, entry, { effect, event, apply, pause })
    if (event.event === 'piece') return
    if (event.event === 'asked') asked.set(entry.ref.peer, deps.timers.elapsed())
    if (event.event === 'wrote') entry.vain = 0
    if (state.at !== 'paused') setClock(entry, undefined)
    if (state.at === 'fetching') setClock(entry, 'progress')
    show(entry)
    parts.changed()
    if (before.at === 'fetching' && state.at !== 'fetching') askFor(entry.ref.peer)
  }
  const setClock = (entry: Incoming, awaits: 'progress' | 'next-try' | undefined): void => {
    entry.clock?.stop()
    entry.clock = undefined
    if (!awaits) return
    const ms = awaits === 'progress' ? STALL_MS : Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** entry.vain++)
    const stop = deps.timers.after(ms, () => {
      entry.clock = undefined
      if (awaits === 'next-try') {
        askFor(entry.ref.peer)
        return
      }
      // All of theirs pause with it, if there is one.
      parts.lanes().closeIncoming(entry.ref.peer)
      if (entry.state.at === 'fetching') pause(entry)
    })
    entry.clock = { awaits, stop }
  }
  const pause = (entry: Incoming): void => {
    setClock(entry, 'next-try')
    apply(entry, { event: 'interrupted' })
  }
  const askFor = (peer: IdentityKey): void => {
    if (deps.links.state(peer).at !== 'linked') return
    let room = AT_ONCE - fetching(peer).length
    for (const entry of ofPeer(peer)) {
      if (room <= 0) return
      if (entry.state.at !== 'paused' || entry.clock) continue
      room--
      apply(entry, { event: 'asked', ticket: ticketOf(parts) })
    }
  }

  return {
    add: (ref, state) => {
      const gauge = createGauge(ref.manifest, deps.timers.elapsed)
      const view = watched<FileView>({ at: 'loading' })
      const nothingYet = { intake: undefined, vain: 0, unwritable: false, clock: undefined }
      const entry = { ref, view, gauge, state, ...nothingYet }
      entries.set(transferKey({ peer: ref.peer, file: ref.manifest.file }), entry)
      follow(entry)
      show(entry)
      return entry
    },
    get: (peer, file) => entries.get(transferKey({ peer, file })),
    forget: (peer, file) => void entries.delete(transferKey({ peer, file })),
    apply,
    askFor,
    onFrame: (entry, signal) => {
      if (signal.step === 'cancel') apply(entry, { event: 'cancelled', by: 'them' })
      else if (signal.step === 'gone') apply(entry, { event: 'lost', reason: signal.reason })
      else parts.drop()
    },
    onMessage: (peer, message) => {
      const piece = decodePiece(message)
      const entry = piece && byTicket.get(ticketKey(peer, piece.ticket))
      if (entry) apply(entry, { event: 'piece', piece })
      else parts.drop()
    },
    interrupt: (peer, why) => {
      // A new link is a new chance: whoever rests is asked for at once.
      if (why === 'link') for (const entry of ofPeer(peer)) setClock(entry, undefined)
      for (const entry of fetching(peer)) {
        if (why === 'lane') pause(entry)
        else apply(entry, { event: 'interrupted' })
      }
    },
    expects: (peer) =>
      fetching(peer).length > 0 || deps.timers.elapsed() - (asked.get(peer) ?? -Infinity) < LANE_GRACE_MS,
    get promised() {
      const all = [...wanted.values()].flatMap((entries) => [...entries])
      return all.reduce((sum, { ref: { manifest }, state }) => {
        return sum + manifest.size - ('written' in state ? bytesIn(manifest, state.written) : 0)
      }, 0)
    },
    get busy() {
      return byTicket.size > 0
    },
  }
}

function ticketKey(peer: IdentityKey, ticket: number): string {
  return `${peer}/${String(ticket)}`
}

function ticketOf({ deps }: Parts): number {
  return new DataView(deps.random(4).buffer).getUint32(0)
}
