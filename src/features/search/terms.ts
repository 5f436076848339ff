/** Scripts that put no space between words, or may do without. */
const UNSPACED = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]`
const LETTERS = String.raw`[\p{L}\p{M}\p{N}]`
const PICTURE = String.raw`\p{Extended_Pictographic}[\u{FE0F}\p{Emoji_Modifier}]?`
const TOKEN = new RegExp(
  [
    String.raw`(?<emoji>\p{RI}{2}|${PICTURE}(?:\u200D${PICTURE})*)`,
    `(?<run>[${UNSPACED}&&${LETTERS}]+)`,
    `[${LETTERS}--${UNSPACED}]+`,
  ].join('|'),
  'gv',
)
const SINGLE = new RegExp(`^[${LETTERS}--${UNSPACED}]$`, 'v')
const WORD = new RegExp(String.raw`^[\p{L}--${UNSPACED}]+$`, 'v')
const ASCII = /^\p{ASCII}*$/u

/** What stands upon letters in Latin, Greek, Cyrillic, Hebrew and Arabic, and what colours an emoji. */
const MARKS = /[\u0300-\u036F]|[\u0591-\u05C7]|\u0640|[\u064B-\u065F]|\u0670|\uFE0F|\p{Emoji_Modifier}/gu
/** What is no letter with a mark upon it, and yet written for another one. */
const LIKE: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i', ς: 'σ' },
}
const UNLIKE = /[ßæœøđðþłħıς]/gu

/** A part of a text that can be searched for. */
export interface Token {
  readonly term: string
  /** UTF-16 units. */
  readonly at: number
  readonly length: number
}

/** The same for everything that a person would take for the same. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  const bare = text.normalize('NFKD').toLowerCase().replace(MARKS, '')
  return bare.replace(UNLIKE, (letter) => LIKE[letter] ?? letter).normalize('NFC')
}

/**
 * Words and emoji; where there are no spaces each two signs that stand together, and the last one, so that a single
 * sign is found as the beginning of a pair.
 */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].flatMap(({ 0: found, index: at, groups }) =>
    groups?.['run'] === undefined
      ? tokenOf(found, at)
      : pairs(found).map((pair) => ({ ...pair, at: at + pair.at })),
  )
}

/** What a text is found by. */
export function termsOf(text: string): string[] {
  return tokensOf(text).map(({ term }) => term)
}

/** What a text must hold to be found. Of several signs without spaces each pair. */
export function wantedIn(query: string): string[] {
  const wanted = [...query.matchAll(TOKEN)].flatMap(({ 0: found, groups }) => {
    if (groups?.['run'] === undefined) return tokenOf(found, 0)
    const all = pairs(found)
    return all.length > 1 ? all.slice(0, -1) : all
  })
  return [...new Set(wanted.map(({ term }) => term))]
}

/** Whether a word may go on behind what was typed. After a single letter far too many would. */
export function isBeginning(term: string): boolean {
  return !SINGLE.test(term)
}

/** Whether a word may be written a little differently: not emoji, numbers and short ones, nor pairs of signs. */
export function mayDiffer(term: string): boolean {
  return term.length > 3 && WORD.test(term)
}

function tokenOf(found: string, at: number): Token[] {
  const term = fold(found)
  return term === '' ? [] : [{ term, at, length: found.length }]
}

function pairs(run: string): Token[] {
  const signs = Array.from(run)
  let at = 0
  return signs.flatMap((sign, i) => {
    const pair = sign + (signs[i + 1] ?? '')
    const [token] = tokenOf(pair, at)
    at += sign.length
    return token ?? []
  })
}
