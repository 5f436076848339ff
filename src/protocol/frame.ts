import * as v from 'valibot'
import { fromHex, type Bytes } from '../core/bytes.ts'
import type { CallSignal } from '../core/call.ts'
import type { Have } from '../core/feed.ts'
import type { FileSignal } from '../core/file.ts'
import type { CallId, ConversationId, FileId, IdentityKey, IncarnationId } from '../core/ids.ts'
import { fromCbor, toCbor } from './cbor.ts'
import { MAX_FRAME, MAX_HAVE } from './limits.ts'
import { recordSchema, recordTuple, type RecordOnWire } from './record.ts'
import { bytes, count, id, ordinal, parse } from './schema.ts'
import { signalSchema, type Signal } from './signal.ts'

/** What one side of a bound link says to the other. Each frame is one message of at most 64 KiB. */
export type Frame =
  /** A part of the full vector ('more' follows, or this was the 'last'), or what changed since. */
  | { readonly type: 'have'; readonly part: 'change' | 'more' | 'last'; readonly entries: Have[] }
  | { readonly type: 'record'; readonly record: RecordOnWire }
  | { readonly type: 'ping' | 'pong'; readonly nonce: number }
  /** This link ends on purpose: another one won, or the page is going away. */
  | { readonly type: 'close'; readonly reason: 'duplicate' | 'leaving' }
  /** Sets up a lane or a call; `lane` is 8 random bytes of hex, chosen by the side that begins. */
  | {
      readonly type: 'signal'
      readonly lane: string
      readonly use: 'files' | CallId
      readonly signal: Signal
    }
  | { readonly type: 'call'; readonly call: CallSignal }
  | { readonly type: 'file'; readonly file: FileSignal }

const CODES = { have: 1, record: 2, ping: 3, pong: 4, close: 5, signal: 6, call: 7, file: 8 } as const

const u32 = v.pipe(count, v.maxValue(0xffff_ffff))

const have = v.pipe(
  v.strictTuple([id<ConversationId>(16), id<IdentityKey>(32), id<IncarnationId>(8), ordinal, bytes(8)]),
  v.transform(([conversation, author, incarnation, seq, head]): Have => {
    return { conversation, author, incarnation, seq, head }
  }),
)

const use = v.union([v.literal('files'), id<CallId>(16)])

const callStep = v.variant('step', [
  v.strictObject({ step: v.literal('ring'), video: v.boolean() }),
  v.strictObject({ step: v.literal('ringing') }),
  v.strictObject({ step: v.literal('accept'), video: v.boolean() }),
  v.strictObject({ step: v.literal('decline') }),
  v.strictObject({ step: v.literal('busy') }),
  v.strictObject({ step: v.literal('end') }),
  v.strictObject({ step: v.literal('media'), muted: v.boolean(), camera: v.boolean() }),
])

const fileStep = v.variant('step', [
  v.strictObject({ step: v.literal('want'), ticket: u32, from: u32 }),
  v.strictObject({ step: v.literal('wrote'), ticket: u32, blocks: u32 }),
  v.strictObject({ step: v.literal('cancel') }),
  v.strictObject({ step: v.literal('gone'), reason: v.picklist(['missing', 'changed']) }),
  v.strictObject({ step: v.literal('over') }),
])

/** One schema per frame, by code; each takes the fields behind the code. */
const schemas: Record<number, v.GenericSchema<unknown, Frame>> = {
  [CODES.have]: v.pipe(
    // The number first: whoever sends too many has none of them looked at.
    v.strictTuple([
      v.picklist(['change', 'more', 'last']),
      v.pipe(v.array(v.unknown()), v.maxLength(MAX_HAVE), v.array(have)),
    ]),
    v.transform(([part, entries]): Frame => ({ type: 'have', part, entries })),
  ),
  [CODES.record]: v.pipe(
    v.strictTuple([recordSchema]),
    v.transform(([record]): Frame => ({ type: 'record', record })),
  ),
  [CODES.ping]: v.pipe(
    v.strictTuple([u32]),
    v.transform(([nonce]): Frame => ({ type: 'ping', nonce })),
  ),
  [CODES.pong]: v.pipe(
    v.strictTuple([u32]),
    v.transform(([nonce]): Frame => ({ type: 'pong', nonce })),
  ),
  [CODES.close]: v.pipe(
    v.strictTuple([v.picklist(['duplicate', 'leaving'])]),
    v.transform(([reason]): Frame => ({ type: 'close', reason })),
  ),
  [CODES.signal]: v.pipe(
    v.strictTuple([id<string>(8), use, signalSchema]),
    v.transform(([lane, use, signal]): Frame => ({ type: 'signal', lane, use, signal })),
  ),
  [CODES.call]: v.pipe(
    v.strictTuple([id<CallId>(16), callStep]),
    v.transform(([call, step]): Frame => ({ type: 'call', call: { call, ...step } })),
  ),
  [CODES.file]: v.pipe(
    v.strictTuple([id<FileId>(16), fileStep]),
    v.transform(([file, step]): Frame => ({ type: 'file', file: { file, ...step } })),
  ),
}

/** `[code, …fields]` in deterministic CBOR. Throws a RangeError if the frame would exceed 64 KiB: our own bug. */
export function encodeFrame(frame: Frame): Bytes {
  const encoded = toCbor([CODES[frame.type], ...fields(frame)])
  if (encoded.length > MAX_FRAME) throw new RangeError(`a ${frame.type} frame of ${encoded.length} bytes`)
  return encoded
}

function fields(frame: Frame): unknown[] {
  switch (frame.type) {
    case 'have':
      return [frame.part, frame.entries.map(haveTuple)]
    case 'record':
      return [recordTuple(frame.record)]
    case 'ping':
    case 'pong':
      return [frame.nonce]
    case 'close':
      return [frame.reason]
    case 'signal':
      return [fromHex(frame.lane), frame.use === 'files' ? frame.use : fromHex(frame.use), frame.signal]
    case 'call': {
      const { call, ...step } = frame.call
      return [fromHex(call), step]
    }
    case 'file': {
      const { file, ...step } = frame.file
      return [fromHex(file), step]
    }
  }
}

function haveTuple({ conversation, author, incarnation, seq, head }: Have): unknown[] {
  return [fromHex(conversation), fromHex(author), fromHex(incarnation), seq, head]
}

/** Undefined for anything that is not exactly one frame: the caller drops and counts it. */
export function decodeFrame(received: unknown): Frame | undefined {
  if (!(received instanceof Uint8Array)) return undefined
  const value = fromCbor(received, MAX_FRAME)
  if (!Array.isArray(value) || typeof value[0] !== 'number') return undefined
  const schema = schemas[value[0]]
  return schema && parse(schema, value.slice(1))
}
