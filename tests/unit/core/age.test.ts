import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ageAfter, resumed } from '../../../src/core/age.ts'

const YEAR = 31_536_000_000

test('a device begins to live when it is first used', () => {
  expect(resumed(undefined, YEAR)).toEqual({ lived: 0, noted: YEAR })
})

test('while it runs it grows older by what passed, whatever its wall clock says', () => {
  const start = { lived: 1_000, noted: YEAR }
  expect(ageAfter(start, 500, YEAR + 500).lived).toBe(1_500)
  expect(ageAfter(start, 500, 0).lived).toBe(1_500)
  expect(ageAfter(start, 500, 9 * YEAR).lived).toBe(1_500)
})

test('the time between two runs counts by the wall clock', () => {
  expect(resumed({ lived: 1_000, noted: YEAR }, YEAR + 60_000)).toEqual({
    lived: 61_000,
    noted: YEAR + 60_000,
  })
})

test('a wall clock that was set back makes nothing younger, and time counts on from there', () => {
  const set = resumed({ lived: 1_000, noted: YEAR }, 5)
  expect(set).toEqual({ lived: 1_000, noted: 5 })
  expect(resumed(set, 25).lived).toBe(1_020)
})

test('what was noted at the end of a run is where the next one goes on', () => {
  const noted = ageAfter({ lived: 1_000, noted: 50 }, 300, 400)
  expect(resumed(noted, 450)).toEqual({ lived: 1_350, noted: 450 })
})

test('nobody grows younger, whatever they do with their clocks', () => {
  const runs = fc.array(fc.record({ wall: fc.nat(), elapsed: fc.nat(10_000), end: fc.nat() }))
  fc.assert(
    fc.property(runs, (all) => {
      let age = resumed(undefined, 0)
      for (const { wall, elapsed, end } of all) {
        const start = resumed(age, wall)
        const after = ageAfter(start, elapsed, end)
        expect(start.lived).toBeGreaterThanOrEqual(age.lived)
        expect(after.lived - start.lived).toBe(elapsed)
        age = after
      }
    }),
  )
})
