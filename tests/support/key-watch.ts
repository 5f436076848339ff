import { toHex, type Bytes } from '../../src/core/bytes.ts'
import type { Mls } from '../../src/crypto/mls.ts'
import { decodeFrame } from '../../src/protocol/frame.ts'

/** Sees under which key everything was sealed that left a device: no two different things may share one. */
export interface KeyWatch {
  /** An Mls that tells its keys; `make` gets the function to tell them to. */
  watched(make: (used: (key: string) => void) => Mls): Mls
  /** A message sets out on a wire. */
  carried(bytes: Bytes): void
  /** Keys under which two different things left. */
  readonly reused: string[]
}

export function watchKeys(): KeyWatch {
  /** The key of what was sealed, whether it left or not. */
  const keyOf = new Map<string, string>()
  /** What left under a key. */
  const left = new Map<string, string>()
  const reused: string[] = []
  return {
    reused,
    watched: (make) => {
      let last = ''
      const mls = make((key) => (last = key))
      return {
        ...mls,
        seal: async (state, plain, context) => {
          const result = await mls.seal(state, plain, context)
          keyOf.set(toHex(result.sealed), last)
          return result
        },
      }
    },
    carried: (bytes) => {
      const frame = bytes[1] === SEALED ? decodeFrame(bytes) : undefined
      if (frame?.type !== 'sealed') return
      const sealed = toHex(frame.sealed)
      const key = keyOf.get(sealed)
      if (key === undefined) return
      const before = left.get(key)
      if (before !== undefined && before !== sealed) reused.push(key)
      left.set(key, sealed)
    },
  }
}

/** The code of a sealed frame, where CBOR has it. */
const SEALED = 9
