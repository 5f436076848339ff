import { toHex, type Bytes } from '../../src/core/bytes.ts'
import type { Mls } from '../../src/crypto/mls.ts'
import { decodeFrame } from '../../src/protocol/frame.ts'

/** Sees under which key everything was sealed that left a device: no two different things may share one. */
export interface KeyWatch {
  /** Somebody's Mls that tells its keys; `make` gets the function to tell them to: what is sealed comes first. */
  watched(who: string, make: (used: (key: string) => void) => Mls): Mls
  /** A message sets out on a wire. */
  carried(bytes: Bytes): void
  /** Keys under which two different things left, and whose. */
  readonly reused: { readonly who: string; readonly key: string }[]
}

export function watchKeys(): KeyWatch {
  /** The key of what was sealed, whether it left or not. */
  const keyOf = new Map<string, { readonly who: string; readonly key: string }>()
  /** What left under a key. */
  const left = new Map<string, string>()
  const reused: { who: string; key: string }[] = []
  return {
    reused,
    watched: (who, make) => {
      let first: string | undefined
      const mls = make((key) => (first ??= key))
      return {
        ...mls,
        seal: async (state, plain, context) => {
          first = undefined
          const result = await mls.seal(state, plain, context)
          if (first === undefined) throw new Error('nobody told the key')
          keyOf.set(toHex(result.sealed), { who, key: first })
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
      const before = left.get(key.key)
      if (before !== undefined && before !== sealed) reused.push(key)
      left.set(key.key, sealed)
    },
  }
}

/** The code of a sealed frame, where CBOR has it. */
const SEALED = 9
