import type { Bytes } from '../core/bytes.ts'
import type { Piece } from '../core/transfer-receiving.ts'
import { MAX_LANE_MESSAGE } from './limits.ts'

/**
 * One message on a lane: a piece of a sealed block of a file.
 *
 * | bytes | field |
 * |---|---|
 * | 0–3 | ticket of the `want` that asked for it |
 * | 4–7 | block, 0 and up |
 * | 8–11 | where in the sealed block the piece begins |
 * | 12–15 | length of the whole sealed block |
 * | 16– | at least 1 byte of it; the message has at most 256 KiB |
 *
 * All numbers are unsigned and big-endian.
 */
export interface LanePiece extends Piece {
  /** The bytes of the piece, within the message they came in. */
  readonly payload: Bytes
}

export const LANE_HEADER = 16

/** Writes a message into `scratch`, which must have room for it, and gives that part of it. */
export function writePiece(
  scratch: Bytes,
  place: { ticket: number; block: number; offset: number },
  sealed: Uint8Array,
): Bytes {
  const length = Math.min(scratch.length - LANE_HEADER, sealed.length - place.offset)
  if (length < 1) throw new RangeError('a piece has at least one byte')
  const header = new DataView(scratch.buffer, scratch.byteOffset, LANE_HEADER)
  header.setUint32(0, place.ticket)
  header.setUint32(4, place.block)
  header.setUint32(8, place.offset)
  header.setUint32(12, sealed.length)
  scratch.set(sealed.subarray(place.offset, place.offset + length), LANE_HEADER)
  return scratch.subarray(0, LANE_HEADER + length)
}

/** Undefined for anything that cannot be a piece: the caller drops and counts it. Copies nothing. */
export function decodePiece(message: Bytes): LanePiece | undefined {
  if (message.length <= LANE_HEADER || message.length > MAX_LANE_MESSAGE) return undefined
  const header = new DataView(message.buffer, message.byteOffset, LANE_HEADER)
  const offset = header.getUint32(8)
  const sealed = header.getUint32(12)
  const length = message.length - LANE_HEADER
  if (offset + length > sealed) return undefined
  return {
    ticket: header.getUint32(0),
    block: header.getUint32(4),
    ...{ offset, sealed, length },
    payload: message.subarray(LANE_HEADER),
  }
}
