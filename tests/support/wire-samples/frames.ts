import fc, { type Arbitrary } from 'fast-check'
import { KIND_CODES, type Body } from '../../../src/core/body.ts'
import type { CallSignal } from '../../../src/core/call.ts'
import { MAX_ERA } from '../../../src/core/era.ts'
import type { Agreement } from '../../../src/core/feed.ts'
import type { FileSignal } from '../../../src/core/file.ts'
import { callId, fileId } from '../../../src/core/ids.ts'
import type { Start } from '../../../src/core/roster.ts'
import type { Content } from '../../../src/core/record.ts'
import type { Frame, Joining } from '../../../src/protocol/frame.ts'
import { MAX_CLOCK } from '../../../src/protocol/limits.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import type { Signal } from '../../../src/protocol/signal.ts'
import {
  bytes,
  conversation,
  count,
  era,
  eraNumber,
  feed,
  feedHead,
  few,
  hex,
  invite,
  ordinal,
  personName,
  seats,
  target,
  u32,
} from './scalars.ts'

export const content: Arbitrary<Content> = fc.record({
  kind: fc.constantFrom(...(Object.keys(KIND_CODES) as Body['kind'][])),
  clock: fc.integer({ min: 0, max: MAX_CLOCK }),
  body: bytes(0, 600),
  salt: bytes(8),
})
const record: Arbitrary<RecordOnWire> = fc.record({
  ...{ ...feed, seq: ordinal, era, signature: bytes(64) },
  part: fc.oneof(
    content.map((made) => ({ content: made })),
    bytes(32).map((inner) => ({ inner })),
  ),
})

const candidate = fc.record({
  candidate: fc.string({ maxLength: 200 }),
  sdpMid: fc.oneof(fc.constant(null), fc.string({ maxLength: 8 })),
  sdpMLineIndex: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 64 })),
})
const signal: Arbitrary<Signal> = fc.oneof(
  fc.record({ type: fc.constantFrom('offer', 'answer'), sdp: fc.string({ maxLength: 400 }) }),
  candidate.map((made): Signal => ({ type: 'candidate', candidate: made })),
  fc.constant<Signal>({ type: 'renegotiate', renegotiate: true }),
  fc
    .constantFrom('audio', 'video')
    .map((kind): Signal => ({ type: 'transceiverRequest', transceiverRequest: { kind } })),
)
const call: Arbitrary<CallSignal> = fc
  .tuple(hex(16).map(callId), fc.boolean(), fc.boolean())
  .chain(([call, video, camera]) =>
    fc.constantFrom<CallSignal>(
      ...(['ringing', 'decline', 'busy', 'end'] as const).map((step) => ({ call, step })),
      ...(['ring', 'accept'] as const).map((step) => ({ call, step, video })),
      { call, step: 'media', muted: video, camera },
    ),
  )
const file: Arbitrary<FileSignal> = fc
  .tuple(hex(16).map(fileId), u32, u32)
  .chain(([file, ticket, blocks]) =>
    fc.constantFrom<FileSignal>(
      { file, step: 'want', ticket, from: blocks },
      { file, step: 'wrote', ticket, blocks },
      { file, step: 'cancel' },
      ...(['missing', 'changed'] as const).map((reason) => ({ file, step: 'gone' as const, reason })),
    ),
  )

const agreement: Arbitrary<Agreement> = fc.record({ era, group: bytes(8), authenticator: bytes(8) })
const places = few(fc.record({ ...feed, seq: count }))
const joining: Arbitrary<Joining> = fc.oneof(
  invite.map((invite) => ({ invite })),
  fc
    .tuple(conversation, eraNumber, fc.option(invite))
    .map(([conversation, generation, invite]) => ({ conversation, generation, ...(invite && { invite }) })),
)
const start: Arbitrary<Start> = fc.record({ name: personName(64), era, seats, base: few(feedHead) })

/** Everything that is said on a link, by type. */
export const frames: { readonly [T in Frame['type']]: Arbitrary<Frame> } = {
  have: fc
    .record({
      conversation,
      part: fc.constantFrom('change', 'more', 'last', 'ask'),
      held: few(fc.tuple(target, bytes(8))),
      agreement: fc.option(agreement),
    })
    .map(({ conversation, part, held, agreement }) => ({
      ...{ type: 'have', conversation, part, ...(agreement && { agreement }) },
      entries: held.map(([place, head]) => ({ conversation, ...place, head })),
    })),
  record: record.map((made) => ({ type: 'record', record: made })),
  ping: u32.map((nonce) => ({ type: 'ping', nonce })),
  pong: u32.map((nonce) => ({ type: 'pong', nonce })),
  close: fc.constantFrom('duplicate', 'leaving').map((reason) => ({ type: 'close', reason })),
  signal: fc
    .tuple(hex(8), fc.oneof(fc.constant('files' as const), hex(16).map(callId)), signal)
    .map(([lane, use, made]) => ({ type: 'signal', lane, use, signal: made })),
  call: call.map((made) => ({ type: 'call', call: made })),
  file: file.map((made) => ({ type: 'file', file: made })),
  sealed: bytes(1, 600).map((sealed) => ({ type: 'sealed', sealed })),
  join: fc.tuple(joining, bytes(1, 600)).map(([to, keyPackage]) => ({ type: 'join', to, keyPackage })),
  welcome: fc
    .tuple(conversation, fc.integer({ min: 1, max: MAX_ERA }), bytes(1, 600), fc.option(start))
    .map(([conversation, generation, welcome, start]) => ({
      ...{ type: 'welcome', conversation, generation, welcome },
      ...(start && { start }),
    })),
  'turned-away': fc
    .tuple(invite, fc.constantFrom('declined', 'full', 'over'))
    .map(([invite, reason]) => ({ type: 'turned-away', invite, reason })),
  lack: fc.record({ ...feed, seq: count }).map((feed) => ({ type: 'lack', feed })),
  want: fc.tuple(places, fc.boolean()).map(([records, bare]) => ({ type: 'want', records, bare })),
  read: places.map((feeds) => ({ type: 'read', feeds })),
  typing: fc
    .tuple(conversation, fc.boolean())
    .map(([conversation, on]) => ({ type: 'typing', conversation, on })),
  presence: fc.boolean().map((active) => ({ type: 'presence', active })),
}
