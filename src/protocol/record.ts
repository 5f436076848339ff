import * as v from 'valibot'
import { fromHex, type Bytes } from '../core/bytes.ts'
import { KIND_CODES, type Body } from '../core/body.ts'
import type { ConversationId, IdentityKey, IncarnationId } from '../core/ids.ts'
import type { Content, Era, FeedId } from '../core/record.ts'
import { MAX_FRAME } from './limits.ts'
import { bytes, count, id, ordinal } from './schema.ts'

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

const codes = Object.entries(KIND_CODES) as [Body['kind'], number][]

const kind = v.pipe(
  count,
  v.transform((code) => codes.find(([, known]) => known === code)?.[0]),
  v.custom<Body['kind']>((name) => name !== undefined),
)

const signedPart = [
  id<ConversationId>(16),
  id<IdentityKey>(32),
  id<IncarnationId>(8),
  ordinal,
  v.strictTuple([count, count]),
  bytes(64),
] as const

/** Milliseconds up to the year 10889: a clock is shown as a date, and a `Date` ends before 2^53. */
const clock = v.pipe(count, v.maxValue(2 ** 48))

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
