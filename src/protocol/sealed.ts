import { concat, uint, type Bytes } from '../core/bytes.ts'
import { MAX_ERA, type Era } from '../core/era.ts'
import type { Content } from '../core/record.ts'
import { KIND_CODES } from '../core/body.ts'
import { kindOf } from './body.ts'
import { MAX_CLOCK, MAX_FRAME } from './limits.ts'

/**
 * What an MLS message of a conversation carries: one record on its first trip (PROTOCOL §5). Author, incarnation and
 * conversation follow from who sealed it and from the link, the era from the MLS epoch.
 */
export interface OnFirstTrip {
  readonly content: Content
  /** The record's own signature, 64 bytes. */
  readonly signature: Bytes
}

/** What travels beside it in the clear. */
export interface TripContext {
  readonly seq: number
  /** Only where it was composed in another era than the one whose keys seal it. */
  readonly era?: Era
}

/** Plain texts are padded to a multiple of this many bytes. */
const PAD = 16

/** `kind 1 | clock 6 | salt 8 | signature 64 | body | 0x80 | 0…`, padded to a multiple of 16 bytes. */
export function encodeTrip({ content, signature }: OnFirstTrip): Bytes {
  const { kind, clock, body, salt } = content
  const whole = concat(
    Uint8Array.of(KIND_CODES[kind]),
    uint(clock, 8).subarray(2),
    salt,
    signature,
    body,
    Uint8Array.of(0x80),
  )
  const padded = new Uint8Array(Math.ceil(whole.length / PAD) * PAD)
  padded.set(whole)
  return padded
}

export function decodeTrip(plain: Bytes): OnFirstTrip | undefined {
  const end = lastByte(plain)
  if (plain.length > MAX_FRAME || plain.length % PAD !== 0 || end < 79 || plain[end] !== 0x80)
    return undefined
  const kind = kindOf(plain[0] ?? 0)
  const clock = plain.subarray(1, 7).reduce((sum, byte) => sum * 256 + byte, 0)
  if (kind === undefined || clock > MAX_CLOCK) return undefined
  return {
    content: { kind, clock, salt: plain.slice(7, 15), body: plain.slice(79, end) },
    signature: plain.slice(15, 79),
  }
}

function lastByte(plain: Bytes): number {
  let end = plain.length - 1
  while (end > 0 && plain[end] === 0) end -= 1
  return end
}

/** Each number as a variable-length quantity: 7 bits to a byte, the highest first, all but the last with its top bit set. */
export function encodeContext({ seq, era }: TripContext): Bytes {
  const numbers = era ? [seq, era.generation, era.epoch] : [seq]
  return Uint8Array.from(numbers.flatMap(quantity))
}

function quantity(value: number): number[] {
  const rest = Math.floor(value / 128)
  return [...(rest > 0 ? quantity(rest).map((byte) => byte | 0x80) : []), value % 128]
}

export function decodeContext(bytes: Bytes): TripContext | undefined {
  const numbers: number[] = []
  let [value, open] = [0, false]
  for (const byte of bytes) {
    // The shortest form is the only one.
    if (!open && byte === 0x80) return undefined
    value = value * 128 + (byte & 0x7f)
    if (!Number.isSafeInteger(value)) return undefined
    open = byte >= 0x80
    if (open) continue
    numbers.push(value)
    value = 0
  }
  const [seq, generation, epoch] = numbers
  if (open || seq === undefined || seq === 0) return undefined
  if (numbers.length === 1) return { seq }
  if (numbers.length !== 3 || generation === undefined || epoch === undefined) return undefined
  if (Math.max(generation, epoch) > MAX_ERA) return undefined
  return { seq, era: { generation, epoch } }
}
