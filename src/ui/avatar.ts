import { graphemes } from '../core/graphemes.ts'

/** How many grounds there are for faces without a picture. */
export const TONES = 8

/** The same key has the same ground on every device. `key` is lower-case hex. */
export function toneOf(key: string): number {
  const number = parseInt(key.slice(0, 6), 16)
  return Number.isNaN(number) ? 0 : number % TONES
}

/** One or two letters that stand for a name: of the first and the last word, or an emoji as it is. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = firstLetter(words[0])
  const last = words.length > 1 ? firstLetter(words.at(-1)) : ''
  return (/\p{L}/u.test(first) ? first + last : first).toLocaleUpperCase()
}

function firstLetter(word: string | undefined): string {
  if (word === undefined) return ''
  return graphemes(word)[0] ?? ''
}
