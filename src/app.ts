import type { Bytes } from './core/bytes.ts'
import type { IdentityKey } from './core/ids.ts'
import type { Timers } from './core/timers.ts'
import { believed, clockIsWrong, correction, type Belief } from './core/clock.ts'
import { watched, whenIdle, type Watched } from './core/watched.ts'
import { createSigner } from './crypto/identity.ts'
import type { Vault } from './crypto/vault.ts'
import { createCalls } from './features/calls/calls.ts'
import type { Calls } from './features/calls/context.ts'
import { deviceMemory } from './features/calls/device-memory.ts'
import type { Devices, Memory } from './features/calls/devices.ts'
import type { Engine, Notice } from './features/context.ts'
import { createFiles, type Files } from './features/files/files.ts'
import type { Saver } from './features/files/save.ts'
import { createNetworkStatus } from './features/network-status.ts'
import { begin } from './features/onboarding/begin.ts'
import { createDoors } from './features/pairing/doors.ts'
import { createPairing, type Pairing } from './features/pairing/pairing.ts'
import type { OpenIntroducer } from './net/introducer.ts'
import type { OpenLane } from './net/lane.ts'
import type { Link } from './net/link.ts'
import type { OpenMedia } from './net/media.ts'
import { openSwitchboard, type Switchboard } from './net/switchboard.ts'
import type { Frame } from './protocol/frame.ts'
import type { Disk } from './store/disk.ts'
import { StorageFull, type Rows } from './store/rows.ts'
import { openDeviceVault, type Slots } from './store/slots.ts'
import { createStore, type Store } from './store/store.ts'
import { createActs } from './sync/acts.ts'
import type { Author } from './sync/append.ts'
import { createDelivery, type Delivery } from './sync/delivery.ts'
import { openLedger } from './sync/ledger.ts'
import { profileOf, tokenOf } from './sync/profile.ts'
import { nothingOnItsWay } from './sync/session.ts'

/** Everything that is not Earshot itself: made in main.ts for a browser, and in the simulation for many people. */
export interface World {
  readonly rows: Rows
  readonly slots: Slots
  readonly openIntroducer: OpenIntroducer
  readonly openLane: OpenLane
  readonly openMedia: OpenMedia
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
  if (await store.get('self', 'self')) return run(world, vault, store)
  return {
    stage: 'first-run',
    begin: async (name) => {
      const { timers, randomBytes } = world
      await begin(store, name, { now: () => timers.now(), randomBytes })
      return run(world, vault, store)
    },
    close: () => {
      store.close()
      return Promise.resolve()
    },
  }
}

async function run(world: World, vault: Vault, store: Store): Promise<Running> {
  const ledger = await openLedger(store)
  if (!ledger) throw new Error('the identity was stored and is not there')
  await nothingOnItsWay(ledger)
  const { timers, randomBytes } = world
  const now = (): number => timers.now()
  const { self } = ledger.state
  const signer = await createSigner(self)
  let belief: Belief | undefined
  const author: Author = { signer, now: () => now() + correction(belief?.ahead ?? 0), randomBytes }
  const acts = createActs(ledger, author, (key) => store.get('records', key))
  /** When the life of ours was made that retired this one, milliseconds since 1970. */
  let retiredAt = 0
  const notice = watched<Notice | undefined>(undefined)
  const network = createNetworkStatus(() => world.connected())
  const dropped = new Map<string, number>()
  const drop = (what: string, times = 1): void => void dropped.set(what, (dropped.get(what) ?? 0) + times)

  const lookAtClock = (): void => {
    belief = believed(belief, world.serverAhead.current, timers.elapsed())
    if (clockIsWrong(world.serverAhead.current)) notice.set(notice.current ?? 'clock-wrong')
    else if (notice.current === 'clock-wrong') notice.set(undefined)
  }
  const forgetClock = world.serverAhead.watch(lookAtClock)
  const failed = (error: unknown): void => {
    notice.set(error instanceof StorageFull ? 'storage-full' : 'storage-failed')
    if (!(error instanceof StorageFull)) world.report(error)
  }

  const pairing = createPairing({
    ...{ ledger, now, randomBytes, origin: world.origin },
    refresh: () => {
      switchboard.refresh()
    },
  })
  const heeded = new Set<IdentityKey>()
  let forgetCall = (): void => undefined
  const delivery: Delivery = createDelivery({
    ...{ ledger, store, author },
    stored: (link, records) => {
      for (const { message } of records) {
        if (message?.author !== link.peer || message.body.kind !== 'file') continue
        files.onArrived(link.peer, message.body.manifest)
      }
    },
    setBack: ({ peer }, incarnation) => {
      // A device is set back while it does not run: whoever says so again and again wants something else.
      if (heeded.has(peer)) {
        drop('set-back')
        return
      }
      heeded.add(peer)
      acts.beginAgain({ instead: incarnation }).catch((error: unknown) => {
        heeded.delete(peer)
        failed(error)
      })
    },
    suspicious: drop,
    counts: (link) => switchboard.counts(link),
    failed: (link, error) => {
      failed(error)
      link.close('leaving')
    },
  })

  const switchboard: Switchboard = openSwitchboard({
    ...{ address: profileOf(self).address, token: tokenOf(self), openIntroducer: world.openIntroducer },
    ...{ doors: createDoors(ledger, now), timers, randomBytes, chance: world.chance, visible: world.visible },
    me: () => ({ signer, incarnation: ledger.state.self.incarnation, profile: profileOf(ledger.state.self) }),
    newest: (identity) => {
      const contact = ledger.state.contacts.get(identity)
      return contact?.stage === 'met' ? contact.incarnation : undefined
    },
    events: {
      meet: pairing.meet,
      answered: pairing.answered,
      recognised: pairing.recognised,
      alarmed: (identity, why) => {
        // Whoever came with our invite and cannot go on is told in their own words; an interception concerns us too.
        if (identity !== undefined) pairing.alarmed(identity, why).catch(failed)
        else if (why === 'intercepted') notice.set(why)
      },
      retired: (by) => {
        retiredAt = by.madeAt
        // What the screen no longer shows must not go on unseen.
        calls.hangUp()
        notice.set('elsewhere')
        switchboard.close()
      },
      linked: (link) => {
        delivery.linked(link)
        files.onLinked(link.peer)
        calls.onLinked(link.peer)
      },
      frame: (link, frame) => {
        route(link, frame)
      },
      drained: (link) => {
        delivery.drained(link)
      },
      unlinked: (link, { last }) => {
        delivery.unlinked(link)
        if (!last) return
        files.onUnlinked(link.peer)
        calls.onUnlinked(link.peer)
      },
      introducer: (status) => {
        network.heard(status)
        // A call does not need the introducer, and must not go on behind another screen.
        if (status === 'taken') forgetCall = whenIdle(calls.busy, () => notice.set('elsewhere'))
      },
      ...{ dropped: drop, failed },
    },
  })
  const me = self.identity
  const engine: Engine = { me, store, links: switchboard, network: network.shown, notice, now, ...acts }
  const heavy = { me, store, links: switchboard, timers, random: randomBytes, iceServers: world.iceServers }
  const files = createFiles({
    ...{ ...heavy, say: acts.say, lookup: vault.lookup, report: world.report },
    ...{ disk: world.openDisk(), openLane: world.openLane, saver: world.saver },
  })
  const calls = createCalls({
    ...{ ...heavy, openMedia: world.openMedia },
    devices: world.openDevices(deviceMemory(store)),
  })

  /** Every frame of a bound link goes to the one it is for. */
  function route(link: Link, frame: Frame): void {
    switch (frame.type) {
      case 'have':
      case 'record':
        delivery.frame(link, frame)
        return
      case 'file':
        files.onFrame(link.peer, frame.file)
        return
      case 'call':
        calls.onFrame(link.peer, frame.call)
        return
      case 'signal':
        if (frame.use === 'files') files.onSignal(link.peer, frame.lane, frame.signal)
        else calls.onSignal(link.peer, frame.use, frame)
        return
      case 'ping':
      case 'pong':
      case 'close':
    }
  }

  await files.start()
  let spoken = self.incarnation.id
  const forget = store.watch(({ tables }) => {
    if (tables.has('records')) delivery.offer()
    // Whoever we are linked to must hear who speaks now.
    if (ledger.state.self.incarnation.id !== spoken) switchboard.hangUp()
    spoken = ledger.state.self.incarnation.id
  })
  return {
    ...{
      stage: 'running',
      engine,
      pairing,
      files,
      calls,
      dropped,
      beginAgain: () => acts.beginAgain({ after: retiredAt }),
    },
    lookAround: () => {
      network.look()
      if (world.connected()) switchboard.hurry()
    },
    hangUp: () => {
      calls.hangUp()
      switchboard.hangUp()
    },
    settled: () => ledger.settled(),
    close: async () => {
      forget()
      forgetClock()
      forgetCall()
      calls.hangUp()
      switchboard.close()
      files.close()
      await ledger.settled()
      store.close()
    },
  }
}
