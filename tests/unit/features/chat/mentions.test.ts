import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mention } from '../../../../src/core/body.ts'
import {
  candidatesFor,
  mentionsOf,
  moved,
  partsOf,
  searchAt,
  withMention,
  type Candidate,
} from '../../../../src/features/chat/mentions.ts'
import { keyOf } from '../../../e2e/gallery/people.ts'

const someone = (name: string, alias = name): Candidate => ({
  ...{ who: keyOf(name), name, alias, hint: undefined },
})
const [ANN, ANNA, CEM] = [someone('Ann'), someone('Anna Berg'), someone('Cem', 'Kemal')] as const
const ALL = [ANN, ANNA, CEM]

describe('the parts of a text', () => {
  it('are the people it names, and what lies between', () => {
    const mentions = [{ at: 3, length: 4, who: ANN.who }]
    expect(partsOf('Hi @Ann!', mentions)).toEqual([
      { text: 'Hi ' },
      { text: '@Ann', who: ANN.who },
      { text: '!' },
    ])
  })

  it('are the whole text again, whatever is claimed to be named in it', () => {
    const mention = fc.record({ at: fc.nat(30), length: fc.nat(30), who: fc.constant(ANN.who) })
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.array(mention), (text, mentions) => {
        const parts = partsOf(text, mentions)
        expect(parts.map((part) => part.text).join('')).toBe(text)
        expect(parts.every((part) => part.text !== '')).toBe(true)
      }),
    )
  })
})

describe('a name that is being written', () => {
  it('begins with an "@" at the beginning of a word', () => {
    expect(searchAt('@', 1)).toEqual({ at: 0, query: '' })
    expect(searchAt('Hi @an', 6)).toEqual({ at: 3, query: 'an' })
    expect(searchAt('Hi @Anna B', 10)).toEqual({ at: 3, query: 'Anna B' })
    expect(searchAt('(@an', 4)).toEqual({ at: 1, query: 'an' })
  })

  it('is neither an address nor something long ago', () => {
    expect(searchAt('me@an', 5)).toBeUndefined()
    expect(searchAt('@ an', 4)).toBeUndefined()
    expect(searchAt('@an\nnext', 8)).toBeUndefined()
    expect(searchAt('@an', 0)).toBeUndefined()
    expect(searchAt(`@${'a'.repeat(60)}`, 61)).toBeUndefined()
  })

  it('finds people by any word of what they are called, here or by themselves', () => {
    expect(candidatesFor('', ALL)).toEqual(ALL)
    expect(candidatesFor('an', ALL)).toEqual([ANN, ANNA])
    expect(candidatesFor('berg', ALL)).toEqual([ANNA])
    expect(candidatesFor('kem', ALL)).toEqual([CEM])
    expect(candidatesFor('x', ALL)).toEqual([])
  })

  it('is replaced by the name that everybody knows, with room behind it', () => {
    const text = 'Ask @ke please'
    expect(withMention({ text, mentions: [] }, { at: 4, query: 'ke' }, CEM)).toEqual({
      text: 'Ask @Cem please',
      mentions: [{ at: 4, length: 4, who: CEM.who }],
      caret: 9,
    })
    expect(withMention({ text: '@', mentions: [] }, { at: 0, query: '' }, CEM).text).toBe('@Cem ')
  })
})

describe('mentions while one goes on writing', () => {
  const mentions: Mention[] = [
    { at: 0, length: 4, who: ANN.who },
    { at: 9, length: 4, who: CEM.who },
  ]
  const text = '@Ann and @Cem!'

  it('stay before what changed, and move behind it', () => {
    expect(moved(mentions, text, '@Ann und auch @Cem!')).toEqual([mentions[0], { ...mentions[1], at: 14 }])
    expect(moved(mentions, text, `Hi ${text}`).map(({ at }) => at)).toEqual([3, 12])
  })

  it('are gone when their name was changed', () => {
    expect(moved(mentions, text, '@An and @Cem!')).toEqual([{ ...mentions[1], at: 8 }])
    expect(moved(mentions, text, '')).toEqual([])
  })

  it('always name the same letters', () => {
    const edit = fc.tuple(fc.nat(14), fc.nat(14), fc.string({ maxLength: 5 }))
    fc.assert(
      fc.property(edit, ([from, cut, insert]) => {
        const after = text.slice(0, from) + insert + text.slice(from + cut)
        for (const { at, length, who } of moved(mentions, text, after))
          expect(after.slice(at, at + length)).toBe(who === ANN.who ? '@Ann' : '@Cem')
      }),
    )
  })
})

describe('the mentions of what is sent', () => {
  it('fit the text without the room around it', () => {
    const chosen = [{ at: 2, length: 4, who: ANN.who }]
    expect(mentionsOf({ text: '  @Ann hi ', mentions: chosen }, ALL)).toEqual({
      text: '@Ann hi',
      mentions: [{ at: 0, length: 4, who: ANN.who }],
    })
  })

  it('are also names written out by hand, the longest first', () => {
    const { mentions } = mentionsOf({ text: 'look, @anna berg and @ANN. me@Cem', mentions: [] }, ALL)
    expect(mentions).toEqual([
      { at: 6, length: 10, who: ANNA.who },
      { at: 21, length: 4, who: ANN.who },
    ])
  })

  it('mean nobody where two have one name, unless one was chosen', () => {
    const two = [ANN, { ...ANN, who: keyOf('another Ann') }]
    expect(mentionsOf({ text: '@Ann?', mentions: [] }, two).mentions).toEqual([])
    const chosen = [{ at: 0, length: 4, who: keyOf('another Ann') }]
    expect(mentionsOf({ text: '@Ann?', mentions: chosen }, two).mentions).toEqual(chosen)
  })
})
