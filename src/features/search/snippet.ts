import { graphemes } from '../../core/graphemes.ts'
import { fold, isBeginning, tokensOf, wantedIn, type Token } from './terms.ts'

/** A stretch of text; `hit`: it is what was looked for. */
export interface Piece {
  readonly text: string
  readonly hit: boolean
}

/** Longer ones are cut, UTF-16 units. */
const LENGTH = 160
/** So much stands before the first hit at the most. */
const LEAD = 36

/** The part of a text where something was found; `terms`: the words by which it was. */
export function snippet(text: string, query: string, terms: readonly string[]): Piece[] {
  const line = text.replace(/\s+/gu, ' ').trim()
  const marks = marksIn(line, wantedIn(query), new Set(terms))
  const { from, to } = window(line, marks[0]?.from ?? 0)
  const pieces: Piece[] = from > 0 ? [{ text: '…', hit: false }] : []
  let at = from
  for (const mark of marks) {
    const [begin, end] = [Math.max(at, mark.from), Math.min(to, mark.to)]
    if (begin >= end) continue
    if (begin > at) pieces.push({ text: line.slice(at, begin), hit: false })
    pieces.push({ text: line.slice(begin, end), hit: true })
    at = end
  }
  const rest = line.slice(at, to) + (to < line.length ? '…' : '')
  return rest === '' ? pieces : [...pieces, { text: rest, hit: false }]
}

interface Mark {
  readonly from: number
  readonly to: number
}

function marksIn(line: string, wanted: readonly string[], terms: ReadonlySet<string>): Mark[] {
  const marks: Mark[] = []
  for (const token of tokensOf(line)) {
    const length = markedLength(line, token, { wanted, terms })
    if (length === 0) continue
    const [last, to] = [marks.at(-1), token.at + length]
    // Pairs of signs overlap.
    if (last && token.at <= last.to) marks[marks.length - 1] = { from: last.from, to: Math.max(last.to, to) }
    else marks.push({ from: token.at, to })
  }
  return marks
}

/** How much of a word is marked: what was typed of it; all of it where it is only similar. */
function markedLength(
  line: string,
  { term, at, length }: Token,
  { wanted, terms }: { wanted: readonly string[]; terms: ReadonlySet<string> },
): number {
  const typed = wanted
    .filter((one) => one === term || (isBeginning(one) && term.startsWith(one)))
    .reduce((most, one) => Math.max(most, one.length), 0)
  if (typed === 0) return terms.has(term) ? length : 0
  let units = 0
  for (const sign of graphemes(line.slice(at, at + length))) {
    units += sign.length
    if (fold(line.slice(at, at + units)).length >= typed) break
  }
  return units
}

/** From where to where a line is shown so that the place is in it; cut between words if there are any. */
function window(line: string, place: number): { from: number; to: number } {
  if (line.length <= LENGTH) return { from: 0, to: line.length }
  const space = place > LEAD ? line.indexOf(' ', place - LEAD) : -1
  const from = place <= LEAD ? 0 : space >= 0 && space < place ? space + 1 : whole(line, place)
  if (from + LENGTH >= line.length) return { from, to: line.length }
  const cut = line.lastIndexOf(' ', from + LENGTH)
  return { from, to: cut > place ? cut : whole(line, from + LENGTH) }
}

/** Not in the middle of a sign. */
function whole(line: string, at: number): number {
  const unit = line.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}
