import fc, { type Arbitrary } from 'fast-check'
import type { Body, Manifest, Manner, Mention } from '../../../src/core/body.ts'
import { fileId, incarnationId } from '../../../src/core/ids.ts'
import type { Roster } from '../../../src/core/roster.ts'
import { MAX_VANISH } from '../../../src/protocol/limits.ts'
import {
  bytes,
  card,
  conversation,
  count,
  era,
  feedHead,
  few,
  hex,
  identity,
  incarnation,
  ordinal,
  personName,
  profile,
  seats,
  target,
  text,
} from './scalars.ts'

const manifest: Arbitrary<Manifest> = fc
  .record({
    ...{ file: hex(16).map(fileId), name: text(1020), type: text(255), size: count, key: bytes(32) },
    blockSize: fc.integer({ min: 1, max: 16 * 1024 * 1024 }),
    long: fc.boolean(),
  })
  .map(({ long, ...rest }) => (long ? { ...rest, longText: true as const } : rest))

const manner: Arbitrary<Manner> = fc
  .record({
    reply: fc.option(target),
    forwarded: fc.boolean(),
    vanish: fc.integer({ min: 0, max: MAX_VANISH }),
  })
  .map(({ reply, forwarded, vanish }) => ({
    ...(reply && { reply }),
    ...(forwarded && { forwarded: true as const }),
    ...(vanish > 0 && { vanish }),
  }))

const mentions: Arbitrary<{ mentions?: Mention[] }> = few(
  fc.record({ at: count, length: ordinal, who: identity }),
).map((all) => (all.length > 0 ? { mentions: all } : {}))

const cut = fc.record({ incarnation: hex(8).map(incarnationId), seq: ordinal })

const roster: Arbitrary<Roster> = fc
  .record({
    ...{ begins: era, seats, base: few(feedHead), commit: fc.option(bytes(1, 300)) },
    cause: fc.constantFrom('commit', 'first', 'lost', 'handover', 'without'),
    ended: few(fc.record({ identity, cuts: few(cut), left: fc.boolean() })),
  })
  .map(({ commit, ...rest }) => (commit ? { ...rest, commit } : rest))

const picture = fc.record({
  type: fc.constantFrom('image/jpeg', 'image/webp'),
  bytes: bytes(1, 600),
})

/** Everything that a record may say, by kind. */
export const bodies: { readonly [K in Body['kind']]: Arbitrary<Body> } = {
  incarnation: incarnation.map((incarnation) => ({ kind: 'incarnation', incarnation })),
  profile: profile.map((profile) => ({ kind: 'profile', profile })),
  text: fc
    .tuple(text(32_768), fc.oneof(fc.constant({}), manner), mentions)
    .map(([text, how, named]) => ({ kind: 'text', text, ...how, ...named })),
  file: fc
    .tuple(manifest, fc.oneof(fc.constant({}), manner))
    .map(([manifest, how]) => ({ kind: 'file', manifest, ...how })),
  card: fc.tuple(card, manner).map(([card, how]) => ({ kind: 'card', card, ...how })),
  edit: fc
    .tuple(target, text(600), mentions)
    .map(([target, text, named]) => ({ kind: 'edit', target, text, ...named })),
  delete: target.map((target) => ({ kind: 'delete', target })),
  react: fc.tuple(target, text(64)).map(([target, emoji]) => ({ kind: 'react', target, emoji })),
  pin: fc.tuple(target, fc.boolean()).map(([target, pinned]) => ({ kind: 'pin', target, pinned })),
  vanish: fc.integer({ min: 0, max: MAX_VANISH }).map((seconds) => ({ kind: 'vanish', seconds })),
  info: fc
    .tuple(personName(64), fc.option(picture))
    .map(([name, picture]) => ({ kind: 'info', name, ...(picture && { picture }) })),
  roster: roster.map((roster) => ({ kind: 'roster', roster })),
  handover: identity.map((to) => ({ kind: 'handover', to })),
  leave: fc.constant({ kind: 'leave' }),
  follow: target.map((target) => ({ kind: 'follow', target })),
  seen: few(target).map((feeds) => ({ kind: 'seen', feeds })),
  invitation: fc
    .tuple(conversation, personName(64))
    .map(([group, name]) => ({ kind: 'invitation', group, name })),
  declined: conversation.map((group) => ({ kind: 'declined', group })),
}
