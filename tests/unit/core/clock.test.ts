import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparePlaces, MAX_DRIFT_MS, nextClock, type Place } from '../../../src/core/clock.ts'

const NOON = Date.UTC(2026, 5, 1, 12)
const moment = fc.integer({ min: 0, max: 2 ** 45 })

test('alice, whose clock is right, writes under the time on the wall', () => {
  expect(nextClock({ wall: NOON, own: NOON - 1000, received: NOON - 500 })).toBe(NOON)
})

test('two messages in one millisecond, or after the clock was set back, still follow each other', () => {
  expect(nextClock({ wall: NOON, own: NOON, received: 0 })).toBe(NOON + 1)
  expect(nextClock({ wall: NOON - 3_600_000, own: NOON, received: 0 })).toBe(NOON + 1)
})

test('an answer is never sorted before what it answers, though the other clock is a minute ahead', () => {
  const theirs = { clock: NOON + 60_000, author: 'f', seq: 9 }
  const answer = { clock: nextClock({ wall: NOON, own: 0, received: theirs.clock }), author: 'a', seq: 1 }
  expect(comparePlaces(theirs, answer)).toBeLessThan(0)
})

test('mallory, who writes under the year 3000, pulls nobody along further than five minutes', () => {
  expect(nextClock({ wall: NOON, own: 0, received: Date.UTC(3000, 0) })).toBe(NOON + MAX_DRIFT_MS)
})

test('whatever the clocks say, one own message follows another, and none leaves the drift behind', () => {
  fc.assert(
    fc.property(moment, moment, moment, (wall, own, received) => {
      const next = nextClock({ wall, own, received })
      expect(next).toBeGreaterThan(own)
      expect(next).toBeGreaterThanOrEqual(wall)
      expect(next).toBeLessThanOrEqual(Math.max(wall + MAX_DRIFT_MS, own + 1))
    }),
  )
})

test('everybody sorts the same places alike: by clock, then author, then seq', () => {
  const few = (most: number) => fc.integer({ min: 0, max: most })
  const place = fc.record<Place>({ clock: few(3), author: fc.constantFrom('a', 'b', 'c'), seq: few(3) })
  fc.assert(
    fc.property(fc.array(place, { maxLength: 20 }), (places) => {
      const sorted = [...places].sort(comparePlaces)
      expect([...places].reverse().sort(comparePlaces)).toEqual(sorted)
      for (const [i, here] of sorted.entries()) {
        for (const later of sorted.slice(i + 1)) expect(comparePlaces(here, later)).toBeLessThanOrEqual(0)
      }
    }),
  )
  expect(comparePlaces({ clock: 1, author: 'z', seq: 9 }, { clock: 2, author: 'a', seq: 1 })).toBeLessThan(0)
  expect(comparePlaces({ clock: 1, author: 'a', seq: 9 }, { clock: 1, author: 'b', seq: 1 })).toBeLessThan(0)
  expect(comparePlaces({ clock: 1, author: 'a', seq: 1 }, { clock: 1, author: 'a', seq: 2 })).toBeLessThan(0)
})
