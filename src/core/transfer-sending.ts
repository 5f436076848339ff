import type { FileStep } from './file.ts'
import { AHEAD_BLOCKS, dropped, unchanged, type Stepped } from './transfer.ts'

/** A file we offer to one person. `written`: so many blocks from the start are on their disk, as far as we know. */
export type Sending =
  /** They have not asked yet, or the way to them was lost. */
  | { readonly at: 'waiting'; readonly written: number }
  /** `next` is the first block that did not leave yet. */
  | { readonly at: 'serving'; readonly ticket: number; readonly next: number; readonly written: number }
  | { readonly at: 'complete' }
  | { readonly at: 'cancelled'; readonly by: 'us' | 'them' }
  | { readonly at: 'gone'; readonly reason: 'missing' | 'changed' }

export type SendingEvent =
  /** `from` may be the number of blocks: then they have it all. */
  | { readonly event: 'wanted'; readonly ticket: number; readonly from: number }
  | { readonly event: 'wrote'; readonly ticket: number; readonly blocks: number }
  /** The block `next` of this ticket left. */
  | { readonly event: 'sent'; readonly ticket: number }
  /** Lane or link are lost. */
  | { readonly event: 'interrupted' }
  | { readonly event: 'cancelled'; readonly by: 'us' | 'them' }
  /** The file can no longer be read as it was offered. */
  | { readonly event: 'lost'; readonly reason: 'missing' | 'changed' }

export type SendingEffect =
  | { readonly do: 'serve'; readonly ticket: number }
  /** Keeps the state; `then` is said once it is on the disk. */
  | { readonly do: 'save'; readonly then?: FileStep }
  | { readonly do: 'say'; readonly step: FileStep }
  | { readonly do: 'count' }

type Step = Stepped<Sending, SendingEffect>

/** `total`: blocks of the file. */
export function stepSending(state: Sending, event: SendingEvent, total: number): Step {
  switch (event.event) {
    case 'wanted':
      return wanted(state, event, total)
    case 'wrote':
      return wrote(state, event, total)
    case 'sent':
      if (state.at !== 'serving' || state.ticket !== event.ticket) return unchanged(state)
      return { state: { ...state, next: state.next + 1 }, effects: [] }
    case 'interrupted':
      if (state.at !== 'serving') return unchanged(state)
      return { state: { at: 'waiting', written: state.written }, effects: [{ do: 'save' }] }
    case 'cancelled':
      if (isOver(state)) return unchanged(state)
      return {
        state: { at: 'cancelled', by: event.by },
        effects: [event.by === 'us' ? { do: 'save', then: { step: 'cancel' } } : { do: 'save' }],
      }
    case 'lost':
      if (isOver(state)) return unchanged(state)
      return {
        state: { at: 'gone', reason: event.reason },
        effects: [{ do: 'save', then: { step: 'gone', reason: event.reason } }],
      }
  }
}

/** May the block `next` be read and sent now? */
export function hasCredit(state: Sending & { at: 'serving' }, total: number): boolean {
  return state.next < total && state.next - state.written < AHEAD_BLOCKS
}

function isOver(state: Sending): boolean {
  return state.at === 'complete' || state.at === 'cancelled' || state.at === 'gone'
}

/** Also a complete file may be asked for again: their disk may have lost it. */
function wanted(state: Sending, { ticket, from }: { ticket: number; from: number }, total: number): Step {
  if (state.at === 'cancelled') return { state, effects: [{ do: 'say', step: { step: 'cancel' } }] }
  if (state.at === 'gone') {
    return { state, effects: [{ do: 'say', step: { step: 'gone', reason: state.reason } }] }
  }
  if (from > total) return dropped(state)
  if (from === total) {
    return state.at === 'complete'
      ? unchanged(state)
      : { state: { at: 'complete' }, effects: [{ do: 'save' }] }
  }
  return {
    state: { at: 'serving', ticket, next: from, written: from },
    effects: [{ do: 'save' }, { do: 'serve', ticket }],
  }
}

/** Nobody can have written what did not leave. */
function wrote(state: Sending, { ticket, blocks }: { ticket: number; blocks: number }, total: number): Step {
  if (state.at !== 'serving' || state.ticket !== ticket) return unchanged(state)
  if (blocks <= state.written || blocks > state.next) return dropped(state)
  if (blocks === total) return { state: { at: 'complete' }, effects: [{ do: 'save' }] }
  return { state: { ...state, written: blocks }, effects: [] }
}
