import { tokenize } from 'linkifyjs'
import { graphemes } from '../../core/graphemes.ts'

/** A piece of a message: words, or something that leads somewhere. */
export interface Piece {
  readonly text: string
  /** http, https or mailto; nothing else is ever made a link. */
  readonly href?: string
}

const SAFE = /^(https?:|mailto:)/i

/** Cuts a message into pieces; together their texts are the message again. */
export function piecesOf(text: string): Piece[] {
  return tokenize(text).map((token) => {
    const words = token.toString()
    const href = token.isLink ? token.toHref('https') : undefined
    return href !== undefined && SAFE.test(href) && URL.canParse(href)
      ? { text: words, href }
      : { text: words }
  })
}

const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\u200d|\s)+$/u
const DIGITS = /[\d#*]/

/** One to three emoji and nothing else: they are shown large. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > 40 || !EMOJI_ONLY.test(text) || DIGITS.test(text)) return false
  return graphemes(text.replace(/\s/g, '')).length <= 3
}
