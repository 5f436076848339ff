import { expect, test } from 'vitest'
import { pacer, type Pacer } from '../../../src/core/pace.ts'

const clock = { now: 0 }
const paced = (): Pacer => pacer({ burst: 3, everyMs: 1_000 }, () => clock.now)

function times(pace: Pacer, now: number): number {
  clock.now = now
  return Array.from({ length: 10 }, () => pace()).filter(Boolean).length
}

test('so many at once, then one by one', () => {
  const pace = paced()
  expect(times(pace, 5_000)).toBe(3)
  expect(times(pace, 5_500)).toBe(0)
  expect(times(pace, 6_000)).toBe(1)
  expect(times(pace, 60_000)).toBe(3)
})

test('what costs more is paid for longer, and what is refused costs nothing', () => {
  const pace = paced()
  clock.now = 5_000
  expect([pace(4), pace(3), pace()]).toEqual([false, true, false])
  clock.now = 6_500
  expect(pace(2)).toBe(false)
  clock.now = 7_000
  expect(pace(2)).toBe(true)
})
