import { mount } from 'svelte'
import App from './App.svelte'
import { startApp } from './boot.ts'
import { watched } from './core/watched.ts'
import { InstallOffer } from './features/install/offer.svelte.ts'
import { Updates } from './features/install/updates.svelte.ts'
import { findBrowserProblem } from './features/onboarding/browser.ts'
import { watchInvites } from './features/pairing/fragment.ts'
import { openStorage, Theme } from './features/settings/theme.svelte.ts'
import type { Boot } from './features/tab/boot.ts'
import { watchLaunches, watchShortcut } from './launch.ts'
import type { Ready, Surroundings } from './screens.ts'
import './ui/tokens.css'

const boot = watched<Boot<Ready>>({ at: 'starting' })
const around: Surroundings = {
  theme: new Theme(openStorage(window), document.documentElement),
  updates: new Updates('serviceWorker' in navigator ? navigator.serviceWorker : undefined),
  offer: new InstallOffer(window),
  invite: watchInvites(window),
  adding: watchShortcut(window),
}
watchLaunches(window, around)
const target = document.getElementById('app')
target?.replaceChildren()
if (target) mount(App, { target, props: { boot, around } })
// What is kept for times without a network is fetched after the first screen.
if (import.meta.env.PROD) addEventListener('load', () => void around.updates.start().catch(reportError))

const problem = await findBrowserProblem()
if (problem) boot.set(problem)
else startApp(boot)
