import { believed, clockIsWrong, correction, type Belief } from './core/clock.ts'
import { isKnown } from './core/contact.ts'
import type { IdentityKey } from './core/ids.ts'
import { watched, whenIdle } from './core/watched.ts'
import { createSigner } from './crypto/identity.ts'
import type { Vault } from './crypto/vault.ts'
import { createCalls } from './features/calls/calls.ts'
import { deviceMemory } from './features/calls/device-memory.ts'
import type { Engine, Notice } from './features/context.ts'
import { createFiles } from './features/files/files.ts'
import { createGroups, type Groups } from './features/groups/groups.ts'
import { createNetworkStatus } from './features/network-status.ts'
import { createDoors } from './features/pairing/doors.ts'
import { createPairing } from './features/pairing/pairing.ts'
import { createSigns, type Signs } from './features/signs/signs.ts'
import type { Link } from './net/link.ts'
import { openSwitchboard, type Switchboard } from './net/switchboard.ts'
import type { Frame } from './protocol/frame.ts'
import { StorageFull, type TableName } from './store/rows.ts'
import type { Store } from './store/store.ts'
import type { Author } from './sync/author.ts'
import { openLedger } from './sync/ledger.ts'
import { openLife } from './sync/life.ts'
import { profileOf, tokenOf } from './sync/profile.ts'
import { nothingOnItsWay } from './sync/session/session.ts'
import { openSync, type Sync } from './sync/sync.ts'
import type { Running, World } from './app.ts'

/** What decides who may be met. */
const DOORS: readonly TableName[] = ['contacts', 'invitations', 'memberships']

/** Brings to life what this device remembers. */
export async function run(world: World, { vault, store }: { vault: Vault; store: Store }): Promise<Running> {
  const ledger = await openLedger(store)
  if (!ledger) throw new Error('the identity was stored and is not there')
  const { timers, randomBytes } = world
  const now = (): number => timers.now()
  const { self } = ledger.state
  const signer = await createSigner(self)
  let belief: Belief | undefined
  const dropped = new Map<string, number>()
  const drop = (what: string, times = 1): void => void dropped.set(what, (dropped.get(what) ?? 0) + times)
  const corrected = (): number => now() + correction(belief?.ahead ?? 0)
  const life = await openLife(store, timers)
  const author: Author = {
    ...{ signer, now: corrected, age: life.age, randomBytes, suspicious: drop },
    mls: await world.openMls(signer, corrected),
  }
  /** When the life of ours was made that retired this one, milliseconds since 1970. */
  let retiredAt = 0
  const notice = watched<Notice | undefined>(undefined)
  const network = createNetworkStatus(() => world.connected())

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
  // A full disk is no reason not to read.
  await nothingOnItsWay(ledger).catch(failed)

  const pairing = createPairing({
    ...{ ledger, now, randomBytes, origin: world.origin },
    refresh: () => {
      switchboard.refresh()
    },
  })
  const heeded = new Set<IdentityKey>()
  let forgetCall = (): void => undefined
  const sync: Sync = openSync({
    ...{ ledger, store, author, life, timers, failed },
    counts: (link) => switchboard.counts(link),
    linked: (who) => switchboard.state(who).at === 'linked',
    stored: (records) => {
      for (const { message } of records) {
        if (message?.body?.kind !== 'file' || message.author === self.identity) continue
        files.onArrived(message.author, message.body.manifest)
      }
    },
    // A device is set back while it does not run: whoever says so again and again wants something else.
    believes: ({ peer }) => !heeded.has(peer),
    setBack: ({ peer }, beginAgain) => {
      if (heeded.has(peer)) {
        drop('set-back')
        return
      }
      heeded.add(peer)
      beginAgain().catch((error: unknown) => {
        heeded.delete(peer)
        failed(error)
      })
    },
    turnedAway: (link, frame) => groups.turnedAway(link.peer, frame),
  })
  const { acts } = sync

  const switchboard: Switchboard = openSwitchboard({
    ...{ address: profileOf(self).address, token: tokenOf(self), openIntroducer: world.openIntroducer },
    ...{ doors: createDoors(ledger, now), timers, randomBytes, chance: world.chance, visible: world.visible },
    me: () => ({ signer, incarnation: ledger.state.self.incarnation, profile: profileOf(ledger.state.self) }),
    newest: (identity) => {
      const contact = ledger.state.contacts.get(identity)
      return isKnown(contact) ? contact.incarnation : undefined
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
        sync.linked(link)
        signs.onLinked(link.peer)
        files.onLinked(link.peer)
        calls.onLinked(link.peer)
      },
      frame: (link, frame) => {
        route(link, frame)
      },
      drained: (link) => {
        sync.drained(link)
      },
      unlinked: (link, { last }) => {
        sync.unlinked(link)
        if (!last) return
        signs.onUnlinked(link.peer)
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
  const groups: Groups = createGroups({
    ...{ ledger, author, delivery: sync.delivery, origin: world.origin },
    refresh: () => {
      switchboard.refresh()
    },
  })
  const signs: Signs = createSigns({ ledger, links: switchboard, timers, failed })
  const me = self.identity
  const engine: Engine = { me, store, links: switchboard, network: network.shown, notice, now, ...acts }
  const heavy = { me, store, links: switchboard, timers, random: randomBytes, iceServers: world.iceServers }
  const files = createFiles({
    ...{ ...heavy, say: acts.say, fileGone: acts.fileGone, lookup: vault.lookup, report: world.report },
    ...{ disk: world.openDisk(), openLane: world.openLane, saver: world.saver },
  })
  const calls = createCalls({
    ...{ ...heavy, openMedia: world.openMedia },
    devices: world.openDevices(deviceMemory(store)),
  })

  /** Whoever came with a group's code and waits at the door neither rings nor sends files. */
  const knows = (who: IdentityKey): boolean => ledger.state.contacts.has(who)

  /** Every frame of a bound link goes to the one it is for. */
  function route(link: Link, frame: Frame): void {
    const heavy = frame.type === 'file' || frame.type === 'call' || frame.type === 'signal'
    if (heavy && !knows(link.peer)) {
      drop('refused')
      return
    }
    switch (frame.type) {
      case 'have':
      case 'record':
      case 'sealed':
      case 'lack':
      case 'want':
      case 'join':
      case 'welcome':
      case 'turned-away':
        sync.frame(link, frame)
        return
      case 'read':
      case 'typing':
      case 'presence':
        signs.onFrame(link.peer, frame)
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
  const forget = store.watch((touched) => {
    const { tables } = touched
    sync.touched(touched)
    if (DOORS.some((table) => tables.has(table))) switchboard.refresh()
    if (tables.has('conversations')) signs.tell()
    if (tables.has('discards')) files.onDiscarded()
    // Whoever we are linked to must hear who speaks now.
    if (ledger.state.self.incarnation.id !== spoken) switchboard.hangUp()
    spoken = ledger.state.self.incarnation.id
  })
  return {
    ...{
      stage: 'running',
      engine,
      pairing,
      groups,
      signs,
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
      sync.close()
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
