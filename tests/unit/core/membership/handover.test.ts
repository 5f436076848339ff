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

  test('of a later generation takes the place of an earlier one of the same person, and not the other way round', () => {
    const later = hand(ann, ben, 5, hand(ann, cem))
    expect(later.handovers).toEqual([{ generation: 5, by: ann, to: ben }])
    expect(hand(ann, cem, 3, later)).toBe(later)
  })

  test('of one person leaves those of all others alone', () => {
    const both = hand(ben, dora, 9, hand(ann, cem))
    expect([successorOf(both), both.handovers?.length]).toEqual([cem, 2])
  })
})
