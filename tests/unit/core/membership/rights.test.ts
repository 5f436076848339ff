import { describe, expect, test } from 'vitest'
import {
  entitlement,
  firstMembership,
  brings,
  hasRoom,
  isShared,
  mayWrite,
  readersOf,
  type Membership,
  type Seat,
} from '../../../../src/core/membership.ts'
import type { FeedRecord } from '../../../../src/core/record.ts'
import { bytesOf, incarnationIdOf } from '../../../support/samples.ts'
import { ann, ben, CHAT, cem, dora, era, group, nth, place } from './stories.ts'

const eras = [era(0, 9), era(1, 0), era(1, 1), era(1, 2), era(1, 3), era(2, 0), era(2, 5)]
const DAY = 24 * 3_600_000

function gone(
  until: ReturnType<typeof era>,
  cuts: readonly [life: number, seq: number][] = [],
): Partial<Seat> {
  const known = cuts.map(([life, seq]) => ({ incarnation: incarnationIdOf(life), seq }))
  return { ended: { until, cuts: known, at: 1_000, left: false } }
}

/** Cem was in it from (1,1) to (1,2), and is again since (2,0); Dora was from (1,0) to (1,1). */
const two: Membership = {
  ...{ ...group, era: era(2, 5) },
  seats: [
    { identity: ann, since: era(1, 0) },
    {
      identity: cem,
      since: era(1, 1),
      ...gone(era(1, 2), [
        [1, 4],
        [2, 6],
      ]),
    },
    { identity: dora, since: era(1, 0), ...gone(era(1, 1), [[1, 3]]) },
    { identity: cem, since: era(2, 0) },
  ],
}

describe('what somebody is given', () => {
  const given = (who: typeof ann) => eras.map((when) => entitlement(two, who, when))

  test('who has been there from the beginning gets everything since', () => {
    expect(given(ann)).toEqual(['tombstone', ...Array<string>(6).fill('whole')])
  })

  test('who is there again gets what was said in either time, and the places of the rest', () => {
    expect(given(cem)).toEqual(['tombstone', 'tombstone', 'whole', 'whole', 'tombstone', 'whole', 'whole'])
  })

  test('who was removed gets what was said until then, and not even the places of the rest', () => {
    expect(given(dora)).toEqual(['tombstone', 'whole', 'whole', ...Array<string>(4).fill('nothing')])
  })

  test('who was never there gets nothing', () => {
    expect(given(ben)).toEqual(Array<string>(7).fill('nothing'))
  })
})

describe('what somebody may have written', () => {
  const may = (who: typeof ann, when: ReturnType<typeof era>, seq: number, life = 1) =>
    mayWrite(two, { ...place(who, seq, life), era: when })

  test('a member wrote anything since they came', () => {
    expect(eras.map((when) => may(ann, when, 99))).toEqual([false, ...Array<boolean>(6).fill(true)])
  })

  test('who was removed wrote up to the cut of each feed, and nothing in a feed without one', () => {
    expect([may(dora, era(1, 1), 3), may(dora, era(1, 1), 4)]).toEqual([true, false])
    expect([may(dora, era(1, 2), 3), may(dora, era(0, 9), 3)]).toEqual([false, false])
    expect(may(dora, era(1, 1), 1, 2)).toBe(false)
  })

  test('who is there again is bound by the cut for the first time alone', () => {
    expect([may(cem, era(1, 2), 4), may(cem, era(1, 2), 5), may(cem, era(1, 2), 6, 2)]).toEqual([
      ...[true, false, true],
    ])
    expect([may(cem, era(1, 3), 4), may(cem, era(1, 3), 99)]).toEqual([false, false])
    expect([may(cem, era(2, 0), 99), may(cem, era(2, 5), 1, 7)]).toEqual([true, true])
  })

  test('who was never there wrote nothing', () => {
    expect(eras.some((when) => may(ben, when, 1))).toBe(false)
  })
})

test('a record is for all who may read it and are still there, but not for its author', () => {
  const said = (author: typeof ann, when: ReturnType<typeof era>): FeedRecord => ({
    ...{ ...place(author, 1), era: when, form: 'tombstone' },
    ...{ inner: bytesOf(32, 1), signature: bytesOf(64, 1) },
  })
  const readers = (author: typeof ann, when: ReturnType<typeof era>) => readersOf(two, said(author, when))
  expect(readers(ann, era(2, 0))).toEqual([cem])
  expect(readers(cem, era(2, 0))).toEqual([ann])
  expect(readers(ann, era(1, 1))).toEqual([cem])
  expect(readers(ann, era(1, 0))).toEqual([])
  expect(readers(dora, era(1, 1))).toEqual([ann, cem])
})

describe('two people have something to say to each other about a chat', () => {
  const at = (now: number) => (me: typeof ann, peer: typeof ann) => brings(two, { me, peer }, now)
  const soon = at(1_000 + 30 * DAY - 1)

  test('if both are in it', () => {
    expect([soon(ann, cem), soon(cem, ann), soon(ann, ben), soon(ben, ann)]).toEqual([
      ...[true, true, false, false],
    ])
  })

  test('if one was removed less than thirty days ago, on either side', () => {
    expect([soon(ann, dora), soon(dora, ann)]).toEqual([true, true])
    const late = at(1_000 + 30 * DAY)
    expect([late(ann, dora), late(dora, ann), late(ann, cem)]).toEqual([false, false, true])
  })

  test('also later, if they meet anyway: whoever was away for long hears of it', () => {
    expect([isShared(two, { me: ann, peer: dora }), isShared(two, { me: dora, peer: ann })]).toEqual([
      true,
      true,
    ])
    expect(isShared(two, { me: ann, peer: ben })).toBe(false)
  })

  test('not if both are out of it, though others are in it', () => {
    const left: Membership = { ...two, seats: two.seats.slice(0, 3) }
    expect(brings(left, { me: cem, peer: dora }, 1_000)).toBe(false)
    expect(isShared(left, { me: dora, peer: cem })).toBe(false)
  })
})

test('a chat begins with all of its people and nobody who organises it', () => {
  expect(firstMembership(CHAT, [ann, ben], era(0, 0))).toEqual({
    ...{ conversation: CHAT, era: era(0, 0), organisers: [], open: [] },
    seats: [
      { identity: ann, since: era(0, 0) },
      { identity: ben, since: era(0, 0) },
    ],
  })
})

test('a group has room for 32 people, and in all its time for 256', () => {
  const many = (inside: number, out: number): Membership => ({
    ...two,
    seats: [
      ...Array.from({ length: inside }, (_, n) => ({ identity: nth(n), since: era(1, 0) })),
      ...Array.from({ length: out }, (_, n) => ({
        identity: nth(n),
        since: era(1, 0),
        ...gone(era(1, 1)),
      })),
    ],
  })
  expect([hasRoom(many(31, 0)), hasRoom(many(32, 0))]).toEqual([true, false])
  expect([hasRoom(many(5, 250)), hasRoom(many(5, 251))]).toEqual([true, false])
})
