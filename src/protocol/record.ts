import * as v from 'valibot'
import { fromHex, type Bytes } from '../core/bytes.ts'
import { KIND_CODES, type Body } from '../core/body.ts'
import type { ConversationId, IdentityKey, IncarnationId } from '../core/ids.ts'
import type { Era } from '../core/era.ts'
import type { Content, FeedId } from '../core/record.ts'
import { kindOf } from './body.ts'
import { MAX_CLOCK, MAX_FRAME } from './limits.ts'
import { bytes, count, eraNumber, id, ordinal } from './schema.ts'

/**
 * A record as it travels. `inner` is left out where the content is there to compute it from; a tombstone carries
 * `inner` instead of the content. Whoever receives it checks both against the signature before using either.
 */
export interface RecordOnWire extends FeedId {
  readonly seq: number
  readonly era: Era
  readonly signature: Bytes
  readonly part: { readonly content: Content } | { readonly inner: Bytes }
}

const kind = v.pipe(
  count,
  v.transform(kindOf),
  v.custom<Body['kind']>((name) => name !== undefined),
)

const signedPart = [
  id<ConversationId>(16),
  id<IdentityKey>(32),
  id<IncarnationId>(8),
  ordinal,
  v.strictTuple([eraNumber, eraNumber]),
  bytes(64),
] as const

const clock = v.pipe(count, v.maxValue(MAX_CLOCK))

const content = v.strictTuple([kind, clock, bytes(0, MAX_FRAME), bytes(8)])

/** `[conversation, author, incarnation, seq, [generation, epoch], signature, [kind, clock, body, salt] | inner]` */
export const recordSchema = v.pipe(
  v.strictTuple([...signedPart, v.union([content, bytes(32)])]),
  v.transform(
    ([conversation, author, incarnation, seq, [generation, epoch], signature, rest]): RecordOnWire => ({
      conversation,
      author,
      incarnation,
      seq,
      era: { generation, epoch },
      signature,
      part: rest instanceof Uint8Array ? { inner: rest } : { content: contentOf(rest) },
    }),
  ),
)

function contentOf([kind, clock, body, salt]: [Body['kind'], number, Bytes, Bytes]): Content {
  return { kind, clock, body, salt }
}

/** The inverse of {@link recordSchema}. */
export function recordTuple(record: RecordOnWire): unknown[] {
  const { conversation, author, incarnation, seq, era, signature, part } = record
  return [
    fromHex(conversation),
    fromHex(author),
    fromHex(incarnation),
    seq,
    [era.generation, era.epoch],
    signature,
    'inner' in part
      ? part.inner
      : [KIND_CODES[part.content.kind], part.content.clock, part.content.body, part.content.salt],
  ]
}
