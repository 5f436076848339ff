import { describe, expect, test } from 'vitest'
import { handedOver, organiserOf, successorOf } from '../../../../src/core/handover.ts'
import { members, type Membership } from '../../../../src/core/membership.ts'
import { isInformed, stepped } from '../../../../src/core/roster.ts'
import { recordKey } from '../../../../src/core/record.ts'
import { incarnationIdOf } from '../../../support/samples.ts'
import {
  after,
  ann,
  ben,
  CHAT,
  cem,
  dora,
  era,
  group,
  hands,
  judged,
  knew,
  OURS,
  place,
  roster,
} from './stories.ts'
const all = [ann, ben, cem]
const aware = [knew(place(ann, 9))]
const begins = era(2, 0)

describe('the first generation', () => {
  const { organiser: _, last: __, ...young }: Membership = { ...group, era: era(0, 0), organisers: [] }
  const told = { begins: era(1, 0), cause: 'first', in: all } as const

  test('begins a group, with everybody whom it names and its author as the organiser', () => {
    const now = after(young, told, { record: place(cem, 3) })
    expect(now).toMatchObject({
      ...{ era: era(1, 0), organiser: cem, organisers: [[1, cem]] },
      last: { author: cem, incarnation: incarnationIdOf(1), seq: 3 },
    })
  })

  test('is not begun again by anybody', () => {
    expect(judged(group, { ...told, begins, base: aware }, { record: place(cem, 3) }).verdict).toBe('open')
  })
})

describe('an organiser who lost the keys', () => {
  const lost = { begins, cause: 'lost', base: aware } as const
  const record = place(ann, 10)

  test('begins anew, and everybody keeps the seat since which they may read', () => {
    const now = after(group, { ...lost, in: [...all, dora] }, { record })
    expect(now).toMatchObject({ era: begins, organiser: ann })
    expect(now.organisers).toEqual([
      [1, ann],
      [2, ann],
    ])
    expect(now.seats).toEqual([...group.seats, { identity: dora, since: begins }])
  })

  test('leaves a number for whoever begins the next: one far ahead does not count', () => {
    const far = (generation: number) => judged(group, { ...lost, begins: era(generation, 0) }, { record })
    expect(far(1_025).verdict).toBe('counts')
    expect(far(1_026).verdict).toBe('open')
    expect(far(2 ** 32 - 1).verdict).toBe('open')
  })

  test('leaves out whom the new generation does not name', () => {
    const now = after(group, { ...lost, in: [ann, cem] }, { record })
    expect(now.seats[1]).toEqual({
      ...{ identity: ben, since: era(1, 1) },
      ended: { until: era(1, 2), cuts: [], left: false, at: 1_000, ours: OURS },
    })
    expect(members(now)).toEqual([ann, cem])
  })

  test('says how far the feeds of those count who are left out', () => {
    const cuts = [{ incarnation: incarnationIdOf(7), seq: 5 }]
    const ended = [{ identity: ben, cuts, left: true }]
    const now = after(group, { ...lost, in: [ann, cem], ended }, { record })
    expect(now.seats[1]?.ended).toMatchObject({ cuts, left: true })
  })

  test('does not end a seat again that ended before', () => {
    const ended = { until: era(1, 1), cuts: [], at: 5, left: true }
    const without = { ...group, seats: group.seats.map((seat, n) => (n === 2 ? { ...seat, ended } : seat)) }
    expect(after(without, { ...lost, in: [ann, ben] }, { record }).seats[2]?.ended).toBe(ended)
  })

  test('may skip generations that nobody else took in', () => {
    const now = after(group, { ...lost, begins: era(7, 0), in: all }, { record })
    expect(now.era).toEqual(era(7, 0))
  })

  test.each<[string, Parameters<typeof judged>[1], Parameters<typeof judged>[2]]>([
    ['is not somebody else', { ...lost, in: all }, { record: place(ben, 10) }],
    ['must know the last that counts', { ...lost, base: [], in: all }, { record }],
    ['does not begin the generation that we are in', { ...lost, begins: era(1, 0), in: all }, { record }],
    ['does not begin one of the past', { ...lost, begins: era(0, 0), in: all }, { record }],
    ['begins at the beginning', { ...lost, begins: era(2, 2), in: all }, { record }],
  ])('%s', (_, told, known) => {
    expect(judged(group, told, known).verdict).toBe('open')
  })
})

describe('a hand-over', () => {
  const handed = { begins, cause: 'handover', in: all, base: aware } as const
  const named = handedOver(group, hands(ann, cem))

  test('lets whom the organiser named begin, and is done with it', () => {
    const now = after(named, handed, { record: place(cem, 3) })
    expect([now.organiser, successorOf(now)]).toEqual([cem, undefined])
  })

  test.each<[string, Membership, Parameters<typeof judged>[1], Parameters<typeof judged>[2]]>([
    ['nobody was named', group, handed, { record: place(cem, 3) }],
    ['another was named', named, handed, { record: place(ben, 3) }],
    ['it is the organiser who begins', named, handed, { record: place(ann, 10) }],
    [
      'who was named does not know the last commit',
      named,
      { ...handed, base: [] },
      { record: place(cem, 3) },
    ],
  ])('waits if %s', (_, before, told, known) => {
    expect(judged(before, told, known).verdict).toBe('open')
  })

  test('is for good: the former organiser does not begin anew', () => {
    const lost = { ...handed, cause: 'lost' } as const
    expect(judged(named, lost, { record: place(ann, 10) }).verdict).toBe('open')
    expect(judged(group, lost, { record: place(ann, 10) }).verdict).toBe('counts')
  })

  test('holds until the next generation', () => {
    expect(successorOf(stepped(named, era(1, 3), ann))).toBe(cem)
    expect(successorOf(stepped(named, era(2, 0), cem))).toBeUndefined()
  })
})

describe('going on without the organiser', () => {
  const without = { begins, cause: 'without', in: [ben, cem], base: [] } as const
  const record = place(cem, 3)
  const agreed: Membership = { ...group, follows: recordKey(record) }

  test('counts for whoever agreed to just this proposal', () => {
    expect(judged(group, without, { record }).verdict).toBe('open')
    const now = after(agreed, without, { record })
    expect([now.organiser, members(now), now.follows]).toEqual([cem, [ben, cem], undefined])
    expect(judged(agreed, without, { record: place(cem, 4) }).verdict).toBe('open')
    expect(judged(agreed, without, { record: place(dora, 3) }).verdict).toBe('open')
  })

  test('counts for whoever proposed it', () => {
    expect(judged(group, without, { record: place(ben, 3) }).verdict).toBe('counts')
  })

  test('is not for a generation that we have reached', () => {
    expect(judged(agreed, { ...without, begins: era(1, 0) }, { record }).verdict).toBe('open')
  })
})

describe('between two', () => {
  const pair: Membership = {
    ...{ conversation: CHAT, era: era(1, 1), organiser: ben, organisers: [[1, ben]], open: [] },
    seats: [ann, ben].map((identity) => ({ identity, since: era(0, 0) })),
    last: { author: ben, incarnation: incarnationIdOf(1), seq: 3 },
  }
  const anew = { begins: era(2, 1), cause: 'lost', in: [ann, ben] } as const
  const verdict = (membership: Membership, told: Parameters<typeof judged>[1], by: typeof ann) =>
    judged(membership, told, { pair: true, record: place(by, 5) }).verdict

  test('each may begin the next generation, and need not know of the last', () => {
    expect([verdict(pair, anew, ann), verdict(pair, anew, ben)]).toEqual(['counts', 'counts'])
    expect(verdict(pair, { ...anew, begins: era(3, 1) }, ann)).toBe('open')
    expect(verdict(pair, { ...anew, begins: era(2, 2) }, ann)).toBe('open')
  })

  test('of two beginnings of one generation the lower key counts for both, whichever comes first', () => {
    const [anns, bens] = [place(ann, 5), place(ben, 6)]
    const known = { pair: true }
    const first = after(pair, anew, { ...known, record: bens })
    expect(after(first, anew, { ...known, record: anns }).organiser).toBe(ann)
    const other = after(pair, anew, { ...known, record: anns })
    expect(judged(other, anew, { ...known, record: bens }).verdict).toBe('open')
    expect(judged(other, anew, { ...known, record: anns }).verdict).toBe('open')
  })

  test('nobody begins the generation 0, and the first by anybody', () => {
    const { organiser: _, ...young } = { ...pair, era: era(0, 0) }
    expect(verdict(young, { ...anew, begins: era(0, 1) }, ann)).toBe('open')
    expect(verdict(young, { ...anew, cause: 'first', begins: era(1, 1) }, ben)).toBe('counts')
  })
})

test('whoever knows the last roster record, or any later one of that feed, is informed', () => {
  const informed = (...base: ReturnType<typeof knew>[]) => isInformed(group, roster({ base }))
  expect([informed(knew(place(ann, 9))), informed(knew(place(ann, 30)))]).toEqual([true, true])
  expect([informed(), informed(knew(place(ann, 8)))]).toEqual([false, false])
  expect(informed(knew(place(ann, 9, 2)), knew(place(ben, 9)))).toBe(false)
  const { last: _, ...young } = group
  expect(isInformed(young, roster({}))).toBe(true)
})

test('who organised which generation is remembered for sixteen of them', () => {
  let now: Membership = { ...group, organisers: [] }
  for (let n = 1; n <= 20; n++) now = stepped(now, era(n, 0), n % 2 ? ann : ben)
  expect(now.organisers).toHaveLength(16)
  expect([4, 5, 20, 21].map((n) => organiserOf(now, n))).toEqual([undefined, ann, ben, undefined])
  expect(organiserOf(stepped(now, era(20, 0), cem), 20)).toBe(cem)
})

test('whoever a generation does not name ends where its organiser holds their feeds', () => {
  const told = {
    begins: era(2, 0),
    cause: 'lost',
    in: [ann, ben],
    base: [...aware, knew(place(cem, 7))],
  } as const
  const now = after(group, told, { record: place(ann, 10) })
  expect(now.seats[2]?.ended).toMatchObject({
    cuts: [{ incarnation: incarnationIdOf(1), seq: 7 }],
    left: false,
  })
})
