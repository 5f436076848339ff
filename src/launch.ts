import { watched, type Settable } from './core/watched.ts'
import { isInvite } from './features/pairing/fragment.ts'

/** What Chromium hands to an installed app that is open already (Web App Launch Handler API). */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly targetURL?: string }) => void): void
}

/** True from the moment the person comes by the shortcut "Add contact" on the icon of the installed app. */
export function watchShortcut(page: Window): Settable<boolean> {
  const adding = watched(asksToAdd(page.location.search))
  if (adding.current) page.history.replaceState(null, '', page.location.pathname + page.location.hash)
  return adding
}

function asksToAdd(search: string): boolean {
  return new URLSearchParams(search).get('do') === 'add'
}

/** Links and shortcuts that the system brings to this window instead of loading the page anew. */
export function watchLaunches(
  page: Window,
  { invite, adding }: { invite: Settable<string | undefined>; adding: Settable<boolean> },
): void {
  const { launchQueue } = page as { launchQueue?: LaunchQueue }
  launchQueue?.setConsumer(({ targetURL }) => {
    if (targetURL === undefined) return
    const { hash, search } = new URL(targetURL)
    if (isInvite(hash)) invite.set(hash)
    if (asksToAdd(search)) adding.set(true)
  })
}
