import * as v from 'valibot'
import { fromHex, type Bytes } from '../core/bytes.ts'
import { cleanName } from '../core/name.ts'
import type { Body, Incarnation, Manifest, Profile } from '../core/body.ts'
import type { Address, FileId, IncarnationId } from '../core/ids.ts'
import { fromCbor, toCbor } from './cbor.ts'
import { MAX_FILE_NAME, MAX_FRAME, MAX_NAME, MAX_TEXT } from './limits.ts'
import { bytes, count, id, ordinal, parse, text } from './schema.ts'

/** `[id, made at, signature]` */
export const incarnationSchema = v.pipe(
  v.strictTuple([id<IncarnationId>(8), count, bytes(64)]),
  v.transform(([id, madeAt, signature]): Incarnation => ({ id, madeAt, signature })),
)

export function incarnationTuple({ id, madeAt, signature }: Incarnation): unknown[] {
  return [fromHex(id), madeAt, signature]
}

/** `[name, address, knock key]` */
export const profileSchema = v.pipe(
  v.strictTuple([text(MAX_NAME), id<Address>(20), bytes(32)]),
  v.transform(([name, address, knockKey]): Profile => ({ name: cleanName(name), address, knockKey })),
)

export function profileTuple({ name, address, knockKey }: Profile): unknown[] {
  return [name, fromHex(address), knockKey]
}

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

/** The bytes that a record's `inner` commits to; their form depends on the kind. */
export function encodeBody(body: Body): Bytes {
  switch (body.kind) {
    case 'incarnation':
      return toCbor(incarnationTuple(body.incarnation))
    case 'profile':
      return toCbor(profileTuple(body.profile))
    case 'text':
      return toCbor(body.text)
    case 'file':
      return toCbor(manifestTuple(body.manifest))
  }
}

/** Undefined when the bytes are not a body of that kind. */
export function decodeBody(kind: Body['kind'], encoded: Uint8Array): Body | undefined {
  const value = fromCbor(encoded, MAX_FRAME)
  switch (kind) {
    case 'incarnation':
      return wrap(parse(incarnationSchema, value), (incarnation) => ({ kind, incarnation }))
    case 'profile':
      return wrap(parse(profileSchema, value), (profile) => ({ kind, profile }))
    case 'text':
      return wrap(parse(text(MAX_TEXT), value), (text) => ({ kind, text }))
    case 'file':
      return wrap(parse(manifestSchema, value), (manifest) => ({ kind, manifest }))
  }
}

function wrap<T>(value: T | undefined, body: (value: T) => Body): Body | undefined {
  return value === undefined ? undefined : body(value)
}
