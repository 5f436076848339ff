import { describe, expect, test } from 'vitest'
import { handedOver, successorOf, type Membership } from '../../../../src/core/membership.ts'
import { after, ann, ben, cem, dora, era, group, place } from './stories.ts'

const hand = (by: typeof ann, to: typeof ann, generation = 1, membership: Membership = group) =>
  handedOver(membership, { generation, by, to })

describe('a hand-over', () => {
  test('of the present organiser, of the present generation, names who is next', () => {
    expect(successorOf(group)).toBeUndefined()
    expect(successorOf(hand(ann, cem))).toBe(cem)
    expect(successorOf(hand(ben, cem))).toBeUndefined()
    expect(successorOf(hand(ann, cem, 2))).toBeUndefined()
    expect(successorOf(hand(ann, cem, 0))).toBeUndefined()
  })

  test('is for good: the first word of the organiser counts', () => {
    const twice = hand(ann, dora, 1, hand(ann, cem))
    expect(successorOf(twice)).toBe(cem)
    expect(twice.handovers).toHaveLength(1)
  })

  test('may be heard before the generation that it is about', () => {
    const early = hand(ben, cem, 2, hand(ann, ben))
    expect(successorOf(early)).toBe(ben)
    const told = { begins: era(2, 0), cause: 'handover', in: [ann, ben, cem], base: [] } as const
    const next = after(early, told, { record: place(ben, 3), me: ben })
    expect([next.organiser, successorOf(next)]).toEqual([ben, cem])
  })

  test('may be one of several that lie ahead, heard in whatever order', () => {
    const later = hand(ann, ben, 1, hand(ann, cem, 3))
    expect(successorOf(later)).toBe(ben)
    const third = { ...later, era: era(3, 0), organiser: ann }
    expect(successorOf(third)).toBe(cem)
  })

  test('of a generation that is over says nothing, and is forgotten with the next one', () => {
    expect(hand(ann, cem, 0)).toBe(group)
    const later = { ...hand(ann, cem), era: era(2, 0) }
    expect(hand(ann, ben, 2, later).handovers).toEqual([{ generation: 2, by: ann, to: ben }])
  })

  test('of far too many that lie ahead is forgotten', () => {
    let membership = group
    for (let n = 1; n < 100; n++) membership = hand(ann, cem, n, membership)
    expect(membership.handovers).toHaveLength(32)
    expect(successorOf(membership)).toBe(cem)
  })

  test('of one person leaves those of all others alone', () => {
    const both = hand(ben, dora, 9, hand(ann, cem))
    expect([successorOf(both), both.handovers?.length]).toEqual([cem, 2])
  })
})
