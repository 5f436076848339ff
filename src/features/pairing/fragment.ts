import { watched, type Settable } from '../../core/watched.ts'

/** How an invitation in the address begins (PROTOCOL §4); what came along with it is for the reader to judge. */
const INVITE = /^#[Ii]\S+$/

/** The invitation in the address: that of the first moment, and any that is followed while the page is open. */
export function watchInvites(page: Window): Settable<string | undefined> {
  const invite = watched(takeInviteFragment(page))
  page.addEventListener('hashchange', () => {
    const next = takeInviteFragment(page)
    if (next !== undefined) invite.set(next)
  })
  return invite
}

/**
 * Takes an invitation out of the address of the page, at once: it holds a secret that must not stay in the history
 * or be seen over a shoulder. Returns the fragment with its `#`; undefined when it is no invitation.
 */
export function takeInviteFragment(page: { location: Location; history: History }): string | undefined {
  const { hash, pathname, search } = page.location
  if (!isInvite(hash)) return undefined
  page.history.replaceState(page.history.state, '', pathname + search)
  return hash
}

export function isInvite(hash: string): boolean {
  return INVITE.test(hash)
}
