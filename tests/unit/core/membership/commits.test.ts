import { describe, expect, test } from 'vitest'
import { handedOver } from '../../../../src/core/handover.ts'
import { MAX_MEMBERS, MAX_SEATS, members, seatOf, type Membership } from '../../../../src/core/membership.ts'
import { judge } from '../../../../src/core/roster.ts'
import { incarnationIdOf } from '../../../support/samples.ts'
import { after, ann, ben, cem, dora, era, group, hands, judged, nth, OURS, place, roster } from './stories.ts'

const next = { begins: era(1, 3) }
const record = place(ann, 10)

describe('a commit of the organiser', () => {
  test('leads one epoch further and adds whom it names, behind all others', () => {
    const now = after(group, { ...next, in: [dora] }, { record })
    expect(now).toEqual({
      ...{ ...group, era: era(1, 3), last: { author: ann, incarnation: incarnationIdOf(1), seq: 10 } },
      seats: [...group.seats, { identity: dora, since: era(1, 3) }],
    })
    expect(members(now)).toEqual([ann, ben, cem, dora])
  })

  test('lets nobody read what was said in eras that are known without them', () => {
    const told = roster({ ...next, in: [dora] })
    const seats = told.seats.map((seat) => ({ ...seat, since: era(0, 0) }))
    const now = judge(group, { ...told, seats }, { record, me: cem, pair: false, now: 1_000, ours: OURS })
    expect(now.verdict === 'counts' && seatOf(now.membership, dora)?.since).toEqual(era(1, 3))
  })

  test('brings nobody into a chat of two', () => {
    expect(judged(group, { ...next, in: [dora] }, { record, pair: true }).verdict).toBe('open')
  })

  test('ends the seat of whom it removes, in the last era that was theirs, with its cuts', () => {
    const cuts = [{ incarnation: incarnationIdOf(3), seq: 4 }]
    const now = after(group, { ...next, ended: [{ identity: cem, cuts, left: true }] }, { record })
    expect(now.seats[2]).toEqual({
      ...{ identity: cem, since: era(1, 2) },
      ended: { until: era(1, 2), cuts, left: true, at: 1_000, ours: OURS },
    })
    expect([members(now), seatOf(now, cem)]).toEqual([[ann, ben], undefined])
  })

  test('may do nothing but renew the keys', () => {
    expect(after(group, next, { record }).seats).toEqual(group.seats)
  })

  test('takes the place of what was agreed about the next generation', () => {
    const now = after({ ...group, follows: 'something' }, next, { record })
    expect(now.follows).toBeUndefined()
  })

  test('counts no more once the group was handed over', () => {
    const handed = handedOver(group, hands(ann, ben))
    expect(judged(handed, next, { record }).verdict).toBe('open')
  })

  test('gives nobody a second seat who has one', () => {
    const now = after(group, { ...next, in: [cem] }, { record })
    expect(now.seats).toEqual(group.seats)
  })

  test('gives a second seat to whoever was in it before, and the first stays as it ended', () => {
    const without = after(group, { ...next, out: [cem] }, { record })
    const again = after(without, { begins: era(1, 4), in: [cem] }, { record: place(ann, 11) })
    expect(again.seats.filter(({ identity }) => identity === cem)).toEqual([
      without.seats[2],
      { identity: cem, since: era(1, 4) },
    ])
    const gone = after(again, { begins: era(1, 5), out: [cem] }, { record: place(ann, 12), now: 2_000 })
    expect(gone.seats.map(({ ended }) => ended?.until)).toEqual([
      ...[undefined, undefined, era(1, 2), era(1, 4)],
    ])
    expect(gone.seats[2]?.ended?.at).toBe(1_000)
  })
})

describe('a commit waits, or never counts, if', () => {
  test.each<[string, Parameters<typeof judged>[1], Parameters<typeof judged>[2]]>([
    ['somebody else wrote it', next, { record: place(ben, 10) }],
    ['we ourselves wrote it, and are not the organiser', next, { record: place(ben, 10), me: ben }],
    ['one before it is not here', { begins: era(1, 4) }, { record }],
    ['it leads to where we are', { begins: era(1, 2) }, { record }],
    ['it leads back', { begins: era(1, 1) }, { record }],
    ['it is of the next generation', { begins: era(2, 3) }, { record }],
    ['it is of the generation before', { begins: era(0, 3) }, { record }],
  ])('%s', (_, told, known) => {
    expect(judged(group, told, known)).toEqual({ verdict: 'open' })
  })

  test('nobody organises the chat yet', () => {
    const { organiser: _, ...young } = group
    expect(judged(young, next, { record }).verdict).toBe('open')
  })
})

describe('the largest group', () => {
  const crowd = (n: number): Membership => ({
    ...group,
    seats: Array.from({ length: n }, (_, i) => ({ identity: nth(i), since: era(1, 1) })),
  })

  test('has thirty-two people in it and takes nobody more', () => {
    expect(MAX_MEMBERS).toBe(32)
    const full = after(crowd(31), { ...next, in: [nth(90)] }, { record })
    expect(members(full)).toHaveLength(32)
    expect(judged(crowd(32), { ...next, in: [nth(90)] }, { record }).verdict).toBe('open')
    expect(judged(crowd(30), { ...next, in: [91, 92, 93].map(nth) }, { record }).verdict).toBe('open')
  })

  test('takes somebody in whose place was made free by the same commit', () => {
    const changed = after(crowd(32), { ...next, in: [nth(90)], out: [nth(5)] }, { record })
    expect(members(changed)).toHaveLength(32)
  })

  test('forgets nobody who was in it, up to a bound', () => {
    const seats = Array.from({ length: MAX_SEATS - 1 }, (_, i) => ({
      identity: nth(i),
      since: era(1, 1),
      ...(i > 2 && { ended: { until: era(1, 1), cuts: [], at: 0, left: false } }),
    }))
    const old = { ...group, seats }
    const [one, other] = [nth(500), nth(501)]
    const last = after(old, { ...next, in: [one] }, { record })
    expect(last.seats).toHaveLength(MAX_SEATS)
    expect(judged(last, { begins: era(1, 4), in: [other] }, { record: place(ann, 11) }).verdict).toBe('open')
    expect(judged(last, { begins: era(1, 4) }, { record: place(ann, 11) }).verdict).toBe('counts')
  })
})
