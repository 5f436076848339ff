let segmenter: Intl.Segmenter | undefined

/** The letters and emoji of a text as a person counts them. Made when first needed: a browser may be too old for it. */
export function graphemes(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return [...segmenter.segment(text)].map(({ segment }) => segment)
}
