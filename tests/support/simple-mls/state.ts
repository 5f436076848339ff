import { fromHex, type Bytes } from '../../../src/core/bytes.ts'
import type { IdentityKey } from '../../../src/core/ids.ts'
import { forgetOldest } from '../../../src/core/newest.ts'
import type { MlsState } from '../../../src/crypto/mls.ts'
import { keyOf } from './box.ts'

export interface Leaf {
  readonly who: IdentityKey
  /** Of the key package by which he came. */
  readonly mark: string
}

/** An epoch as it is written down. */
export interface Epoch {
  readonly number: number
  readonly secret: string
  readonly leaves: readonly (Leaf | null)[]
}

/** What stays the same within an epoch. */
export interface Frame {
  readonly id: string
  readonly own: number
  /** Who stayed when we were removed. */
  readonly left: readonly IdentityKey[] | null
  /** The present one first. */
  readonly epochs: readonly Epoch[]
}

/** What was heard of one sender: up to which generation, and which of those before are still to come. */
export interface Heard {
  readonly next: number
  readonly missing: readonly number[]
}

export interface Group {
  readonly frame: Frame
  /** The frame and what follows from it, made once. */
  readonly encoded: Bytes
  readonly id: Bytes
  readonly present: Epoch
  /** Of the present epoch and those before. */
  readonly keys: readonly [number, ...number[]]
  /** Of us in the present epoch; nobody else's is the same. */
  readonly name: string
  /** How many messages we have sealed in the present epoch. */
  readonly sent: number
  /** Of each epoch, of each leaf. */
  readonly heard: readonly (readonly Heard[])[]
}

const NOTHING: Heard = { next: 0, missing: [] }

/** `heard`: of the epochs before the present one. */
export function groupOf(frame: Frame, heard: Group['heard'] = []): Group {
  const [present, ...past] = frame.epochs
  if (!present) throw new TypeError('a group without an epoch')
  return {
    frame,
    encoded: new TextEncoder().encode(JSON.stringify(frame)),
    id: fromHex(frame.id),
    present,
    name: [frame.id, present.number, present.secret, frame.own].join('/'),
    keys: [keyIn(frame, present), ...past.map((epoch) => keyIn(frame, epoch))],
    sent: 0,
    heard: [present.leaves.map(() => NOTHING), ...heard].slice(0, frame.epochs.length),
  }
}

function keyIn({ id }: Frame, { number, secret }: Epoch): number {
  return keyOf(number, fromHex(id), fromHex(secret))
}

/** Who sealed generation `n` was heard with it; undefined if it cannot be, or was heard before. */
export function hear(
  { next, missing }: Heard,
  n: number,
  most: { ahead: number; kept: number },
): Heard | undefined {
  if (n < next) {
    return missing.includes(n) ? { next, missing: missing.filter((one) => one !== n) } : undefined
  }
  if (n - next > most.ahead) return undefined
  if (n === next) return { next: n + 1, missing }
  const skipped = Array.from({ length: n - next }, (_, i) => next + i)
  return { next: n + 1, missing: [...missing, ...skipped].slice(-most.kept) }
}

/** The length of the frame, the frame, and the counters. */
export function encode(group: Group): MlsState {
  const counters = group.heard.flat()
  const words = counters.reduce((sum, { missing }) => sum + 2 + missing.length, 1)
  const state = new Uint8Array(4 + group.encoded.length + 4 * words)
  const view = new DataView(state.buffer)
  view.setUint32(0, group.encoded.length)
  state.set(group.encoded, 4)
  let at = 4 + group.encoded.length
  const write = (word: number): void => {
    view.setUint32(at, word)
    at += 4
  }
  write(group.sent)
  for (const { next, missing } of counters) {
    write(next)
    write(missing.length)
    for (const one of missing) write(one)
  }
  return state
}

/** Frames that were read before: states of one epoch differ in their counters alone. */
const read = new Map<string, Group>()
const FRAMES = 2_000

function groupFrom(text: string): Group {
  const group = read.get(text) ?? groupOf(JSON.parse(text) as Frame)
  read.set(text, group)
  forgetOldest(read, FRAMES)
  return group
}

export function decode(state: MlsState): Group {
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength)
  let at = 4 + view.getUint32(0)
  const group = groupFrom(new TextDecoder().decode(state.subarray(4, at)))
  const word = (): number => {
    at += 4
    return view.getUint32(at - 4)
  }
  const sent = word()
  const heard = group.frame.epochs.map(({ leaves }) =>
    leaves.map(() => ({ next: word(), missing: Array.from({ length: word() }, word) })),
  )
  return { ...group, sent, heard }
}
