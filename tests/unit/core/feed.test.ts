import { describe, expect, test } from 'vitest'
import { FIRST_ERA } from '../../../src/core/era.ts'
import {
  emptyFeed,
  fits,
  haveOf,
  lacksTooMuch,
  sortClock,
  wholeTo,
  withFound,
  withMissing,
  type Feed,
} from '../../../src/core/feed.ts'
import { feedKey, recordKey } from '../../../src/core/record.ts'
import { bytesOf, feedIdOf } from '../../support/samples.ts'

const id = feedIdOf(1)
const known = { ...emptyFeed(id), seq: 5, clock: 1000, head: bytesOf(32, 7) }

test('of a feed known up to the fifth record, only the sixth comes next', () => {
  expect([1, 5, 6, 7, 2 ** 53 - 1].map((seq) => fits(known, seq))).toEqual([
    'known',
    'known',
    'next',
    'gap',
    'gap',
  ])
})

test('an empty feed begins with the first record and a head of zeros', () => {
  const empty = emptyFeed({ ...id, seq: 8 } as typeof id)
  const nothing = { seq: 0, head: new Uint8Array(32), clock: 0, era: FIRST_ERA }
  expect(empty).toEqual({ ...id, ...nothing })
  expect([fits(empty, 1), fits(empty, 2)]).toEqual(['next', 'gap'])
})

test('a clock that does not rise is told, and the record is sorted behind the one before', () => {
  expect(sortClock(known, 1001)).toEqual({ clock: 1001, wrong: false })
  expect(sortClock(known, 1000)).toEqual({ clock: 1001, wrong: true })
  expect(sortClock(known, 3)).toEqual({ clock: 1001, wrong: true })
})

test('a receipt names the feed, how far it is held, and the first eight bytes of its head', () => {
  expect(haveOf(known)).toEqual({ ...id, seq: 5, head: bytesOf(8, 7) })
})

test('no two feeds and no two records have one name', () => {
  const feeds = [
    id,
    feedIdOf(2),
    { ...id, author: feedIdOf(2).author },
    { ...id, incarnation: feedIdOf(2).incarnation },
  ]
  expect(new Set(feeds.map(feedKey)).size).toBe(4)
  expect(recordKey({ ...id, seq: 1 })).not.toBe(recordKey({ ...id, seq: 11 }))
})

describe('what is missing from a feed', () => {
  const missing = (feed: Feed, ...seqs: number[]) =>
    seqs.reduce((now, seq) => withMissing(now, { seq }), feed)
  const settled = (feed: Feed, seq: number) => withMissing(feed, { seq, settled: true })
  const seqs = (feed: Feed) => feed.missing?.map(({ seq }) => seq)
  const all = (length: number) => Array.from({ length }, (_, n) => n + 1)

  test('is told once, however often it was noticed, and the earliest first', () => {
    expect(seqs(missing(known, 4, 2, 4))).toEqual([2, 4])
  })

  test('is forgotten when it came, and nothing is left of it', () => {
    const two = missing(known, 2, 4)
    expect(withFound(two, 2)).toEqual({ ...known, missing: [{ seq: 4 }] })
    expect(withFound(withFound(two, 2), 4)).toEqual(known)
    expect('missing' in withFound(missing(known, 2), 2)).toBe(false)
  })

  test('does not change by what was never missing', () => {
    expect(withFound(known, 2)).toEqual(known)
    expect(withFound(missing(known, 3), 2)).toEqual({ ...known, missing: [{ seq: 3 }] })
  })

  test('is too much at 1,024 places that its author did not settle; those that are settled give way', () => {
    expect([
      lacksTooMuch(missing(known, ...all(1_023))),
      lacksTooMuch(missing(known, ...all(1_024))),
    ]).toEqual([...[false, true]])
    const one = settled(missing(known, ...all(1_024)), 7)
    expect(lacksTooMuch(one)).toBe(false)
    const next = withMissing(one, { seq: 2_000 })
    expect([next.missing?.length, seqs(next)?.includes(7), seqs(next)?.at(-1)]).toEqual([1_024, false, 2_000])
  })

  test('counts as not delivered, and so does what follows it, for its author alone, until they settle it', () => {
    const feed = missing(known, 4, 3)
    expect([wholeTo(known), wholeTo(feed), wholeTo(withFound(feed, 3)), wholeTo(settled(feed, 3))]).toEqual([
      ...[5, 2, 3, 3],
    ])
    expect(haveOf(feed, id.author)).toEqual({ ...haveOf(feed), whole: 2 })
    expect(haveOf(feed, feedIdOf(2).author)).toEqual(haveOf(known))
    expect(haveOf(settled(settled(feed, 3), 4), id.author)).toEqual(haveOf(known))
  })
})
