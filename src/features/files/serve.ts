import type { Bytes } from '../../core/bytes.ts'
import { AHEAD_BLOCKS } from '../../core/transfer.ts'
import { MIN_PIECE } from '../../core/transfer-receiving.ts'
import type { Sending, SendingEvent } from '../../core/transfer-sending.ts'
import { LaneClosed } from '../../net/lane.ts'
import { LANE_HEADER, writePiece } from '../../protocol/lane.ts'
import { release } from '../../store/release.ts'
import type { OutLane } from './lanes.ts'
import type { Outgoing } from './outgoing.ts'
import type { Sealed, Source } from './source.ts'

/** Blocks that are read and sealed while others leave. */
const AHEAD = 3

export interface Serving {
  readonly entry: Outgoing
  readonly ticket: number
  readonly source: Source
  readonly lane: OutLane
  apply(entry: Outgoing, event: SendingEvent): void
}

/**
 * Sends block after block for as long as this ticket holds and the receiver's credit lasts. Rejects with LaneClosed.
 * Memory: AHEAD sealed blocks and one message.
 */
export async function serve(serving: Serving): Promise<void> {
  const scratch = await makeScratch(serving.lane)
  const ahead: Promise<Sealed>[] = []
  try {
    await serveBlocks(serving, { scratch, ahead })
  } finally {
    // What is still being read is waited for: whoever asks again and again does not make us read more at a time.
    await Promise.allSettled(ahead)
  }
}

async function serveBlocks(
  serving: Serving,
  { scratch, ahead }: { scratch: Bytes; ahead: Promise<Sealed>[] },
): Promise<void> {
  const { entry, ticket, source, apply } = serving
  let planned = stateOf(serving)?.next ?? 0
  for (let state = stateOf(serving); state; state = stateOf(serving)) {
    const limit = Math.min(entry.total, state.written + AHEAD_BLOCKS, state.next + AHEAD)
    while (planned < limit) ahead.push(source.block(planned++))
    const next = ahead.shift()
    if (!next) {
      await change(entry)
      continue
    }
    const read = await next
    if ('lost' in read) apply(entry, { event: 'lost', reason: read.lost })
    else if (await sendBlock(serving, scratch, read.sealed)) apply(entry, { event: 'sent', ticket })
  }
}

/** Undefined once somebody asked anew, cancelled, or has it all. */
function stateOf({ entry: { state }, ticket }: Serving): (Sending & { at: 'serving' }) | undefined {
  return state.at === 'serving' && state.ticket === ticket ? state : undefined
}

async function makeScratch(lane: OutLane): Promise<Bytes> {
  const longest = await lane.longest()
  if (longest < LANE_HEADER + MIN_PIECE) throw new LaneClosed('the other side takes no messages of use')
  return new Uint8Array(longest)
}

/** False when it stopped on the way. */
async function sendBlock(serving: Serving, scratch: Bytes, sealed: Bytes): Promise<boolean> {
  const { ticket, lane } = serving
  const piece = scratch.length - LANE_HEADER
  for (let offset = 0; offset < sealed.length; offset += piece) {
    const block = stateOf(serving)?.next
    if (block === undefined) return false
    await lane.send(() => writePiece(scratch, { ticket, block, offset }, sealed))
  }
  release(sealed)
  return true
}

/** Resolves when anything about this file changes. */
function change(entry: Outgoing): Promise<void> {
  return new Promise((resolve) => {
    entry.wake = resolve
  })
}
