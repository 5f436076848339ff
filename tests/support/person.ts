import { openApp, type Running, type World } from '../../src/app.ts'
import type { Line, Message } from '../../src/core/conversation.ts'
import { watched, type Settable } from '../../src/core/watched.ts'
import type { IdentityKey } from '../../src/core/ids.ts'
import type { Status } from '../../src/core/status.ts'
import { toHex } from '../../src/core/bytes.ts'
import type { Mls, MlsState } from '../../src/crypto/mls.ts'
import type { Slot } from '../../src/crypto/vault.ts'
import { openDeviceVault } from '../../src/store/slots.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import type { Host } from './memory-network.ts'
import { copyOf, memoryRows, type Disk } from './memory-rows.ts'
import { NOTHING_HEAVY } from './nothing-heavy.ts'
import type { Neighbourhood } from './people.ts'
import { chatIn, lines, messages, statusOfText, textOf, type Place } from './reading.ts'

/** One person with one device, whose disk outlives the app. */
export interface Person {
  readonly name: string
  readonly disk: Disk
  /** As it is now. */
  readonly device: Device
  app: Running
  /** How far the device's clock is ahead, milliseconds. */
  skew: number
  /** What the introducer's clock says beside this device's. */
  readonly serverAhead: Settable<number>
  readonly awake: boolean
  readonly identity: IdentityKey
  /** Resolves when it is accepted; never, if the process dies before. `vanish`: it disappears after so many seconds. */
  say(text: string, to: Place, vanish?: number): Promise<void>
  /** Texts in the chat, in screen order. */
  reads(place: Place): Promise<string[]>
  messages(place: Place): Promise<Message[]>
  lines(place: Place): Promise<Line[]>
  status(text: string, to: Place): Promise<Status>
  /** The process dies; nothing is flushed, and nobody is told. */
  crash(): void
  restart(): Promise<void>
  /** What really lies on the disk, read as after a restart. */
  onDisk(): Promise<Store>
  /** The disk becomes an older copy of itself. Only while the app is not running. */
  setBack(copy: Disk): void
  /** It did. */
  wasSetBack: boolean
  /** The browser closed the database under the app, for good: nothing is written until it starts again. */
  closed: boolean
  /** Which MLS group and epoch that state is of, in secrets that only its members share. */
  groupName(state: MlsState): string
}

/** What a closed database answers, whoever asks. */
class DatabaseClosed extends Error {
  override readonly name = 'DatabaseClosed'
}

interface Life {
  over: boolean
  mls?: Mls
  readonly host: Host
}

/** A device that is switched off: all that it would find when it starts. */
export interface Device {
  readonly disk: Disk
  readonly slot: Slot | undefined
}

/** Somebody new, or somebody who finds their device as it was left. */
export async function createPerson(world: Neighbourhood, name: string, found?: Device): Promise<Person> {
  const disk: Disk = copyOf(found ? found.disk : new Map<never, never>())
  let slot = found?.slot
  let life: Life = { over: true, host: world.network.host() }
  const live = async (): Promise<Running> => {
    life = { over: false, host: world.network.host() }
    const app = await openApp({ ...worldOf(world, self, life), slots })
    return app.stage === 'running' ? app : app.begin(name)
  }
  const slots = {
    load: () => Promise.resolve(slot),
    save: (made: Slot) => {
      slot = made
      return Promise.resolve()
    },
  }
  const self: Omit<Person, 'app'> & { app?: Running } = {
    ...{ name, disk, skew: 0, serverAhead: watched(0), wasSetBack: false, closed: false },
    get device() {
      return { disk: copyOf(disk), slot }
    },
    get awake() {
      return !life.over
    },
    get identity() {
      return running().app.engine.me
    },
    say: async (text, to, vanish) => {
      const body = { kind: 'text', text, ...(vanish !== undefined && { vanish }) } as const
      await running().app.engine.say(await chatIn(running(), to), body)
    },
    reads: async (place) => (await messages(running(), place)).map(textOf),
    messages: (place) => messages(running(), place),
    lines: (place) => lines(running(), place),
    status: (text, to) => statusOfText(running(), to, text),
    crash: () => {
      life.over = true
      life.host.kill()
    },
    restart: async () => {
      self.closed = false
      self.app = await live()
    },
    onDisk: async () => createStore(memoryRows(disk), await openDeviceVault(slots)),
    groupName: (state) => {
      if (!life.mls) throw new Error(`${name} has not begun`)
      const { epoch, authenticator } = life.mls.look(state)
      return `${String(epoch)}/${toHex(authenticator)}`
    },
    setBack: (copy) => {
      self.wasSetBack = true
      disk.clear()
      for (const [table, rows] of copyOf(copy)) disk.set(table, rows)
    },
  }
  const running = (): Person => {
    if (!isRunning(self)) throw new Error(`${name} has not begun`)
    return self
  }
  self.app = await live()
  return running()
}

function isRunning(self: Omit<Person, 'app'> & { app?: Running }): self is Person {
  return self.app !== undefined
}

function worldOf(
  world: Neighbourhood,
  self: Pick<Person, 'name' | 'disk' | 'skew' | 'serverAhead' | 'closed'>,
  life: Life,
): Omit<World, 'slots'> {
  const { time, chance } = world
  const never = new Promise<never>(() => undefined)
  const wait = async (ms: number | undefined): Promise<void> => {
    if (ms !== undefined && ms > 0) await new Promise<void>((resolve) => time.after(ms, resolve))
    // A dead process writes no more and hears no more.
    if (life.over) await never
  }
  const rows = memoryRows(self.disk, {
    before: async () => {
      await wait(world.disks?.before())
      const error = self.closed ? new DatabaseClosed() : world.disks?.error()
      if (error) throw error
    },
    after: () => wait(world.disks?.after()),
  })
  return {
    rows: world.wrapRows(rows, self.disk),
    openIntroducer: life.host.open,
    openMls: (signer, now) => {
      life.mls = world.keys.watched(self.name, (used) => world.openMls(signer, now, used))
      return Promise.resolve(life.mls)
    },
    ...NOTHING_HEAVY,
    timers: {
      now: () => time.now() + self.skew,
      elapsed: () => time.now(),
      after: (ms, call) => {
        const live = (): void => void (life.over || call())
        return world.fires(ms) ? time.after(ms, live) : () => undefined
      },
    },
    serverAhead: self.serverAhead,
    origin: 'https://earshot.test',
    visible: () => true,
    connected: () => true,
    chance,
    randomBytes: (length) => chance.bytes(length),
    iceServers: () => [],
    report: (error) => void world.reported.push(error),
  }
}
