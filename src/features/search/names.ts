import { fold, termsOf, wantedIn } from './terms.ts'

/** Somebody, or a group, with all names under which they are known. */
export interface Named {
  readonly title: string
  readonly names: readonly string[]
}

/** Those with such a name, in the order given but those first whose name begins like that. */
export function namedLike<T extends Named>(query: string, all: readonly T[]): T[] {
  const wanted = wantedIn(query)
  if (wanted.length === 0) return []
  const typed = fold(query.trim())
  const fits = ({ title, names }: Named): boolean =>
    [title, ...names].some((name) => {
      const terms = termsOf(name)
      return wanted.every((one) => terms.some((term) => term.startsWith(one)))
    })
  const found = all.filter(fits)
  const first = found.filter(({ title }) => fold(title).startsWith(typed))
  return [...first, ...found.filter((one) => !first.includes(one))]
}
