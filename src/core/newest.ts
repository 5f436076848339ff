/** Takes out the oldest of more than `most`: maps and sets keep the order in which things came. */
export function forgetOldest<K>(kept: Map<K, unknown> | Set<K>, most: number): void {
  const [oldest] = kept.keys()
  if (kept.size > most && oldest !== undefined) kept.delete(oldest)
}
