import { watchShortcut } from '../../../src/launch.ts'
import type { Surroundings } from '../../../src/screens.ts'
import { mount } from 'svelte'
import App from '../../../src/App.svelte'
import { watched } from '../../../src/core/watched.ts'
import { InstallOffer } from '../../../src/features/install/offer.svelte.ts'
import { Updates } from '../../../src/features/install/updates.svelte.ts'
import { watchInvites } from '../../../src/features/pairing/fragment.ts'
import { Theme } from '../../../src/features/settings/theme.svelte.ts'
import type { Boot } from '../../../src/features/tab/boot.ts'
import type { Ready } from '../../../src/screens.ts'
import '../../../src/ui/tokens.css'
import { anInvite, aPoster, fakeCalls, fakeEngine, fakeFiles, fakePairing, hear } from './fake-engine.ts'
import { fakeGroups, fakeSigns } from './fake-groups.ts'
import { fakeStore } from './fake-store.ts'
import { choir } from './choir.ts'
import { circles, invitation } from './circles.ts'
import { drawnPicture } from './people.ts'
import { friends, longChat, NOW } from './scenes.ts'

// Every screen without a peer: ?scene=… chooses it. Nothing here is part of the app.
const parameters = new URLSearchParams(location.search)
const scene = parameters.get('scene') ?? 'friends'
const started = Date.now()
const now = () => NOW + Date.now() - started

async function ready(): Promise<Boot<Ready>> {
  const store = fakeStore()
  await store.commit([{ table: 'self', put: { name: 'Quiet Otter' } as never }])
  if (['friends', 'choir', 'circles'].includes(scene)) await store.commit(friends())
  if (scene === 'choir') await store.commit(await choir())
  if (scene === 'circles') await store.commit(circles(await drawnPicture(230)))
  if (parameters.has('invited')) await store.commit([invitation()])
  if (scene === 'long')
    await store.commit(
      longChat(Number(parameters.get('count') ?? 1000), Number(parameters.get('unread') ?? 0)),
    )
  const [engine, pairing] = [fakeEngine(store, now), fakePairing(store, now)]
  const [groups, signs] = [fakeGroups(store, now), fakeSigns()]
  Object.assign(globalThis, { anInvite: anInvite(now()), aPoster: aPoster(now()), hear: hear(store, now) })
  return {
    at: 'ready',
    ready: {
      ...{ engine, pairing, groups, signs },
      ...{ files: fakeFiles(), calls: fakeCalls(), busy: watched(false) },
    },
  }
}

const nothing = () => Promise.resolve()
const SCENES: Record<string, Boot<Ready>> = {
  starting: { at: 'starting' },
  insecure: { at: 'insecure' },
  'too-old': { at: 'too-old', missing: ['signatures (Ed25519)'] },
  'storage-refused': { at: 'storage-refused' },
  'other-tab': { at: 'other-tab', ongoing: 'call', useHere: nothing },
  elsewhere: { at: 'elsewhere', useHere: nothing },
  'first-run': {
    at: 'first-run',
    start: async () => {
      boot.set(await ready())
    },
  },
}
const boot = watched<Boot<Ready>>(SCENES[scene] ?? (await ready()))
const updates = new Updates(navigator.serviceWorker)
if (parameters.has('update')) updates.ready = true
const offer = new InstallOffer(window)
if (parameters.has('install')) offer.state = 'button'
const around: Surroundings = {
  theme: new Theme(localStorage, document.documentElement),
  updates,
  offer,
  invite: watchInvites(window),
  adding: watchShortcut(window),
}

const target = document.getElementById('app')
if (target) mount(App, { target, props: { boot, around } })
