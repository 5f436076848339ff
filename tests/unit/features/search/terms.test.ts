import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fold,
  isBeginning,
  mayDiffer,
  termsOf,
  tokensOf,
  wantedIn,
} from '../../../../src/features/search/terms.ts'

describe('what a person takes for the same', () => {
  it.each([
    ['ÉCLAIR', 'eclair'],
    ['Straße', 'strasse'],
    ['Łódź', 'lodz'],
    ['İstanbul', 'istanbul'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['Ёлка', 'елка'],
    ['ｆｕｌｌ', 'full'],
    ['e\u0301', 'e'],
    ['أَهْلاً', 'اهلا'],
    ['שָׁלוֹם', 'שלום'],
    ['👍🏽', '👍'],
    ['❤️', '❤'],
    ['ガ', 'ガ'],
    ['한', '한'],
  ])('%s is %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })
})

describe('what a text is found by', () => {
  it.each([
    ['Did you get home?', ['did', 'you', 'get', 'home']],
    ['the and of', ['the', 'and', 'of']],
    ['minutes-2026-11.pdf', ['minutes', '2026', '11', 'pdf']],
    ['https://example.org/plum-cake?serves=8', ['https', 'example', 'org', 'plum', 'cake', 'serves', '8']],
    ['don’t', ['don', 't']],
    ['東京都', ['東京', '京都', '都']],
    ['東京タワーへ', ['東京', '京タ', 'タワ', 'ワー', 'ーへ', 'へ']],
    ['新iPhone手機', ['新', 'iphone', '手機', '機']],
    ['한국어', ['한국', '국어', '어']],
    ['สวัสดี', ['สว', 'วั', 'ัส', 'สด', 'ดี', 'ี']],
    ['plums 🎺🎶 yes👍🏽', ['plums', '🎺', '🎶', 'yes', '👍']],
    ['👩‍💻 🇩🇪', ['👩‍💻', '🇩🇪']],
    ['…?! — *', []],
  ])('%s', (text, terms) => {
    expect(termsOf(text)).toEqual(terms)
  })

  it('says where each stands in the text as it was written', () => {
    const text = 'Ça, 東京都 🎺 Straße'
    const places = tokensOf(text).map(({ at, length }) => text.slice(at, at + length))
    expect(places).toEqual(['Ça', '東京', '京都', '都', '🎺', 'Straße'])
  })
})

describe('what is asked for', () => {
  it('is each word once, and each pair of signs', () => {
    expect(wantedIn('Plum plum CAKE')).toEqual(['plum', 'cake'])
    expect(wantedIn('東京都')).toEqual(['東京', '京都'])
    expect(wantedIn('京')).toEqual(['京'])
  })

  it('may go on behind what was typed, unless that is a single letter', () => {
    expect(['pl', '京', '東京', '👩'].map(isBeginning)).toEqual([true, true, true, true])
    expect(['p', '8', 'я'].map(isBeginning)).toEqual([false, false, false])
  })

  it('may be written differently where it is a word of some length', () => {
    expect(['plum', 'слива', 'öl', '2026', '東京', '🎺'].map((term) => mayDiffer(fold(term)))).toEqual([
      ...[true, true, false, false, false, false],
    ])
  })
})

describe('for whatever text', () => {
  it('all that is asked for with a part of it is in it', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('東京タワー', '👩‍💻', 'Straße', 'сливы', 'don’t'),
    )
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.nat(), (words, which) => {
        const terms = new Set(termsOf(words.join(' ')))
        for (const wanted of wantedIn(words[which % words.length] ?? '')) {
          const found = [...terms].some((term) => term === wanted || term.startsWith(wanted))
          expect(found).toBe(true)
        }
      }),
    )
  })
})
