import { expect, test } from 'vitest'
import { step, type Used } from '../../../src/core/pace.ts'

const pace = { burst: 3, everyMs: 1_000 }

function times(count: number, now: number, from?: Used): { done: number; used: Used | undefined } {
  let [done, used] = [0, from]
  for (let at = 0; at < count; at++) {
    const next = step(used, pace, { now })
    if (next === undefined) continue
    done += 1
    used = next
  }
  return { done, used }
}

test('what costs more is paid for longer', () => {
  const used = step(undefined, pace, { now: 5_000, cost: 3 })
  expect(used).toBe(8_000)
  expect(step(used, pace, { now: 6_500, cost: 2 })).toBeUndefined()
  expect(step(used, pace, { now: 7_000, cost: 2 })).toBe(10_000)
  expect(step(undefined, pace, { now: 5_000, cost: 4 })).toBeUndefined()
})

test('so many at once, then one by one', () => {
  const first = times(10, 5_000)
  expect(first.done).toBe(3)
  expect(times(10, 5_500, first.used).done).toBe(0)
  expect(times(10, 6_000, first.used).done).toBe(1)
  expect(times(10, 60_000, first.used).done).toBe(3)
})
