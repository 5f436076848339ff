import fc, { type Arbitrary } from 'fast-check'
import type { Body, Incarnation, Manifest, Profile } from '../../src/core/body.ts'
import { toHex, type Bytes } from '../../src/core/bytes.ts'
import type { CallSignal } from '../../src/core/call.ts'
import type { Have } from '../../src/core/feed.ts'
import type { FileSignal } from '../../src/core/file.ts'
import { address, callId, conversationId, fileId, identityKey, incarnationId } from '../../src/core/ids.ts'
import type { Invite } from '../../src/core/invite.ts'
import { cleanName } from '../../src/core/name.ts'
import type { BindFrame, Proof, Verdict } from '../../src/protocol/bind.ts'
import type { Frame } from '../../src/protocol/frame.ts'
import type { RecordOnWire } from '../../src/protocol/record.ts'
import type { Signal } from '../../src/protocol/signal.ts'
import { toUtf8 } from '../../src/protocol/text.ts'

/** Everything that may travel, made at random. */

export const bytes = (min: number, max = min): Arbitrary<Bytes> =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((made) => new Uint8Array(made))
const hex = (length: number) => bytes(length).map(toHex)
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const count = fc.maxSafeNat()
const ordinal = count.map((n) => n || 1)

/** Well-formed, in all scripts, at most so many bytes. Cut between characters; no mark of byte order in front. */
const text = (most: number): Arbitrary<string> =>
  fc.string({ unit: 'binary', maxLength: most }).map((made) => {
    let cut = made.replace(/^\ufeff+/, '')
    while (toUtf8(cut).length > most) cut = Array.from(cut).slice(0, -1).join('')
    return cut
  })
/** As everybody shows it: what is taken out on arrival is not in it. */
const personName = (most: number): Arbitrary<string> => text(most).map(cleanName)

const identity = hex(32).map(identityKey)
const incarnation: Arbitrary<Incarnation> = fc.record({
  id: hex(8).map(incarnationId),
  madeAt: count,
  signature: bytes(64),
})
const profile: Arbitrary<Profile> = fc.record({
  name: personName(64),
  address: hex(20).map(address),
  knockKey: bytes(32),
})
const manifest: Arbitrary<Manifest> = fc
  .record({
    ...{ file: hex(16).map(fileId), name: text(1020), type: text(255), size: count, key: bytes(32) },
    blockSize: fc.integer({ min: 1, max: 16 * 1024 * 1024 }),
    long: fc.boolean(),
  })
  .map(({ long, ...rest }) => (long ? { ...rest, longText: true as const } : rest))

export const body: Arbitrary<Body> = fc.oneof(
  incarnation.map((incarnation): Body => ({ kind: 'incarnation', incarnation })),
  profile.map((profile): Body => ({ kind: 'profile', profile })),
  text(32_768).map((text): Body => ({ kind: 'text', text })),
  manifest.map((manifest): Body => ({ kind: 'file', manifest })),
)

const feed = {
  conversation: hex(16).map(conversationId),
  author: identity,
  incarnation: hex(8).map(incarnationId),
}
const have: Arbitrary<Have> = fc.record({ ...feed, seq: ordinal, head: bytes(8) })

const content = fc.record({
  kind: fc.constantFrom('incarnation', 'profile', 'text', 'file'),
  clock: fc.integer({ min: 0, max: 2 ** 48 }),
  body: bytes(0, 600),
  salt: bytes(8),
})
const record: Arbitrary<RecordOnWire> = fc.record({
  ...feed,
  seq: ordinal,
  era: fc.record({ generation: count, epoch: count }),
  signature: bytes(64),
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

export const frame: Arbitrary<Frame> = fc.oneof(
  fc
    .tuple(fc.constantFrom('change', 'more', 'last'), fc.array(have, { maxLength: 5 }))
    .map(([part, entries]): Frame => ({ type: 'have', part, entries })),
  record.map((made): Frame => ({ type: 'record', record: made })),
  u32.map((nonce): Frame => ({ type: 'ping', nonce })),
  u32.map((nonce): Frame => ({ type: 'pong', nonce })),
  fc.constantFrom('duplicate', 'leaving').map((reason): Frame => ({ type: 'close', reason })),
  fc
    .tuple(hex(8), fc.oneof(fc.constant('files' as const), hex(16).map(callId)), signal)
    .map(([lane, use, made]): Frame => ({ type: 'signal', lane, use, signal: made })),
  call.map((made): Frame => ({ type: 'call', call: made })),
  file.map((made): Frame => ({ type: 'file', file: made })),
)

const version = fc.integer({ min: 1, max: 0xffff })
export const bindFrame: Arbitrary<BindFrame> = fc.oneof(
  fc
    .tuple(bytes(16), version, version)
    .map(([nonce, min, max]): BindFrame => ({ type: 'hello', nonce, min, max })),
  fc
    .tuple(fc.constantFrom('proof', 'verdict'), bytes(28, 400))
    .map(([type, sealed]): BindFrame => ({ type, sealed })),
)
export const proof: Arbitrary<Proof> = fc
  .record({
    ...{ identity, incarnation, own: bytes(32), theirs: bytes(32), signature: bytes(64) },
    meeting: fc.option(fc.record({ mac: bytes(32), profile })),
  })
  .map(({ meeting, ...rest }) => (meeting ? { ...rest, meeting } : rest))
export const verdict: Arbitrary<Verdict> = fc.oneof(
  fc.constantFrom('welcome', 'used', 'expired').map((verdict): Verdict => ({ verdict })),
  incarnation.map((by): Verdict => ({ verdict: 'retired', by })),
)

export const invite: Arbitrary<Invite> = fc.record({
  secret: bytes(16),
  expires: u32.map((seconds) => seconds * 1000),
  identity,
  address: hex(20).map(address),
  name: personName(24),
})

/** Bytes that were right once: cut, lengthened, with bits turned or pieces of something else in them; or any bytes. */
export function damaged(whole: Arbitrary<Uint8Array>): Arbitrary<Bytes> {
  return fc
    .oneof(
      fc
        .tuple(whole, fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([all, part]) => all.slice(0, all.length * part)),
      fc.tuple(whole, bytes(1, 9)).map(([all, more]) => Buffer.concat([all, more])),
      fc
        .tuple(
          whole,
          fc.array(fc.tuple(u32, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }),
        )
        .map(([all, turns]) => {
          const copy = all.slice()
          for (const [at, bits] of turns) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ bits
          return copy
        }),
      fc.tuple(whole, whole, u32).map(([one, other, at]) => {
        const cut = at % (one.length + 1)
        return Buffer.concat([one.subarray(0, cut), other.subarray(cut)])
      }),
      bytes(0, 80),
    )
    .map((made) => new Uint8Array(made))
}
