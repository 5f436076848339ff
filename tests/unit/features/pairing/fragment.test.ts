import { expect, it, vi } from 'vitest'
import { takeInviteFragment } from '../../../../src/features/pairing/fragment.ts'

function page(hash: string) {
  const replaceState = vi.fn()
  const state = { pane: 'chat' }
  const location = { hash, pathname: '/', search: '?do=add' } as Location
  return { location, history: { state, replaceState } as unknown as History, replaceState }
}

it.each(['#IABC234', '#iab_c-9', '#iab_c-9).'])('takes %s out of the address at once', (hash) => {
  const opened = page(hash)
  expect(takeInviteFragment(opened)).toBe(hash)
  expect(opened.replaceState).toHaveBeenCalledExactlyOnceWith({ pane: 'chat' }, '', '/?do=add')
})

it.each(['', '#', '#i', '#settings/x'])('leaves "%s" alone', (hash) => {
  const opened = page(hash)
  expect(takeInviteFragment(opened)).toBeUndefined()
  expect(opened.replaceState).not.toHaveBeenCalled()
})
