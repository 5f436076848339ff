import { expect, test } from 'vitest'
import { step, type Used } from '../../../src/core/pace.ts'

const pace = { burst: 3, everyMs: 1_000 }

function times(count: number, now: number, from?: Used): { done: number; used: Used | undefined } {
  let [done, used] = [0, from]
  for (let at = 0; at < count; at++) {
    const next = step(used, pace, now)
    if (next === undefined) continue
    done += 1
    used = next
  }
  return { done, used }
}

test('so many at once, then one by one', () => {
  const first = times(10, 5_000)
  expect(first.done).toBe(3)
  expect(times(10, 5_500, first.used).done).toBe(0)
  expect(times(10, 6_000, first.used).done).toBe(1)
  expect(times(10, 60_000, first.used).done).toBe(3)
})
