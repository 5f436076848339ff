import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IdentityKey } from '../../../src/core/ids.ts'
import {
  isMark,
  marked,
  mayMark,
  targetKey,
  together,
  type MarkBody,
  type Marking,
  type Marks,
} from '../../../src/core/marks.ts'
import { recordKey } from '../../../src/core/record.ts'
import { conversationOf, identityOf, incarnationIdOf } from '../../support/samples.ts'

const [alice, bob, cem] = [identityOf(1), identityOf(2), identityOf(3)]
const target = { author: alice, incarnation: incarnationIdOf(1), seq: 7 }

interface Mark {
  readonly body: MarkBody
  readonly by: Marking
}

function at(author: IdentityKey, clock: number, seq: number, life = 1): Marking {
  return { author, clock, seq, incarnation: incarnationIdOf(life) }
}
const edit = (text: string, by: Marking): Mark => ({ body: { kind: 'edit', target, text }, by })
const react = (emoji: string, by: Marking): Mark => ({ body: { kind: 'react', target, emoji }, by })
const remove = (by: Marking): Mark => ({ body: { kind: 'delete', target }, by })
const all = (marks: readonly Mark[], before: Marks = {}): Marks =>
  marks.reduce((now, { body, by }) => marked(now, body, by), before)

/** Alice edits and deletes her message, and all three react to it, out of two lives each, often at the same moment. */
const anyMark: fc.Arbitrary<Mark> = fc
  .record({
    author: fc.constantFrom(alice, bob, cem),
    ...{ clock: fc.nat(4), seq: fc.integer({ min: 1, max: 5 }), life: fc.integer({ min: 1, max: 2 }) },
    ...{ kind: fc.nat(9), word: fc.constantFrom('', '👍', '❤️') },
  })
  .map(({ author, clock, seq, life, kind, word }) => {
    const by = at(author, clock, seq, life)
    if (author !== alice || kind > 5) return react(word, by)
    return kind === 0 ? remove(by) : edit(word, by)
  })
/** Nobody says two things in one place. */
const marks = fc.uniqueArray(anyMark, {
  maxLength: 12,
  selector: ({ by }) => `${by.author}/${by.incarnation}/${String(by.seq)}`,
})
const shuffled = marks.chain((some) =>
  fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
)

describe('what later records say about a message', () => {
  test('is the same in whatever order it comes', () => {
    fc.assert(
      fc.property(shuffled, ([some, others]) => {
        expect(all(others)).toEqual(all(some))
      }),
      { numRuns: 2_000 },
    )
  })

  test('is the same if it is told in two places and put together', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(12), ([some, others], cut) => {
        const [one, other] = [all(others.slice(0, cut)), all(others.slice(cut))]
        expect(together(one, other)).toEqual(all(some))
        expect(together(other, one)).toEqual(all(some))
      }),
      { numRuns: 2_000 },
    )
  })

  test('is the same if some of it comes twice', () => {
    fc.assert(
      fc.property(shuffled, ([some, others]) => {
        expect(all(others, all(some))).toEqual(all(some))
      }),
    )
  })

  test('is nothing at first', () => {
    expect(together({}, {})).toEqual({})
  })
})

describe('of several edits', () => {
  test('the last one shows, and the others are its history', () => {
    const some = [
      edit('third', at(alice, 30, 3)),
      edit('first', at(alice, 10, 1)),
      edit('second', at(alice, 20, 9)),
    ]
    expect(all(some).edits?.map(({ text }) => text)).toEqual(['first', 'second', 'third'])
  })

  test('at one moment the later life decides, and then the later place', () => {
    const some = [edit('c', at(alice, 5, 1, 2)), edit('b', at(alice, 5, 9, 1)), edit('a', at(alice, 5, 8, 1))]
    expect(all(some).edits?.map(({ text }) => text)).toEqual(['a', 'b', 'c'])
  })

  test('sixty-four are kept, the latest, in whatever order they come', () => {
    const some = Array.from({ length: 70 }, (_, n) => edit(String(n), at(alice, n, n + 1)))
    const texts = (order: Mark[]) => all(order).edits?.map(({ text }) => text)
    const last = some.slice(6).map(({ by }) => String(by.clock))
    expect([texts(some), texts([...some].reverse())]).toEqual([last, last])
  })

  test('each keeps whom it names', () => {
    const mentions = [{ at: 0, length: 3, who: bob }]
    const { edits } = marked({}, { kind: 'edit', target, text: 'Bob', mentions }, at(alice, 1, 1))
    expect(edits).toEqual([{ text: 'Bob', mentions, clock: 1, incarnation: incarnationIdOf(1), seq: 1 }])
    expect(all([edit('Bob', at(alice, 1, 1))]).edits?.[0]).not.toHaveProperty('mentions')
  })
})

describe('of the reactions', () => {
  test('the last of each person counts, and they stand in the order in which they were said', () => {
    const some = [react('👍', at(cem, 3, 1)), react('❤️', at(bob, 2, 2)), react('👍', at(bob, 1, 1))]
    expect(all(some).reactions).toEqual([
      { author: bob, clock: 2, seq: 2, emoji: '❤️' },
      { author: cem, clock: 3, seq: 1, emoji: '👍' },
    ])
  })

  test('one that was taken back does not come up again', () => {
    const some = [react('', at(bob, 2, 2)), react('👍', at(bob, 1, 1))]
    expect(all(some).reactions).toEqual([{ author: bob, clock: 2, seq: 2, emoji: '' }])
  })
})

describe('a message that was taken back', () => {
  test('loses its edits and reactions, and gets no new ones', () => {
    const some = [edit('new', at(alice, 1, 1)), react('👍', at(bob, 1, 1))]
    const gone = remove(at(alice, 0, 9))
    expect(all([...some, gone])).toEqual({ deleted: true })
    expect(all([gone, ...some])).toEqual({ deleted: true })
  })
})

test('only alice may edit or delete what she said, from any life, and everybody may react', () => {
  const allowed = (who: IdentityKey) =>
    [edit('', at(who, 1, 1)), remove(at(who, 1, 1)), react('', at(who, 1, 1))].map(({ body }) =>
      mayMark(body, who),
    )
  expect(allowed(alice)).toEqual([true, true, true])
  expect(allowed(bob)).toEqual([false, false, true])
})

test('what says something about another record is told apart from what does not', () => {
  const kinds = [edit('', at(alice, 1, 1)), remove(at(alice, 1, 1)), react('', at(alice, 1, 1))]
  expect(kinds.every(({ body }) => isMark(body))).toBe(true)
  expect([isMark({ kind: 'text', text: '' }), isMark({ kind: 'pin', target, pinned: true })]).toEqual([
    false,
    false,
  ])
})

test('what is named is found under the key of that record', () => {
  const conversation = conversationOf(1)
  expect(targetKey(conversation, target)).toBe(recordKey({ conversation, ...target }))
})
