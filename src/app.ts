import type { Bytes } from './core/bytes.ts'
import type { Timers } from './core/timers.ts'
import type { Watched } from './core/watched.ts'
import type { Signer } from './crypto/identity.ts'
import type { Mls } from './crypto/mls.ts'
import type { Calls } from './features/calls/context.ts'
import type { Devices, Memory } from './features/calls/devices.ts'
import type { Engine } from './features/context.ts'
import type { Files } from './features/files/files.ts'
import type { Saver } from './features/files/save.ts'
import type { Groups } from './features/groups/groups.ts'
import { begin } from './features/onboarding/begin.ts'
import type { Pairing } from './features/pairing/pairing.ts'
import type { Signs } from './features/signs/signs.ts'
import type { OpenIntroducer } from './net/introducer.ts'
import type { OpenLane } from './net/lane.ts'
import type { OpenMedia } from './net/media.ts'
import type { Disk } from './store/disk.ts'
import type { Rows } from './store/rows.ts'
import { openDeviceVault, type Slots } from './store/slots.ts'
import { createStore } from './store/store.ts'

/** Everything that is not Earshot itself: made in main.ts for a browser, and in the simulation for many people. */
export interface World {
  readonly rows: Rows
  readonly slots: Slots
  readonly openIntroducer: OpenIntroducer
  readonly openLane: OpenLane
  readonly openMedia: OpenMedia
  /** MLS with the key of the one who speaks; `now`: milliseconds since 1970. */
  openMls(signer: Signer, now: () => number): Promise<Mls>
  readonly saver: Saver
  openDisk(): Disk
  openDevices(memory: Memory): Devices
  readonly timers: Timers
  /** By how much the introducer's clock is ahead of this device's, milliseconds; 0 while that is unknown. */
  readonly serverAhead: Watched<number>
  /** Scheme, host and port of this page. */
  readonly origin: string
  readonly visible: () => boolean
  /** False when the device says that it has no network at all. */
  connected(): boolean
  /** From 0 to 1. */
  readonly chance: () => number
  /** How peers may find each other, as last told by the introducer; empty on a network without internet. */
  readonly iceServers: () => RTCIceServer[]
  readonly randomBytes: (length: number) => Bytes
  /** An error that nobody foresaw; nothing else stops because of it. */
  readonly report: (error: unknown) => void
}

/** What a device is before it has an identity. */
export interface FirstRun {
  readonly stage: 'first-run'
  /** Makes the identity; `name` is all that is asked. */
  begin(name: string): Promise<Running>
  close(): Promise<void>
}

export interface Running {
  readonly stage: 'running'
  readonly engine: Engine
  readonly pairing: Pairing
  readonly groups: Groups
  readonly signs: Signs
  readonly files: Files
  readonly calls: Calls
  /** The network came or went, or the page woke up. */
  lookAround(): void
  /** A new life of this device, which retires every other copy of it; afterwards close and open again. */
  beginAgain(): Promise<void>
  /** Ends the call and every link; the other sides are told, and all dial again when they can. */
  hangUp(): void
  /** Lets go of the address and all links, after everything is on the disk. */
  close(): Promise<void>
  /** Bytes and records from outside that were dropped, by kind; for tests and the curious. */
  readonly dropped: ReadonlyMap<string, number>
  /** Resolves when nothing waits to be written. */
  settled(): Promise<void>
}

/** The composition root: opens what this device remembers and, if it has an identity, brings it to life. */
export async function openApp(world: World): Promise<FirstRun | Running> {
  const vault = await openDeviceVault(world.slots)
  const store = createStore(world.rows, vault)
  // Only who has an identity needs the rest of the app.
  const live = async (): Promise<Running> => (await import('./running.ts')).run(world, { vault, store })
  if (await store.get('self', 'self')) return live()
  return {
    stage: 'first-run',
    begin: async (name) => {
      const { timers, randomBytes } = world
      await begin(store, name, { now: () => timers.now(), randomBytes })
      return live()
    },
    close: () => {
      store.close()
      return Promise.resolve()
    },
  }
}
