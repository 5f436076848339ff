import { describe, expect, test } from 'vitest'
import { arranges, handedOver, successorOf } from '../../../../src/core/handover.ts'
import type { Membership } from '../../../../src/core/membership.ts'
import type { FeedRecord } from '../../../../src/core/record.ts'
import { bytesOf, incarnationIdOf } from '../../../support/samples.ts'
import { after, ann, ben, cem, dora, era, group, hands, place } from './stories.ts'

const hand = (by: typeof ann, to: typeof ann, generation = 1, membership: Membership = group) =>
  handedOver(membership, hands(by, to, generation))

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
    const later = { ...hand(ann, cem), era: era(2, 0), organisers: [] }
    expect(hand(ann, ben, 2, later).handovers).toEqual([hands(ann, ben, 2)])
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

describe('a record arranges the group', () => {
  const by = (who: typeof ann, seq = 12, when = era(1, 2)): FeedRecord => {
    const signed = { ...place(who, seq), era: when, inner: bytesOf(32, 1), signature: bytesOf(64, 1) }
    return { ...signed, form: 'tombstone' }
  }

  test('if it is by the organiser of the generation of its era', () => {
    expect([arranges(group, by(ann)), arranges(group, by(ben))]).toEqual(['yes', 'no'])
    const next = { ...group, era: era(2, 0), organisers: [[1, ann] as const, [2, ben] as const] }
    expect([arranges(next, by(ann)), arranges(next, by(ben, 12, era(2, 0)))]).toEqual(['yes', 'yes'])
  })

  test('perhaps, if nobody told yet who organises that generation; of one long ago nobody will', () => {
    expect(arranges(group, by(ben, 12, era(2, 0)))).toBe('unknown')
    expect(arranges(group, by(ann, 12, era(0, 0)))).toBe('no')
  })

  test('not behind the hand-over, whatever era it claims, and not from another life either', () => {
    const over = hand(ann, ben)
    expect([arranges(over, by(ann, 9)), arranges(over, by(ann, 11))]).toEqual(['yes', 'no'])
    const other = { ...by(ann, 2), incarnation: incarnationIdOf(2) }
    expect([arranges(group, other), arranges(over, other)]).toEqual(['yes', 'no'])
    const later = { ...over, era: era(2, 0), organisers: [[1, ann] as const, [2, ben] as const] }
    expect(arranges(hand(ben, cem, 2, later), by(ann, 11))).toBe('no')
  })
})
