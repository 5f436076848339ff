import * as v from 'valibot'
import { KIND_CODES, type Body, type Manifest, type Manner, type Mention, type Target } from '../core/body.ts'
import { fromHex, type Bytes } from '../core/bytes.ts'
import type { ConversationId, FileId, IdentityKey, IncarnationId } from '../core/ids.ts'
import { cleanName } from '../core/name.ts'
import { fromCbor, toCbor } from './cbor.ts'
import {
  MAX_EMOJI,
  MAX_FILE_NAME,
  MAX_FRAME,
  MAX_MENTIONS,
  MAX_NAME,
  MAX_PICTURE,
  MAX_SEEN,
  MAX_TEXT,
  MAX_VANISH,
} from './limits.ts'
import {
  cardSchema,
  cardTuple,
  few,
  incarnationSchema,
  incarnationTuple,
  profileSchema,
  profileTuple,
  rosterSchema,
  rosterTuple,
} from './roster.ts'
import { bytes, count, id, ordinal, parse, text } from './schema.ts'

const blockSize = v.pipe(ordinal, v.maxValue(16 * 1024 * 1024))

/** `[file, name, media type, size, key, block size, flags]`; flag 1: the file stands for a long text. */
const manifestSchema = v.pipe(
  v.strictTuple([
    id<FileId>(16),
    text(4 * MAX_FILE_NAME),
    text(255),
    count,
    bytes(32),
    blockSize,
    v.picklist([0, 1]),
  ]),
  v.transform(([file, name, type, size, key, blockSize, flags]): Manifest => ({
    ...{ file, name, type, size, key, blockSize },
    ...(flags === 1 ? { longText: true as const } : {}),
  })),
)

function manifestTuple(manifest: Manifest): unknown[] {
  const { file, name, type, size, key, blockSize, longText } = manifest
  return [fromHex(file), name, type, size, key, blockSize, longText === true ? 1 : 0]
}

/** `[author, incarnation, seq]` */
const targetSchema = v.pipe(
  v.strictTuple([id<IdentityKey>(32), id<IncarnationId>(8), ordinal]),
  v.transform(([author, incarnation, seq]): Target => ({ author, incarnation, seq })),
)

function targetTuple({ author, incarnation, seq }: Target): unknown[] {
  return [fromHex(author), fromHex(incarnation), seq]
}

const seconds = v.pipe(count, v.maxValue(MAX_VANISH))

/** `[reply | null, forwarded, seconds until it disappears or 0]` */
const mannerSchema = v.pipe(
  v.strictTuple([v.nullable(targetSchema), v.boolean(), seconds]),
  v.transform(([reply, forwarded, vanish]): Manner => ({
    ...(reply && { reply }),
    ...(forwarded && { forwarded: true as const }),
    ...(vanish > 0 && { vanish }),
  })),
)

function mannerTuple({ reply, forwarded, vanish }: Manner): unknown[] {
  return [reply ? targetTuple(reply) : null, forwarded === true, vanish ?? 0]
}

const hasManner = ({ reply, forwarded, vanish }: Manner): boolean =>
  reply !== undefined || forwarded === true || vanish !== undefined

/** `[at, length, who]`, in UTF-16 units */
const mention = v.pipe(
  v.strictTuple([count, ordinal, id<IdentityKey>(32)]),
  v.transform(([at, length, who]): Mention => ({ at, length, who })),
)
const mentions = few(MAX_MENTIONS, mention)

function mentionTuples(all: readonly Mention[] = []): unknown[] {
  return all.map(({ at, length, who }) => [at, length, fromHex(who)])
}

const named = (all: Mention[]) => (all.length > 0 ? { mentions: all } : {})

const words = text(MAX_TEXT)

const picture = v.pipe(
  v.strictTuple([v.picklist(['image/jpeg', 'image/webp']), bytes(1, MAX_PICTURE)]),
  v.transform(([type, bytes]) => ({ type, bytes })),
)

const groupName = v.pipe(text(MAX_NAME), v.transform(cleanName))
const group = id<ConversationId>(16)

/** One schema per kind; the shortest form of a plain text or file is that alone. */
const schemas = {
  incarnation: v.pipe(
    incarnationSchema,
    v.transform((incarnation) => ({ incarnation })),
  ),
  profile: v.pipe(
    profileSchema,
    v.transform((profile) => ({ profile })),
  ),
  text: v.union([
    v.pipe(
      words,
      v.transform((text) => ({ text })),
    ),
    v.pipe(
      v.strictTuple([words, mannerSchema, mentions]),
      v.transform(([text, manner, all]) => ({ text, ...manner, ...named(all) })),
    ),
  ]),
  file: v.union([
    v.pipe(
      manifestSchema,
      v.transform((manifest) => ({ manifest })),
    ),
    v.pipe(
      v.strictTuple([manifestSchema, mannerSchema]),
      v.transform(([manifest, manner]) => ({ manifest, ...manner })),
    ),
  ]),
  card: v.pipe(
    v.strictTuple([cardSchema, mannerSchema]),
    v.transform(([card, manner]) => ({ card, ...manner })),
  ),
  edit: v.pipe(
    v.strictTuple([targetSchema, words, mentions]),
    v.transform(([target, text, all]) => ({ target, text, ...named(all) })),
  ),
  delete: v.pipe(
    targetSchema,
    v.transform((target) => ({ target })),
  ),
  react: v.pipe(
    v.strictTuple([targetSchema, text(MAX_EMOJI)]),
    v.transform(([target, emoji]) => ({ target, emoji })),
  ),
  pin: v.pipe(
    v.strictTuple([targetSchema, v.boolean()]),
    v.transform(([target, pinned]) => ({ target, pinned })),
  ),
  vanish: v.pipe(
    seconds,
    v.transform((seconds) => ({ seconds })),
  ),
  info: v.pipe(
    v.strictTuple([groupName, v.nullable(picture)]),
    v.transform(([name, picture]) => ({ name, ...(picture && { picture }) })),
  ),
  roster: v.pipe(
    rosterSchema,
    v.transform((roster) => ({ roster })),
  ),
  handover: v.pipe(
    id<IdentityKey>(32),
    v.transform((to) => ({ to })),
  ),
  leave: v.pipe(
    v.null(),
    v.transform(() => ({})),
  ),
  follow: v.pipe(
    targetSchema,
    v.transform((target) => ({ target })),
  ),
  seen: v.pipe(
    few(MAX_SEEN, targetSchema),
    v.transform((feeds) => ({ feeds })),
  ),
  invitation: v.pipe(
    v.strictTuple([group, groupName]),
    v.transform(([group, name]) => ({ group, name })),
  ),
  declined: v.pipe(
    group,
    v.transform((group) => ({ group })),
  ),
} satisfies Record<Body['kind'], v.GenericSchema<unknown, object>>

/** The bytes that a record's `inner` commits to; their form depends on the kind. */
export function encodeBody(body: Body): Bytes {
  return toCbor(fields(body))
}

function fields(body: Body): unknown {
  switch (body.kind) {
    case 'incarnation':
      return incarnationTuple(body.incarnation)
    case 'profile':
      return profileTuple(body.profile)
    case 'text':
      if (!hasManner(body) && !body.mentions) return body.text
      return [body.text, mannerTuple(body), mentionTuples(body.mentions)]
    case 'file':
      return hasManner(body)
        ? [manifestTuple(body.manifest), mannerTuple(body)]
        : manifestTuple(body.manifest)
    case 'card':
      return [cardTuple(body.card), mannerTuple(body)]
    case 'edit':
      return [targetTuple(body.target), body.text, mentionTuples(body.mentions)]
    case 'delete':
    case 'follow':
      return targetTuple(body.target)
    case 'react':
      return [targetTuple(body.target), body.emoji]
    case 'pin':
      return [targetTuple(body.target), body.pinned]
    case 'vanish':
      return body.seconds
    case 'info':
      return [body.name, body.picture ? [body.picture.type, body.picture.bytes] : null]
    case 'roster':
      return rosterTuple(body.roster)
    case 'handover':
      return fromHex(body.to)
    case 'leave':
      return null
    case 'seen':
      return body.feeds.map(targetTuple)
    case 'invitation':
      return [fromHex(body.group), body.name]
    case 'declined':
      return fromHex(body.group)
  }
}

/** Undefined when the bytes are not a body of that kind. */
export function decodeBody(kind: Body['kind'], encoded: Uint8Array): Body | undefined {
  const found = parse<object>(schemas[kind], fromCbor(encoded, MAX_FRAME))
  return found && ({ kind, ...found } as Body)
}

/** The kind that a number on the wire stands for. */
export function kindOf(code: number): Body['kind'] | undefined {
  return BY_CODE.get(code)
}

const BY_CODE = new Map(Object.entries(KIND_CODES).map(([kind, code]) => [code, kind as Body['kind']]))
