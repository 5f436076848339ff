import { createDevices } from './features/calls/devices.ts'
import { createSaver } from './features/files/save.ts'
import { saveByStream } from './features/files/stream-save.ts'
import { openSimplePeerLane } from './net/simple-peer-lane.ts'
import { openSimplePeerMedia } from './net/simple-peer-media.ts'
import { trustedScript } from './ui/trusted-urls.ts'
import type { Timers } from './core/timers.ts'
import { watched } from './core/watched.ts'
import type { World } from './app.ts'
import { openPeerJsIntroducer } from './net/peerjs-introducer.ts'
import { openDisk } from './store/disk-opfs.ts'
import { openDexieRows } from './store/dexie-rows.ts'
import { openIdbSlots } from './store/slots.ts'
import { fetchConfig } from './net/config.ts'

/** Time as the page has it. */
export const browserTimers: Timers = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => {
      clearTimeout(timer)
    }
  },
}

/** The world as a browser has it. `lostStorage`: the browser took the database away. */
export function browserWorld(lostStorage: () => void): World {
  const iceServers = watched<RTCIceServer[]>([])
  const serverAhead = watched(0)
  const place = {
    host: location.hostname,
    port: Number(location.port || (location.protocol === 'https:' ? 443 : 80)),
    secure: location.protocol === 'https:',
    iceServers: async () => {
      const asked = Date.now()
      const config = await fetchConfig()
      if (config) {
        iceServers.set(config.iceServers)
        serverAhead.set(config.time - (asked + Date.now()) / 2)
      }
      return iceServers.current
    },
  }
  return {
    rows: openDexieRows('earshot', lostStorage),
    slots: openIdbSlots('earshot-keys'),
    openIntroducer: (options) => openPeerJsIntroducer(place, options),
    openLane: openSimplePeerLane,
    openMedia: openSimplePeerMedia,
    // Not before there is an identity: the first screen does without it.
    openMls: async (signer, now) => (await import('./crypto/ts-mls.ts')).createMls(signer, { now }),
    openDisk: () => openDisk({ workerUrl: trustedScript }),
    openDevices: (memory) => createDevices((wanted) => navigator.mediaDevices.getUserMedia(wanted), memory),
    saver: createSaver((active, scope) => (download) => saveByStream(active, scope, download)),
    timers: browserTimers,
    serverAhead,
    origin: location.origin,
    visible: () => document.visibilityState === 'visible',
    connected: () => navigator.onLine,
    chance: () => Math.random(),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    iceServers: () => iceServers.current,
    report: reportError,
  }
}
