import { blocksOf } from '../../core/transfer-layout.ts'
import type { Receiving, ReceivingEffect, ReceivingEvent } from '../../core/transfer-receiving.ts'
import type { Settable } from '../../core/watched.ts'
import type { LanePiece } from '../../protocol/lane.ts'
import type { Intake } from '../../store/disk.ts'
import type { Gauge } from './gauge.ts'
import { rowOf } from './ledger.ts'
import type { Parts } from './parts.ts'
import { diskName, type FileRef, type FileView } from './types.ts'

/** A file of somebody else. */
export interface Incoming {
  readonly ref: FileRef
  readonly view: Settable<FileView>
  readonly gauge: Gauge
  state: Receiving
  intake: Intake | undefined
  /** Times in a row that it was asked for in vain. */
  vain: number
  /** The disk refused it, and nothing was written since. */
  unwritable: boolean
  /** Runs while progress is awaited, or before it is asked for again. */
  clock: { readonly awaits: 'progress' | 'next-try'; stop(): void } | undefined
}

/** What a step of {@link Incoming} asks for, and how to go on. */
export interface Performing {
  readonly effect: ReceivingEffect
  readonly event: ReceivingEvent
  apply(entry: Incoming, event: ReceivingEvent): void
  pause(entry: Incoming): void
}

export function perform(parts: Parts, entry: Incoming, performing: Performing): void {
  const { peer, manifest } = entry.ref
  const { effect, event } = performing
  switch (effect.do) {
    case 'begin':
      entry.intake = openIntake(parts, entry, { ...performing, from: effect.from })
      return
    case 'keep':
      if (event.event === 'piece') entry.intake?.push(event.piece.offset, (event.piece as LanePiece).payload)
      return
    case 'end':
      entry.intake?.end()
      entry.intake = undefined
      return
    case 'clear':
      parts.deps.disk.remove(diskName(parts.deps, entry.ref)).catch(parts.deps.report)
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
  { ledger, untold }: Parts,
  { ref, state }: Incoming,
  effect: ReceivingEffect & { do: 'save' },
) {
  const { peer, manifest } = ref
  await ledger.put(rowOf(ref, state))
  if (effect.then) untold.say(peer, manifest.file, effect.then)
  if (state.at === 'complete') {
    // The link may have changed since: then `wrote` means nothing to them.
    untold.insist(peer, manifest.file, { step: 'want', ticket: 0, from: blocksOf(manifest) })
  }
}

function openIntake(
  { deps }: Parts,
  entry: Incoming,
  { from, apply, pause }: Pick<Performing, 'apply' | 'pause'> & { from: number },
): Intake {
  const { ticket } = entry.state as Receiving & { at: 'fetching' }
  return deps.disk.receive({
    ...entry.ref.manifest,
    from,
    name: diskName(deps, entry.ref),
    wrote: (blocks) => {
      entry.unwritable = false
      apply(entry, { event: 'wrote', ticket, blocks })
    },
    failed: (reason) => {
      if (entry.state.at !== 'fetching' || entry.state.ticket !== ticket) return
      if (reason === 'unwritable') {
        entry.unwritable = true
        pause(entry)
      } else apply(entry, { event: 'lost', reason })
    },
  })
}

export function show({ view, state, gauge, unwritable }: Incoming): void {
  const trouble = unwritable ? ({ unwritable } as const) : {}
  if (state.at === 'paused') view.set({ ...gauge.read(state.written, true), ...trouble })
  else if (state.at === 'fetching') view.set(gauge.read(state.written, false))
  else if (state.at === 'complete') view.set({ at: 'complete', savable: true })
  else view.set(state)
}
