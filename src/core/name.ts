import { UNSEEN } from './file-name.ts'

const NAMELESS = 'Nameless'
/** Unseen too, and needed: what joins the parts of an emoji, and what parts letters in Persian names. */
const JOINERS = '\u200c\u200d'

/**
 * A person's name as it may be shown: one line, in its own direction alone, and never empty. Cleaning a clean name
 * changes nothing.
 */
export function cleanName(name: string): string {
  const kept = name
    .toWellFormed()
    .replace(/\s/g, ' ')
    .replace(UNSEEN, (mark) => (JOINERS.includes(mark) ? mark : ''))
    .replace(/ +/g, ' ')
    .trim()
  return kept.replace(UNSEEN, '').replaceAll('\ufe0f', '').trim() === '' ? NAMELESS : kept
}
