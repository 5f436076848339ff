/** One emoji as the data that is shipped knows it. */
export interface Emoji {
  readonly emoji: string
  /** "thumbs up" */
  readonly annotation: string
  readonly tags: readonly string[]
  readonly group: number
  /** Of the standard that brought it. */
  readonly version: number
}

/** Newer ones are missing in the letters of many devices. */
const NEWEST = 15
/** Found at the most: nobody looks through more. */
const MAX_FOUND = 96

/** The groups of the picker; 2 are parts of others. */
export const GROUPS = [
  { group: 0, label: 'Faces', face: '😀' },
  { group: 1, label: 'People', face: '👋' },
  { group: 3, label: 'Nature', face: '🌿' },
  { group: 4, label: 'Food', face: '🍎' },
  { group: 5, label: 'Places', face: '🏡' },
  { group: 6, label: 'Activities', face: '⚽' },
  { group: 7, label: 'Things', face: '💡' },
  { group: 8, label: 'Symbols', face: '💜' },
  { group: 9, label: 'Flags', face: '🏁' },
] as const

/** The English names and all emoji; a small book, read when first needed. */
export async function readEmoji(): Promise<readonly Emoji[]> {
  const { default: data } = await import('emoji-picker-element-data/en/cldr-native/data.json')
  return (data as Emoji[])
    .filter(({ version }) => version <= NEWEST)
    .map((emoji) => ({ ...emoji, emoji: plain(emoji.emoji) }))
}

/** Without the sign for "as a picture" where it is one anyway: the same emoji is always written the same. */
function plain(emoji: string): string {
  return emoji.replace(/(\p{Emoji_Presentation})\ufe0f/gu, '$1')
}

/** Those whose name or tags begin with every word of the query; the names first. */
export function findEmoji(all: readonly Emoji[], query: string): Emoji[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const begins = (text: string, word: string): boolean => text.startsWith(word) || text.includes(` ${word}`)
  const named = ({ annotation }: Emoji): boolean =>
    words.every((word) => begins(annotation.toLowerCase(), word))
  const tagged = ({ annotation, tags }: Emoji): boolean =>
    words.every((word) => [annotation.toLowerCase(), ...tags].some((text) => begins(text, word)))
  const first = all.filter(named)
  const rest = all.filter((emoji) => !first.includes(emoji) && tagged(emoji))
  return [...first, ...rest].slice(0, MAX_FOUND)
}

/** Where an arrow leads from one emoji in a grid of so many columns; undefined where there is nothing. */
export function stepIn(
  key: string,
  at: number,
  { count, columns }: { count: number; columns: number },
): number | undefined {
  const steps: Record<string, number> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    Home: 0,
    End: count - 1,
  }
  const next = steps[key]
  return next === undefined || next < 0 || next >= count ? undefined : next
}
