import { openApp, type FirstRun, type Running } from './app.ts'
import { watched, type Settable } from './core/watched.ts'
import type { Boot, Ongoing } from './features/tab/boot.ts'
import { createTab } from './features/tab/owner.ts'
import type { Ready } from './screens.ts'
import { browserTimers, browserWorld } from './world.ts'

/** Brings the app to life in this tab, or says which screen stands in its place. Never rejects. */
export function startApp(boot: Settable<Boot<Ready>>): void {
  const refused = (error: unknown): void => {
    reportError(error)
    boot.set({ at: 'storage-refused' })
  }
  try {
    bringToLife(boot, refused)
  } catch (error) {
    refused(error)
  }
}

function bringToLife(boot: Settable<Boot<Ready>>, refused: (error: unknown) => void): void {
  let running: Running | undefined
  /** Rises whenever this tab gives the engine up: what was being opened by then is closed again. */
  let turn = 0
  const busy = watched(false)

  const ongoing = (): Ongoing | undefined => {
    if (running?.calls.busy.current) return 'call'
    return running?.files.busy.current ? 'transfer' : undefined
  }
  const tab = createTab({
    locks: navigator.locks,
    channel: new BroadcastChannel('earshot'),
    timers: browserTimers,
    ongoing,
    letGo: () => void leave().then(tab.release),
  })

  const lost = (): void => void leave()

  async function leave(): Promise<void> {
    const left = running
    running = undefined
    turn++
    boot.set({ at: 'other-tab', ongoing: undefined, useHere: () => useHere() })
    await left?.close()
  }

  async function useHere(): Promise<void> {
    await tab.takeOver(lost)
    await open()
  }

  async function open(): Promise<void> {
    const mine = turn
    try {
      await show(await openApp(browserWorld(() => location.reload())), mine)
    } catch (error) {
      refused(error)
    }
  }

  async function show(opened: FirstRun | Running, mine: number): Promise<void> {
    if (mine !== turn) {
      await opened.close()
      return
    }
    if (opened.stage === 'first-run') {
      const start = async (name: string): Promise<void> => {
        await show(await opened.begin(name), mine)
      }
      boot.set({ at: 'first-run', start })
      return
    }
    running = opened
    const { engine, pairing, groups, signs, files, calls } = opened
    const look = (): void => {
      busy.set(files.busy.current || calls.busy.current)
    }
    files.busy.watch(look)
    calls.busy.watch(look)
    engine.notice.watch(() => {
      if (engine.notice.current === 'elsewhere') boot.set({ at: 'elsewhere', useHere: () => begin(opened) })
    })
    boot.set({ at: 'ready', ready: { engine, pairing, groups, signs, files, calls, busy } })
  }

  async function begin(retired: Running): Promise<void> {
    await retired.beginAgain()
    await retired.close()
    await open()
  }

  addEventListener('online', () => running?.lookAround())
  addEventListener('offline', () => running?.lookAround())
  // From Wi-Fi to mobile there may be no moment without a network. Not every browser tells; some tell of their
  // estimates as well, which are no reason to look.
  const { connection } = navigator as { connection?: EventTarget & { readonly type?: string } }
  let type = connection?.type
  connection?.addEventListener('change', () => {
    if (connection.type !== type) running?.lookAround()
    type = connection.type
  })
  document.addEventListener('visibilitychange', () => {
    const active = document.visibilityState === 'visible'
    running?.signs.look(active)
    if (active) running?.lookAround()
  })
  addEventListener('pagehide', () => running?.hangUp())

  const claim = async (): Promise<void> => {
    if (await tab.claim(lost)) await open()
    else boot.set({ at: 'other-tab', ongoing: await tab.ongoing(), useHere })
  }
  // Where the browser lets nothing be stored, it refuses the lock as well.
  claim().catch(refused)
}
