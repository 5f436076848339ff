import { expect, test } from 'vitest'
import { runSchedule } from './schedule.ts'
import { SEEDED_BUGS } from './seeded-bugs.ts'

const MOST = 60

test.each(Object.entries(SEEDED_BUGS))('if %s, it is noticed', { timeout: 120_000 }, async (_, tamper) => {
  let broken: string[] = []
  for (let seed = 1; seed <= MOST && broken.length === 0; seed++) {
    broken = (await runSchedule(seed, { tamper })).broken.filter((promise) => !promise.startsWith('nobody'))
  }
  expect(broken).not.toEqual([])
})
