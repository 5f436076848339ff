import { expect, it } from 'vitest'
import { nextAnnouncement } from '../../../src/ui/announcements.ts'

const said = (name: string, text: string) => ({ name, text })

it('reads a few messages one by one', () => {
  const waiting = [said('Ann', 'Hi'), said('Ben', 'Ho')]
  expect(nextAnnouncement(waiting)).toEqual({ text: 'Ann: Hi', left: [said('Ben', 'Ho')] })
  expect(nextAnnouncement([])).toBeUndefined()
})

it('sums many up, so that nobody is read to for minutes', () => {
  const waiting = [said('Ben', 'Ho'), ...Array.from({ length: 20 }, () => said('Ann', 'Hi'))]
  expect(nextAnnouncement(waiting)).toEqual({ text: 'Ben, Ann: 21 new messages', left: [] })
  expect(nextAnnouncement(waiting.slice(1))?.text).toBe('Ann: Hi')
})
