import * as v from 'valibot'
import { fromHex, type Bytes } from '../core/bytes.ts'
import type { CallSignal } from '../core/call.ts'
import type { Agreement, Have } from '../core/feed.ts'
import type { FileSignal } from '../core/file.ts'
import type { CallId, ConversationId, FileId, IdentityKey, IncarnationId, InviteId } from '../core/ids.ts'
import type { Start } from '../core/roster.ts'
import type { FeedId } from '../core/record.ts'
import { fromCbor, toCbor } from './cbor.ts'
import { MAX_BASE, MAX_FRAME, MAX_HAVE, MAX_NAME, MAX_SEEN } from './limits.ts'
import { recordSchema, recordTuple, type RecordOnWire } from './record.ts'
import { eraSchema, eraTuple, feedHeadSchema, feedHeadTuple, few, seatSchema, seatTuple } from './roster.ts'
import { bytes, count, eraNumber, id, ordinal, parse, text } from './schema.ts'
import { signalSchema, type Signal } from './signal.ts'
import { callStep, fileStep, u32 } from './steps.ts'

/** A place in a feed. */
export type FeedPlace = FeedId & { readonly seq: number }

/** What one side of a bound link says to the other. Each frame is one message of at most 64 KiB. */
export type Frame =
  /**
   * What this device holds of one conversation: a part of the full vector ('more' follows, or this was the 'last'), or
   * what changed since. 'ask' is a last part whose sender did not know the conversation before: say yours again.
   * 'farewell' is a last part for somebody who is no more in it: only of their own feeds and of the sender's.
   */
  | {
      readonly type: 'have'
      readonly conversation: ConversationId
      readonly part: 'change' | 'more' | 'last' | 'ask' | 'farewell'
      readonly entries: readonly Have[]
      /** Which group this device is in, as MLS has it. */
      readonly agreement?: Agreement
    }
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
  /** A record on its first trip: an MLS message (RFC 9420 §6.3) around what sealed.ts says. */
  | { readonly type: 'sealed'; readonly sealed: Bytes }
  /** Wants to be added: to a generation of a conversation, or to the group behind an invite. */
  | { readonly type: 'join'; readonly to: Joining; readonly keyPackage: Bytes }
  | {
      readonly type: 'welcome'
      readonly conversation: ConversationId
      readonly generation: number
      /** RFC 9420 §12.4.3.1 */
      readonly welcome: Bytes
      /** For somebody new. */
      readonly start?: Start
    }
  /** The organiser does not let the sender of a `join` in. */
  | { readonly type: 'turned-away'; readonly invite: InviteId; readonly reason: 'declined' | 'full' | 'over' }
  /** What was sent of that feed beyond `seq` could not be opened: give it in the open. */
  | { readonly type: 'lack'; readonly feed: FeedPlace }
  /** Records whose content is missing here for no reason known. */
  /** `bare`: also those of which only a tombstone is there. */
  | { readonly type: 'want'; readonly records: readonly FeedPlace[]; readonly bare: boolean }
  /** What was on this person's screen. */
  | { readonly type: 'read'; readonly feeds: readonly FeedPlace[] }
  | { readonly type: 'typing'; readonly conversation: ConversationId; readonly on: boolean }
  /** Whether somebody is looking. */
  | { readonly type: 'presence'; readonly active: boolean }

/**
 * Whereto somebody wants to be added; generation 0: who was invited does not know it. `invite` as well where the pre-shared
 * key of that invite must be used.
 */
export type Joining =
  | { readonly conversation: ConversationId; readonly generation: number; readonly invite?: InviteId }
  | { readonly invite: InviteId }

const conversation = id<ConversationId>(16)
const invite = id<InviteId>(16)
const author = id<IdentityKey>(32)
const incarnation = id<IncarnationId>(8)

const have = v.pipe(
  v.union([
    v.strictTuple([author, incarnation, ordinal, bytes(8)]),
    v.strictTuple([author, incarnation, ordinal, bytes(8), count]),
  ]),
  v.check(([, , seq, , whole = -1]) => whole < seq),
  v.transform(([author, incarnation, seq, head, whole]) => {
    return { author, incarnation, seq, head, ...(whole !== undefined && { whole }) }
  }),
)

/** `[era, MLS group id, epoch authenticator[0..8]]` */
const agreement = v.pipe(
  v.strictTuple([eraSchema, bytes(8), bytes(8)]),
  v.transform(([era, group, authenticator]): Agreement => ({ era, group, authenticator })),
)

const use = v.union([v.literal('files'), id<CallId>(16)])

const feedPlace = v.pipe(
  v.strictTuple([conversation, author, incarnation, count]),
  v.transform(([conversation, author, incarnation, seq]): FeedPlace => {
    return { conversation, author, incarnation, seq }
  }),
)

const joining = v.union([
  v.pipe(
    invite,
    v.transform((invite): Joining => ({ invite })),
  ),
  v.pipe(
    v.strictTuple([conversation, eraNumber, v.nullable(invite)]),
    v.transform(([conversation, generation, invite]): Joining => ({
      ...{ conversation, generation },
      ...(invite && { invite }),
    })),
  ),
])

/** `[name, era, seats, base]` */
const start = v.pipe(
  v.strictTuple([text(MAX_NAME), eraSchema, few(MAX_BASE, seatSchema), few(MAX_BASE, feedHeadSchema)]),
  v.transform(([name, era, seats, base]): Start => ({ name, era, seats, base })),
)

const none = <T>(value: T | null | undefined, name: string) =>
  value === null || value === undefined ? {} : { [name]: value }

/** The frames by code; each schema takes the fields behind the code. A code once given is never given to another. */
const FRAMES = {
  have: {
    code: 1,
    schema: v.pipe(
      v.strictTuple([
        conversation,
        v.picklist(['change', 'more', 'last', 'ask', 'farewell']),
        few(MAX_HAVE, have),
        v.nullable(agreement),
      ]),
      v.transform(([conversation, part, entries, agreement]) => ({
        ...{ conversation, part, entries: entries.map((entry) => ({ conversation, ...entry })) },
        ...none(agreement, 'agreement'),
      })),
    ),
  },
  record: {
    code: 2,
    schema: v.pipe(
      v.strictTuple([recordSchema]),
      v.transform(([record]) => ({ record })),
    ),
  },
  ping: {
    code: 3,
    schema: v.pipe(
      v.strictTuple([u32]),
      v.transform(([nonce]) => ({ nonce })),
    ),
  },
  pong: {
    code: 4,
    schema: v.pipe(
      v.strictTuple([u32]),
      v.transform(([nonce]) => ({ nonce })),
    ),
  },
  close: {
    code: 5,
    schema: v.pipe(
      v.strictTuple([v.picklist(['duplicate', 'leaving'])]),
      v.transform(([reason]) => ({ reason })),
    ),
  },
  signal: {
    code: 6,
    schema: v.pipe(
      v.strictTuple([id<string>(8), use, signalSchema]),
      v.transform(([lane, use, signal]) => ({ lane, use, signal })),
    ),
  },
  call: {
    code: 7,
    schema: v.pipe(
      v.strictTuple([id<CallId>(16), callStep]),
      v.transform(([call, step]) => ({ call: { call, ...step } })),
    ),
  },
  file: {
    code: 8,
    schema: v.pipe(
      v.strictTuple([id<FileId>(16), fileStep]),
      v.transform(([file, step]) => ({ file: { file, ...step } })),
    ),
  },
  sealed: {
    code: 9,
    schema: v.pipe(
      v.strictTuple([bytes(1, MAX_FRAME)]),
      v.transform(([sealed]) => ({ sealed })),
    ),
  },
  join: {
    code: 10,
    schema: v.pipe(
      v.strictTuple([joining, bytes(1, 4_096)]),
      v.transform(([to, keyPackage]) => ({ to, keyPackage })),
    ),
  },
  welcome: {
    code: 11,
    schema: v.pipe(
      v.strictTuple([conversation, v.pipe(eraNumber, v.minValue(1)), bytes(1, MAX_FRAME), v.nullable(start)]),
      v.transform(([conversation, generation, welcome, start]) => ({
        ...{ conversation, generation, welcome },
        ...none(start, 'start'),
      })),
    ),
  },
  'turned-away': {
    code: 12,
    schema: v.pipe(
      v.strictTuple([invite, v.picklist(['declined', 'full', 'over'])]),
      v.transform(([invite, reason]) => ({ invite, reason })),
    ),
  },
  lack: {
    code: 13,
    schema: v.pipe(
      v.strictTuple([feedPlace]),
      v.transform(([feed]) => ({ feed })),
    ),
  },
  want: {
    code: 14,
    schema: v.pipe(
      v.strictTuple([few(MAX_SEEN, feedPlace), v.boolean()]),
      v.transform(([records, bare]) => ({ records, bare })),
    ),
  },
  read: {
    code: 15,
    schema: v.pipe(
      v.strictTuple([few(MAX_SEEN, feedPlace)]),
      v.transform(([feeds]) => ({ feeds })),
    ),
  },
  typing: {
    code: 16,
    schema: v.pipe(
      v.strictTuple([conversation, v.boolean()]),
      v.transform(([conversation, on]) => ({ conversation, on })),
    ),
  },
  presence: {
    code: 17,
    schema: v.pipe(
      v.strictTuple([v.boolean()]),
      v.transform(([active]) => ({ active })),
    ),
  },
} as const satisfies Record<Frame['type'], { code: number; schema: v.GenericSchema<unknown, object> }>

/** `[code, …fields]` in deterministic CBOR. Throws a RangeError if the frame would exceed 64 KiB: our own bug. */
export function encodeFrame(frame: Frame): Bytes {
  const encoded = toCbor([FRAMES[frame.type].code, ...fields(frame)])
  if (encoded.length > MAX_FRAME) throw new RangeError(`a ${frame.type} frame of ${encoded.length} bytes`)
  return encoded
}

function fields(frame: Frame): unknown[] {
  switch (frame.type) {
    case 'have':
      return [
        ...[fromHex(frame.conversation), frame.part, frame.entries.map(haveTuple)],
        frame.agreement ? agreementTuple(frame.agreement) : null,
      ]
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
    case 'sealed':
      return [frame.sealed]
    case 'join':
      return [joiningField(frame.to), frame.keyPackage]
    case 'welcome':
      return [
        ...[fromHex(frame.conversation), frame.generation, frame.welcome],
        frame.start ? startTuple(frame.start) : null,
      ]
    case 'turned-away':
      return [fromHex(frame.invite), frame.reason]
    case 'lack':
      return [placeTuple(frame.feed)]
    case 'want':
      return [frame.records.map(placeTuple), frame.bare]
    case 'read':
      return [frame.feeds.map(placeTuple)]
    case 'typing':
      return [fromHex(frame.conversation), frame.on]
    case 'presence':
      return [frame.active]
  }
}

function agreementTuple({ era, group, authenticator }: Agreement): unknown[] {
  return [eraTuple(era), group, authenticator]
}

function haveTuple({ author, incarnation, seq, head, whole }: Have): unknown[] {
  return [fromHex(author), fromHex(incarnation), seq, head, ...(whole === undefined ? [] : [whole])]
}

function placeTuple({ conversation, author, incarnation, seq }: FeedPlace): unknown[] {
  return [fromHex(conversation), fromHex(author), fromHex(incarnation), seq]
}

function joiningField(to: Joining): unknown {
  if (!('conversation' in to)) return fromHex(to.invite)
  return [fromHex(to.conversation), to.generation, to.invite === undefined ? null : fromHex(to.invite)]
}

function startTuple({ name, era, seats, base }: Start): unknown[] {
  return [name, eraTuple(era), seats.map(seatTuple), base.map(feedHeadTuple)]
}

const BY_CODE = new Map(
  Object.entries<{ code: number; schema: v.GenericSchema<unknown, object> }>(FRAMES).map(
    ([type, { code, schema }]) => [code, { type, schema }],
  ),
)

/** Undefined for anything that is not exactly one frame: the caller drops and counts it. */
export function decodeFrame(received: unknown): Frame | undefined {
  if (!(received instanceof Uint8Array)) return undefined
  const value = fromCbor(received, MAX_FRAME)
  if (!Array.isArray(value) || typeof value[0] !== 'number') return undefined
  const known = BY_CODE.get(value[0])
  const found = known && parse(known.schema, value.slice(1))
  return known && found && ({ type: known.type, ...found } as Frame)
}
