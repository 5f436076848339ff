import { concat, equal, type Bytes } from '../../../src/core/bytes.ts'
import { box, keyOf, unbox } from './box.ts'

const KIND = { message: 1, commit: 2, welcome: 3, keyPackage: 4 } as const
const ID = 8
/** What tells key packages apart. */
export const MARK = 8
/** Kind, group, epoch, leaf, generation, length of the context. */
const FIXED = 1 + ID + 4 + 2 + 4 + 2

/** What stands in the clear before a message or a commit. */
export interface Head {
  readonly kind: 'message' | 'commit'
  readonly id: Bytes
  readonly epoch: number
  readonly leaf: number
  readonly generation: number
  readonly context: Bytes
}

export function writeHead({ kind, id, epoch, leaf, generation, context }: Head): Bytes {
  const head = new Uint8Array(FIXED + context.length)
  const view = new DataView(head.buffer)
  head[0] = KIND[kind]
  head.set(id, 1)
  view.setUint32(1 + ID, epoch)
  view.setUint16(5 + ID, leaf)
  view.setUint32(7 + ID, generation)
  view.setUint16(11 + ID, context.length)
  head.set(context, FIXED)
  return head
}

export function headLength({ context }: Head): number {
  return FIXED + context.length
}

export function readHead(bytes: Bytes): Head | undefined {
  if (bytes.length < FIXED) return undefined
  const kind = bytes[0] === KIND.message ? 'message' : bytes[0] === KIND.commit ? 'commit' : undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const end = FIXED + view.getUint16(11 + ID)
  if (!kind || bytes.length < end) return undefined
  return {
    kind,
    id: bytes.slice(1, 1 + ID),
    epoch: view.getUint32(1 + ID),
    leaf: view.getUint16(5 + ID),
    generation: view.getUint32(7 + ID),
    context: bytes.slice(FIXED, end),
  }
}

/** For whoever holds a key package with one of these marks, and the secret. */
export function writeWelcome(marks: readonly Bytes[], secret: Uint8Array, body: unknown): Bytes {
  const head = concat(Uint8Array.of(KIND.welcome, marks.length), ...marks)
  return box(keyOf(secret), head, json(body))
}

export function readWelcome<T>(bytes: Bytes, mark: Bytes, secret: Uint8Array): T | undefined {
  const [kind, count = 0] = bytes
  const head = 2 + count * MARK
  const marks = Array.from({ length: count }, (_, i) => bytes.slice(2 + i * MARK, 2 + (i + 1) * MARK))
  if (kind !== KIND.welcome || !marks.some((one) => equal(one, mark))) return undefined
  return parse(unbox(keyOf(secret), head, bytes))
}

export function writeKeyPackage(body: unknown): Bytes {
  return box(KIND.keyPackage, Uint8Array.of(KIND.keyPackage), json(body))
}

export function readKeyPackage<T>(bytes: Bytes): T | undefined {
  return bytes[0] === KIND.keyPackage ? parse(unbox(KIND.keyPackage, 1, bytes)) : undefined
}

export function json(value: unknown): Bytes {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** Only of what a box held: that was written here. */
export function parse<T>(bytes: Bytes | undefined): T | undefined {
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T)
}
