import { tokenize } from 'linkifyjs'
import { graphemes } from '../../core/graphemes.ts'

/** A piece of a message: words, or something that leads somewhere. */
export interface Piece {
  readonly text: string
  /** http, https or mailto; nothing else is ever made a link. */
  readonly href?: string
}

const SAFE = /^(https?:|mailto:)/i

/** Links are looked for in so many characters of a message, and so many are made: a chat must open quickly. */
const LOOKED_AT = 8_000
const MAX_LINKS = 100

/** Cuts a message into pieces; together their texts are the message again. */
export function piecesOf(text: string): Piece[] {
  const end = text.length <= LOOKED_AT ? text.length : text.lastIndexOf(' ', LOOKED_AT) + 1 || LOOKED_AT
  let links = 0
  const pieces = tokenize(text.slice(0, end)).map((token): Piece => {
    const words = token.toString()
    const href = token.isLink && ++links <= MAX_LINKS ? token.toHref('https') : undefined
    return href !== undefined && SAFE.test(href) && URL.canParse(href)
      ? { text: words, href }
      : { text: words }
  })
  return end < text.length ? [...pieces, { text: text.slice(end) }] : pieces
}

const EMOJI_ONLY = /^[\p{Extended_Pictographic}\p{Emoji_Component}\s]+$/u
const DIGITS = /[\d#*]/

/** One to three emoji and nothing else: they are shown large. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > 40 || !EMOJI_ONLY.test(text) || DIGITS.test(text)) return false
  return graphemes(text.replace(/\s/g, '')).length <= 3
}
