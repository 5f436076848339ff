/** Longest name that is shown or saved, in UTF-16 units. */
const MAX_LENGTH = 120
/** Past this an "extension" is just the rest of a name with a dot in it. */
const MAX_EXTENSION = 16
const NAMELESS = 'file'

/**
 * Control characters, line ends, what Unicode lets be invisible (marks that turn the writing direction among them: the
 * Telegram trick of 2018 that made "gnp.js" look like a picture; fillers, tags), and the empty Braille cell. Not the
 * sign that makes an emoji of the one before it.
 */
export const UNSEEN = /(?!\ufe0f)[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/gu
/** What Windows forbids in a name. */
const FORBIDDEN = /[<>:"|?*]/g
/** Names that mean a device on Windows, with whatever extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\s|$)/i

/**
 * A name as it may be shown and saved: one line, one direction, no path, no device, at most 120 characters with the
 * extension kept, never empty. Cleaning a clean name changes nothing.
 */
export function cleanFileName(name: string): string {
  const seen = name.toWellFormed().normalize('NFC').replace(UNSEEN, '')
  const last = seen.split(/[/\\]/).findLast((part) => trimEnds(part) !== '') ?? ''
  const plain = trimEnds(last.replace(FORBIDDEN, '_'))
  const named = DEVICE.test(plain) ? `_${plain}` : plain
  return shorten(named === '' ? NAMELESS : named)
}

function trimEnds(name: string): string {
  return name.replace(/^[\s.]+|[\s.]+$/g, '')
}

function shorten(name: string): string {
  if (name.length <= MAX_LENGTH) return name
  const extension = extensionOf(name)
  const stem = name.slice(0, MAX_LENGTH - extension.length)
  return trimEnds(withoutHalfPair(stem)) + extension
}

function withoutHalfPair(text: string): string {
  return text.isWellFormed() ? text : text.slice(0, -1)
}

/** With its dot; empty where there is none. The last one counts: it is what the system goes by. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot) : ''
  return extension.length > 1 && extension.length <= MAX_EXTENSION && !/\s/.test(extension) ? extension : ''
}
