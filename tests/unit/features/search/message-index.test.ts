import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  createMessageIndex,
  type Doc,
  type MessageIndex,
} from '../../../../src/features/search/message-index.ts'
import { termsOf, wantedIn } from '../../../../src/features/search/terms.ts'

let index: MessageIndex
const doc = (seq: number, text: string, more: Partial<Doc> = {}): Doc => {
  return { key: `chat/ann/life/${String(seq)}`, chat: 1, order: seq, text, ...more }
}
const numbers = async (text: string, chat?: number): Promise<number[]> => {
  const { matches } = await index.find({ text, chat, limit: 100 })
  return matches.map(({ key }) => Number(key.split('/').at(-1)))
}

beforeEach(() => {
  index = createMessageIndex()
})

describe('a search', () => {
  it('finds what holds every word, however it is written and whatever comes behind it', async () => {
    await index.put([
      doc(1, 'Twice the plums, half the sugar'),
      doc(2, 'PLUM cake on Saturday'),
      doc(3, 'Plümchen?'),
      doc(4, 'half a cake'),
    ])
    expect(await numbers('plum')).toEqual([3, 2, 1])
    expect(await numbers('sugar plums')).toEqual([1])
    expect(await numbers('cake half')).toEqual([4])
    expect(await numbers('the')).toEqual([1])
    expect(await numbers('plum trombone')).toEqual([])
  })

  it('tells the newest first, how many there are, and by which words', async () => {
    await index.put([
      doc(1, 'plum', { order: 30 }),
      doc(2, 'plums', { order: 10 }),
      doc(3, 'plum', { order: 20 }),
    ])
    const found = await index.find({ text: 'plum', limit: 2 })
    expect(found).toMatchObject({ total: 3, similar: false })
    expect(found.matches.map(({ key }) => key)).toEqual([doc(1, '').key, doc(3, '').key])
    expect(found.matches.map(({ terms }) => terms)).toEqual([['plum'], ['plum']])
  })

  it('is content with something similar where nothing is written like that', async () => {
    await index.put([doc(1, 'the trombone is here'), doc(2, 'trombones'), doc(3, 'nothing')])
    expect(await numbers('tromb')).toEqual([2, 1])
    expect(await index.find({ text: 'trombne', limit: 9 })).toMatchObject({ total: 2, similar: true })
    await index.put([doc(4, 'a trombne')])
    expect(await index.find({ text: 'trombne', limit: 9 })).toMatchObject({ total: 1, similar: false })
  })

  it('takes a number or an emoji at its word', async () => {
    await index.put([doc(1, 'room 2026'), doc(2, 'room 2027 🎺'), doc(3, '🎶')])
    expect(await numbers('2028')).toEqual([])
    expect(await numbers('🎺')).toEqual([2])
    expect(await numbers('🥁')).toEqual([])
  })

  it('finds what is written without spaces', async () => {
    await index.put([doc(1, '明日東京タワーへ行きます'), doc(2, '京都の秋'), doc(3, '내일 대한민국에서')])
    expect(await numbers('東京')).toEqual([1])
    expect(await numbers('京')).toEqual([2, 1])
    expect(await numbers('タワー')).toEqual([1])
    expect(await numbers('민국')).toEqual([3])
  })

  it('can stay in one chat', async () => {
    await index.put([doc(1, 'plum'), doc(2, 'plum', { chat: 2 })])
    expect(await numbers('plum', 2)).toEqual([2])
    expect(await numbers('plum', 3)).toEqual([])
  })

  it('for nothing finds nothing', async () => {
    await index.put([doc(1, 'plum')])
    expect(await numbers('')).toEqual([])
    expect(await numbers(' … ')).toEqual([])
  })
})

describe('what was said before', () => {
  it('is forgotten once it is said differently', async () => {
    await index.put([doc(1, 'the old words')])
    await index.put([doc(1, 'the new words')])
    expect(await numbers('old')).toEqual([])
    expect(await numbers('words')).toEqual([1])
  })

  it('is forgotten once it is gone, and may come again', async () => {
    await index.put([doc(1, 'plum'), doc(2, 'plum')])
    await index.remove([doc(1, '').key, 'of which nobody ever heard/1'])
    expect(await numbers('plum')).toEqual([2])
    await index.put([doc(1, 'plum')])
    expect(await numbers('plum')).toEqual([2, 1])
  })
})

describe('whatever is said, changed and taken back', () => {
  it('exactly that is found which somebody who reads everything finds', async () => {
    const words = ['plum', 'plums', 'cake', '東京', '京', '🎺', 'a', 'ab', 'Äpfel', 'apfel']
    const text = fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((some) => some.join(' '))
    const act = fc.record({ seq: fc.nat(12), text: fc.option(text, { nil: undefined }) })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 30 }), text, async (acts, wanted) => {
        index = createMessageIndex()
        const said = new Map<number, string>()
        for (const { seq, text } of acts) {
          if (text === undefined) said.delete(seq)
          else said.set(seq, text)
          await (text === undefined ? index.remove([doc(seq, '').key]) : index.put([doc(seq, text)]))
        }
        const asked = wantedIn(wanted)
        const fits = (text: string) => asked.every((one) => termsOf(text).some((term) => begins(term, one)))
        const right = [...said].filter(([, text]) => asked.length > 0 && fits(text)).map(([seq]) => seq)
        const { matches, similar } = await index.find({ text: wanted, limit: 100 })
        const found = similar ? [] : matches.map(({ key }) => Number(key.split('/').at(-1)))
        expect(found).toEqual(right.sort((a, b) => b - a))
      }),
    )
  })
})

function begins(term: string, wanted: string): boolean {
  return term === wanted || (wanted !== 'a' && term.startsWith(wanted))
}
