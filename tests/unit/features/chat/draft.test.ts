import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DraftKeeper } from '../../../../src/features/chat/draft.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const after = (ms: number, call: () => void) => {
  const timer = setTimeout(call, ms)
  return () => {
    clearTimeout(timer)
  }
}

it('keeps the first key at once, the next ones together, and the rest when the chat is left', () => {
  const saved: string[] = []
  const keeper = new DraftKeeper((text) => saved.push(text), after, 400)
  for (const text of ['D', 'De', 'Dea']) keeper.change(text)
  expect(saved).toEqual(['D'])
  vi.advanceTimersByTime(400)
  keeper.change('Dear')
  expect(saved).toEqual(['D', 'Dea'])
  keeper.flush()
  keeper.flush()
  vi.advanceTimersByTime(1000)
  expect(saved).toEqual(['D', 'Dea', 'Dear'])
})

it('forgets what was sent', () => {
  const saved: string[] = []
  const keeper = new DraftKeeper((text) => saved.push(text), after, 400)
  for (const text of ['D', 'De', 'Dear']) keeper.change(text)
  keeper.forget()
  vi.advanceTimersByTime(1000)
  expect(saved).toEqual(['D'])
})
