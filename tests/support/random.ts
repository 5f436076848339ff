/** A seeded source of chance (mulberry32): the same seed gives the same run. */
export interface Chance {
  /** From 0 to 1. */
  (): number
  /** A whole number from 0 to below `n`. */
  below(n: number): number
  bytes(length: number): Uint8Array<ArrayBuffer>
}

export function seeded(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number): number => Math.floor(next() * n)
  const bytes = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, () => below(256))
  return Object.assign(next, { below, bytes })
}
