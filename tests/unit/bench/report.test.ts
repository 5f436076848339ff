import { describe, expect, test } from 'vitest'
import { median, percentile, ratio, table, verdict, type Figure } from '../../bench/report.ts'

const figure: Figure = { group: 'files', name: '128 MiB', value: 12, unit: 'MB/s', proof: '3 rounds' }

test.each([
  [[5], 5],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (numbers, middle) => {
  expect(median(numbers)).toBe(middle)
})

test.each([
  [50, 10],
  [95, 19],
  [99, 20],
  [0, 1],
])('percentile %d of 1 to 20 is %d', (percent, expected) => {
  const numbers = Array.from({ length: 20 }, (_, at) => 20 - at)
  expect(percentile(numbers, percent)).toBe(expected)
})

test('without measurements there is no figure', () => {
  expect(() => median([])).toThrow('nothing was measured')
  expect(() => percentile([], 95)).toThrow('nothing was measured')
})

describe('a goal', () => {
  test.each([
    ['at most, exactly', { text: '', of: 3, atMost: 3 }, 'met'],
    ['at most, above', { text: '', of: 3.01, atMost: 3 }, 'MISSED'],
    ['at least, exactly', { text: '', of: 0.75, atLeast: 0.75 }, 'met'],
    ['at least, below', { text: '', of: 0.74, atLeast: 0.75 }, 'MISSED'],
    ['that was not measured', { text: '', of: NaN, atMost: 3 }, 'MISSED'],
  ] as const)('%s', (_, goal, expected) => {
    expect(verdict({ ...figure, goal })).toBe(expected)
  })

  test('that does not exist is neither met nor missed', () => {
    expect(verdict(figure)).toBe('')
  })
})

test('a ratio needs something beside it', () => {
  expect(ratio(figure)).toBeUndefined()
  expect(ratio({ ...figure, beside: { name: 'bare', value: 16 } })).toBe(0.75)
})

test('the table shows ratio, goal, miss, proof and what others have', () => {
  const goal = { text: '≥ 0.8 of bare', of: 0.75, atLeast: 0.8 }
  const text = table([{ ...figure, beside: { name: 'bare', value: 16 }, goal, elsewhere: ['Warp 0.41'] }])
  expect(text.split('\n')).toEqual([
    'figure          Earshot    beside it       ratio  goal',
    'files: 128 MiB  12.0 MB/s  bare 16.0 MB/s  0.75   ≥ 0.8 of bare  MISSED',
    '    3 rounds',
    '    measured elsewhere: Warp 0.41',
  ])
})
