/**
 * Milliseconds to wait before try number `tries` (from 0): doubling from `first` up to `most`, ± 50 % by `chance`
 * (0 to 1), so that many who lost the same server do not come back at once.
 */
export function backoff(tries: number, range: { first: number; most: number }, chance: number): number {
  const wait = Math.min(range.most, range.first * 2 ** Math.min(tries, 30))
  return wait * (0.5 + chance)
}
