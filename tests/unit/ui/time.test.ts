import { expect, it } from 'vitest'
import { countdownText, dayText, momentText } from '../../../src/ui/time.ts'

const NOW = new Date(2026, 10, 21, 18).getTime()
const DAY = 24 * 3_600_000

it('counts down in minutes and seconds', () => {
  expect([600_000, 59_001, 1, 0, -5].map(countdownText)).toEqual(['10:00', '1:00', '0:01', '0:00', '0:00'])
})

it('names days as people do', () => {
  expect(dayText(NOW, NOW)).toBe('Today')
  expect(dayText(NOW - DAY, NOW)).toBe('Yesterday')
  expect(dayText(NOW - 3 * DAY, NOW)).toBe('Wednesday')
  expect(dayText(NOW - 30 * DAY, NOW)).toMatch(/October/)
  expect(dayText(NOW - 400 * DAY, NOW)).toMatch(/2025/)
})

it('names moments in a list as short as it goes', () => {
  expect(momentText(NOW, NOW)).toMatch(/^(?:18:00|6:00)/)
  expect(momentText(NOW - DAY, NOW)).toBe('Yesterday')
  expect(momentText(NOW - 3 * DAY, NOW)).toBe('Wed')
  expect(momentText(NOW - 30 * DAY, NOW)).toMatch(/Oct/)
  expect(momentText(NOW - 30 * DAY, NOW)).not.toMatch(/2026/)
  expect(momentText(NOW - 400 * DAY, NOW)).toMatch(/2025/)
})
