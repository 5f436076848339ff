import { expect, it } from 'vitest'
import { nextAnnouncement } from '../../../src/ui/announcements.ts'

const said = (name: string, text: string) => ({ name, text })

it('reads a few messages one by one', () => {
  const waiting = [said('Ann', 'Hi'), said('Ben', 'Ho')]
  expect(nextAnnouncement(waiting)).toEqual({ text: 'Ann: Hi', left: [said('Ben', 'Ho')] })
  expect(nextAnnouncement([])).toBeUndefined()
})

it('sums many up, so that nobody is read to for minutes', () => {
  const waiting = [said('Ann', '1'), said('Ann', '2'), said('Ben', '3'), said('Ann', '4')]
  expect(nextAnnouncement(waiting)).toEqual({ text: 'Ann, Ben: 4 new messages', left: [] })
})
