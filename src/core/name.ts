import { UNSEEN } from './file-name.ts'

const NAMELESS = 'Nameless'
/** What joins the parts of an emoji is unseen too, and needed. */
const JOINER = '\u200d'

/**
 * A person's name as it may be shown: one line, in its own direction alone, and never empty. Cleaning a clean name
 * changes nothing.
 */
export function cleanName(name: string): string {
  const kept = name
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(UNSEEN, (mark) => (mark === JOINER ? mark : ''))
  return kept.replaceAll(JOINER, '').trim() === '' ? NAMELESS : kept.trim()
}
