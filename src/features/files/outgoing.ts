import type { FileSignal } from '../../core/file.ts'
import type { FileId, IdentityKey } from '../../core/ids.ts'
import { blocksOf } from '../../core/transfer-layout.ts'
import {
  stepSending,
  type Sending,
  type SendingEffect,
  type SendingEvent,
} from '../../core/transfer-sending.ts'
import { watched, type Settable } from '../../core/watched.ts'
import { LaneClosed } from '../../net/lane.ts'
import type { Transfer } from '../../store/tables.ts'
import { createGauge, type Gauge } from './gauge.ts'
import { markFailed, rowOf } from './ledger.ts'
import type { Parts } from './parts.ts'
import { serve } from './serve.ts'
import { isStaged, STAGED_MAX, stagedSource, type Source } from './source.ts'
import { diskName, transferKey, type FileRef, type FilesDeps, type FileView } from './types.ts'

/** A file of ours that somebody may ask for. */
export interface Outgoing {
  readonly ref: FileRef
  readonly total: number
  readonly view: Settable<FileView>
  readonly gauge: Gauge
  state: Sending
  source: Source | undefined
  /** Wakes the one who serves it. */
  wake: () => void
  /** Ends when nobody serves it any more: only then the next one begins. */
  served: Promise<void>
}

/** The sending side of all transfers. */
export interface OutgoingFiles {
  add(ref: FileRef, state: Sending, source?: Source): Outgoing
  get(peer: IdentityKey, file: FileId): Outgoing | undefined
  /** It is asked for in vain from now on. */
  forget(peer: IdentityKey, file: FileId): void
  onFrame(entry: Outgoing, signal: FileSignal): void
  apply(entry: Outgoing, event: SendingEvent): void
  /** The way to this person is lost. */
  interrupt(peer: IdentityKey): void
  readonly busy: boolean
}

export function createOutgoing(parts: Parts): OutgoingFiles {
  const entries = new Map<string, Outgoing>()

  const apply = (entry: Outgoing, event: SendingEvent): void => {
    const before = entry.state
    const { state, effects } = stepSending(before, event, entry.total)
    entry.state = state
    if (state.at === 'serving' && before.at !== 'serving') entry.gauge.restart(state.written)
    for (const effect of effects) perform(parts, entry, { effect, apply })
    entry.wake()
    show(entry)
    parts.changed()
  }

  return {
    add: (ref, state, source) => {
      const total = blocksOf(ref.manifest)
      const gauge = createGauge(ref.manifest, parts.deps.timers.elapsed)
      const view = watched<FileView>({ at: 'loading' })
      const idle = { wake: () => undefined, served: Promise.resolve() }
      const entry = { ref, total, view, gauge, state, source, ...idle }
      entries.set(keyOf(ref), entry)
      parts.receivers.add(ref.manifest.file, ref.peer)
      show(entry)
      return entry
    },
    get: (peer, file) => entries.get(transferKey({ peer, file })),
    forget: (peer, file) => void entries.delete(transferKey({ peer, file })),
    apply,
    onFrame: (entry, signal) => {
      const event = eventOf(signal)
      if (event) apply(entry, event)
      else parts.drop()
    },
    interrupt: (peer) => {
      for (const entry of entries.values())
        if (entry.ref.peer === peer) apply(entry, { event: 'interrupted' })
    },
    get busy() {
      return [...entries.values()].some(({ state }) => state.at === 'serving')
    },
  }
}

function keyOf({ peer, manifest }: FileRef): string {
  return transferKey({ peer, file: manifest.file })
}

function eventOf(signal: FileSignal): SendingEvent | undefined {
  switch (signal.step) {
    case 'want':
      return { event: 'wanted', ticket: signal.ticket, from: signal.from }
    case 'wrote':
      return { event: 'wrote', ticket: signal.ticket, blocks: signal.blocks }
    case 'cancel':
      return { event: 'cancelled', by: 'them' }
    case 'gone':
    case 'over':
      return undefined
  }
}

type Apply = OutgoingFiles['apply']

interface Performing {
  readonly effect: SendingEffect
  readonly apply: Apply
}

function perform(parts: Parts, entry: Outgoing, performing: Performing): void {
  const { effect, apply } = performing
  const { peer, manifest } = entry.ref
  switch (effect.do) {
    case 'serve':
      entry.served = entry.served
        .then(() => serveSafely(parts, entry, { ticket: effect.ticket, apply }))
        .catch(parts.deps.report)
      return
    case 'say':
      parts.untold.say(peer, manifest.file, effect.step)
      return
    case 'save':
      save(parts, entry, effect).catch(parts.deps.report)
      return
    case 'count':
      parts.drop()
  }
}

async function save(
  { deps, ledger, untold }: Parts,
  entry: Outgoing,
  effect: SendingEffect & { do: 'save' },
) {
  const { ref, state } = entry
  await ledger.put(rowOf(ref, state))
  if (effect.then) untold.say(ref.peer, ref.manifest.file, effect.then)
  if (state.at !== 'gone' && state.at !== 'cancelled') return
  const others = await othersOf(deps, ref)
  // Who has it has it.
  if (state.at === 'gone' && !others.includes('complete')) await markFailed(deps, ref)
  // It lies there once for all to whom it goes.
  if (others.every((at) => at === 'gone' || at === 'cancelled')) await deps.disk.remove(diskName(deps, ref))
}

/** How the same file stands with the others to whom it goes. */
async function othersOf(
  { store }: FilesDeps,
  { peer, manifest }: FileRef,
): Promise<Transfer['state']['at'][]> {
  return (await store.all('transfers'))
    .filter(({ file, direction }) => file === manifest.file && direction === 'sending')
    .flatMap((row) => (row.peer === peer ? [] : [row.state.at]))
}

async function serveSafely(parts: Parts, entry: Outgoing, task: { ticket: number; apply: Apply }) {
  const { ticket, apply } = task
  if (entry.state.at !== 'serving' || entry.state.ticket !== ticket) return
  try {
    entry.source ??= await findSource(parts.deps, entry.ref)
    const { source } = entry
    if (!source) apply(entry, { event: 'lost', reason: 'missing' })
    else await serve({ entry, ticket, source, apply, lane: parts.lanes().out(entry.ref.peer) })
  } catch (error) {
    if (entry.state.at === 'serving' && entry.state.ticket === ticket) apply(entry, { event: 'interrupted' })
    if (!(error instanceof LaneClosed)) throw error
  }
}

/** After a reload only what was staged is still here. */
export async function findSource(deps: FilesDeps, ref: FileRef): Promise<Source | undefined> {
  const name = diskName(deps, ref)
  const staged = ref.manifest.size <= STAGED_MAX && (await isStaged(deps.disk, name, ref.manifest))
  return staged ? stagedSource(deps.disk, name, ref.manifest) : undefined
}

function show({ view, state, gauge, source, ref }: Outgoing): void {
  if (state.at === 'serving') view.set(gauge.read(state.written, false))
  else if (state.at === 'waiting' && state.written > 0) view.set(gauge.read(state.written, true))
  else if (state.at === 'waiting') view.set({ at: 'waiting' })
  else if (state.at === 'complete') {
    view.set({ at: 'complete', savable: source ? source.kind === 'staged' : ref.manifest.size <= STAGED_MAX })
  } else view.set(state)
}
