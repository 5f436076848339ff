import type { FileStep } from './file.ts'
import { CREDIT_BLOCKS, dropped, unchanged, type Stepped } from './transfer.ts'
import { blocksOf, sealedLength, type Layout } from './transfer-layout.ts'

/** Why a file can no longer be had. */
export type Loss = 'missing' | 'changed' | 'damaged' | 'disk-full'

/** A file somebody offers us. `written`: so many blocks from the start are on our disk. */
export type Receiving =
  /** Waits for the person's consent. */
  | { readonly at: 'offered' }
  /** Wanted, but just now nobody serves it. */
  | { readonly at: 'paused'; readonly written: number }
  | Fetching
  | { readonly at: 'complete' }
  | { readonly at: 'cancelled'; readonly by: 'us' | 'them' }
  | { readonly at: 'gone'; readonly reason: Loss }

interface Fetching {
  readonly at: 'fetching'
  readonly ticket: number
  /** Where the next piece must begin: a lane is ordered, so there is only one right place. */
  readonly block: number
  readonly offset: number
  readonly written: number
}

/** A message of a lane, without its bytes. */
export interface Piece {
  readonly ticket: number
  readonly block: number
  /** Bytes from the start of the sealed block. */
  readonly offset: number
  /** Bytes of the whole sealed block. */
  readonly sealed: number
  readonly length: number
}

export type ReceivingEvent =
  | { readonly event: 'accepted' }
  /** There is a link to ask on; `ticket` is fresh and random. */
  | { readonly event: 'asked'; readonly ticket: number }
  | { readonly event: 'piece'; readonly piece: Piece }
  /** So many blocks are verified and on our disk. */
  | { readonly event: 'wrote'; readonly ticket: number; readonly blocks: number }
  | { readonly event: 'interrupted' }
  | { readonly event: 'cancelled'; readonly by: 'us' | 'them' }
  | { readonly event: 'lost'; readonly reason: Loss }

export type ReceivingEffect =
  /** Opens the disk for blocks from this one on. */
  | { readonly do: 'begin'; readonly from: number }
  /** Gives the piece to the disk. */
  | { readonly do: 'keep' }
  /** No more pieces for now; what is written stays. */
  | { readonly do: 'end' }
  /** Takes from the disk what was written. */
  | { readonly do: 'clear' }
  /** Keeps the state; `then` is said once it is on the disk. */
  | { readonly do: 'save'; readonly then?: FileStep }
  | { readonly do: 'say'; readonly step: FileStep }
  | { readonly do: 'count' }

type Step = Stepped<Receiving, ReceivingEffect>

/** A durable count every so many blocks is enough: after a crash a little is fetched again, never too little kept. */
const SAVE_EVERY = 16
/** Only the end of a block may come in a smaller piece, bytes: a flood of crumbs is no file. */
export const MIN_PIECE = 8_192

export function stepReceiving(state: Receiving, event: ReceivingEvent, layout: Layout): Step {
  switch (event.event) {
    case 'accepted':
      if (state.at !== 'offered') return unchanged(state)
      return { state: { at: 'paused', written: 0 }, effects: [{ do: 'save' }] }
    case 'asked':
      return asked(state, event.ticket)
    case 'piece':
      return piece(state, event.piece, layout)
    case 'wrote':
      return wrote(state, event, layout)
    case 'interrupted':
      if (state.at !== 'fetching') return unchanged(state)
      return { state: { at: 'paused', written: state.written }, effects: [{ do: 'end' }, { do: 'save' }] }
    case 'cancelled':
      return cancelled(state, event.by)
    case 'lost':
      return lost(state, event.reason)
  }
}

function asked(state: Receiving, ticket: number): Step {
  if (state.at !== 'paused') return unchanged(state)
  const { written } = state
  return {
    state: { at: 'fetching', ticket, block: written, offset: 0, written },
    effects: [
      { do: 'begin', from: written },
      { do: 'say', step: { step: 'want', ticket, from: written } },
    ],
  }
}

function piece(state: Receiving, piece: Piece, layout: Layout): Step {
  if (state.at !== 'fetching' || state.ticket !== piece.ticket || !fits(state, piece, layout))
    return dropped(state)
  const end = piece.offset + piece.length
  const place =
    end === piece.sealed ? { block: piece.block + 1, offset: 0 } : { block: piece.block, offset: end }
  return { state: { ...state, ...place }, effects: [{ do: 'keep' }] }
}

function fits(state: Fetching, piece: Piece, layout: Layout): boolean {
  const { block, offset, sealed, length } = piece
  return (
    block === state.block &&
    offset === state.offset &&
    block < blocksOf(layout) &&
    block - state.written < CREDIT_BLOCKS &&
    sealed === sealedLength(layout, block) &&
    offset + length <= sealed &&
    (length >= MIN_PIECE || offset + length === sealed)
  )
}

function wrote(
  state: Receiving,
  { ticket, blocks }: { ticket: number; blocks: number },
  layout: Layout,
): Step {
  if (state.at !== 'fetching' || state.ticket !== ticket || blocks <= state.written) return unchanged(state)
  const step: FileStep = { step: 'wrote', ticket, blocks }
  if (blocks === blocksOf(layout)) {
    return { state: { at: 'complete' }, effects: [{ do: 'end' }, { do: 'save', then: step }] }
  }
  const durable = Math.floor(blocks / SAVE_EVERY) > Math.floor(state.written / SAVE_EVERY)
  return {
    state: { ...state, written: blocks },
    effects: [...(durable ? [{ do: 'save' } as const] : []), { do: 'say', step }],
  }
}

function cancelled(state: Receiving, by: 'us' | 'them'): Step {
  if (isOver(state)) return unchanged(state)
  return {
    state: { at: 'cancelled', by },
    effects: [...stop(state), by === 'us' ? { do: 'save', then: { step: 'cancel' } } : { do: 'save' }],
  }
}

/** What broke on our side the other side hears of as a cancel. */
function lost(state: Receiving, reason: Loss): Step {
  if (isOver(state)) return unchanged(state)
  const ours = reason === 'damaged' || reason === 'disk-full'
  return {
    state: { at: 'gone', reason },
    effects: [...stop(state), ours ? { do: 'save', then: { step: 'cancel' } } : { do: 'save' }],
  }
}

function isOver(state: Receiving): boolean {
  return state.at === 'complete' || state.at === 'cancelled' || state.at === 'gone'
}

function stop(state: Receiving): ReceivingEffect[] {
  return state.at === 'fetching' ? [{ do: 'end' }, { do: 'clear' }] : [{ do: 'clear' }]
}
