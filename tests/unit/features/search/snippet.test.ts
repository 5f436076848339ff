import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { namedLike } from '../../../../src/features/search/names.ts'
import { snippet } from '../../../../src/features/search/snippet.ts'
import { wantedIn } from '../../../../src/features/search/terms.ts'

/** What is marked stands in brackets. */
const shown = (text: string, query: string, terms: string[] = []): string =>
  snippet(text, query, terms)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join('')

describe('the words around what was found', () => {
  it.each([
    ['Half the sugar, twice the plums.', 'plum', 'Half the sugar, twice the [plum]s.'],
    ['Plum? PLUM!', 'plum', '[Plum]? [PLUM]!'],
    ['In der Straße', 'stras', 'In der [Straß]e'],
    ['two\n\n  lines', 'lines two', '[two] [lines]'],
    ['明日東京タワーへ', '東京タワー', '明日[東京タワー]へ'],
    ['京都の秋', '京', '[京]都の秋'],
    ['yes 👍🏽', '👍', 'yes [👍🏽]'],
    ['e\u0301te\u0301 prochain', 'ete', '[e\u0301te\u0301] prochain'],
    ['a cat', 'a', '[a] cat'],
  ])('%s, %s', (text, query, marked) => {
    expect(shown(text, query)).toBe(marked)
  })

  it('marks all of a word that is only similar', () => {
    expect(shown('the trombones', 'trombnes', ['trombones'])).toBe('the [trombones]')
  })

  it('are cut where a text is long, so that the place is seen', () => {
    const far = `${'word '.repeat(100)}plums ${'more '.repeat(100)}`
    const cut = shown(far, 'plum')
    expect(cut).toMatch(/^…(?:word )+\[plum\]s(?: more)+…$/)
    expect(cut.length).toBeLessThan(175)
    expect(shown(`${'x'.repeat(500)} plum`, 'plum')).toMatch(/^…x* ?\[plum\]$/)
  })

  it('are nothing but a part of the text, whatever it is', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.lorem({ maxCount: 90 }))
    fc.assert(
      fc.property(text, fc.nat(), (text, at) => {
        const words = text.split(/\s+/u)
        const query = words[at % words.length] ?? ''
        const pieces = snippet(text, query, [])
        const whole = pieces.map((piece) => piece.text).join('')
        const line = text.replace(/\s+/gu, ' ').trim()
        expect(line).toContain(whole.replace(/^…/u, '').replace(/…$/u, ''))
        expect(whole.isWellFormed()).toBe(text.isWellFormed() || whole.isWellFormed())
        if (wantedIn(query).length > 0) expect(pieces.some(({ hit }) => hit)).toBe(true)
      }),
    )
  })
})

describe('people and groups', () => {
  const all = ['Ann Lindqvist', 'Ben Okafor', 'Marie-Ann', 'مريم', '東京の友達'].map((title) => ({
    title,
    names: title === 'Ben Okafor' ? ['Benedikt'] : [],
  }))
  const found = (query: string) => namedLike(query, all).map(({ title }) => title)

  it('are found by the beginning of each of their names, who is called like that first', () => {
    expect(found('ann')).toEqual(['Ann Lindqvist', 'Marie-Ann'])
    expect(found('a')).toEqual(['Ann Lindqvist', 'Marie-Ann'])
    expect(found('lind ann')).toEqual(['Ann Lindqvist'])
    expect(found('友')).toEqual(['東京の友達'])
    expect(found('مري')).toEqual(['مريم'])
    expect(found('nn')).toEqual([])
    expect(found(' ')).toEqual([])
  })

  it('are found by another name they had', () => {
    expect(found('bened')).toEqual(['Ben Okafor'])
  })
})
