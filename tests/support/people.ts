import { vi } from 'vitest'
import type { Signer } from '../../src/crypto/identity.ts'
import type { Mls } from '../../src/crypto/mls.ts'
import { createMls } from '../../src/crypto/ts-mls.ts'
import type { Rows } from '../../src/store/rows.ts'
import { memoryNetwork, type MemoryNetwork } from './memory-network.ts'
import type { Disk } from './memory-rows.ts'
import { watchKeys, type KeyWatch } from './key-watch.ts'
import { createPerson, type Device, type Person } from './person.ts'
import { seeded, type Chance } from './random.ts'
import { createSimpleMls } from './simple-mls.ts'
import { steadyCrypto } from './steady-crypto.ts'
import { steadyMls } from './steady-mls.ts'
import { virtualTime, type VirtualTime } from './virtual-time.ts'

export type { Person } from './person.ts'

/** What a disk does with a commit; milliseconds, and errors. */
export interface DiskFaults {
  before(): number
  after(): number
  /** Thrown instead of writing. */
  error(): Error | undefined
}

/** A small world: some people, one network, one clock, one seed. */
export interface Neighbourhood {
  readonly time: VirtualTime
  readonly network: MemoryNetwork
  readonly chance: Chance
  readonly people: readonly Person[]
  disks: DiskFaults | undefined
  /** For seeded bugs: what a device gets instead of its rows. */
  wrapRows: (rows: Rows, disk: Disk) => Rows
  /** For seeded bugs: false lets a timer never fire. */
  fires: (ms: number) => boolean
  person(name: string, found?: Device): Promise<Person>
  /** Lets time pass until nothing more happens, at most so many virtual milliseconds. */
  settle(ms?: number): Promise<void>
  /** Lets time pass until the work is done; throws if it never is. */
  during<T>(work: Promise<T>): Promise<T>
  /** Errors that nobody foresaw. */
  readonly reported: unknown[]
  /** Message keys that left a device. */
  readonly keys: KeyWatch
  openMls(signer: Signer, now: () => number, used: (key: string) => void): Mls
}

/** More in one stretch of time means that two devices keep each other busy for nothing. */
const MOST_EVENTS = 20_000

export interface Circumstances {
  /** MLS by the library, not by its double. */
  readonly real?: boolean | undefined
  /** When it begins, milliseconds since 1970. */
  readonly start?: number | undefined
}

export function neighbourhood(seed = 1, { real, start }: Circumstances = {}): Neighbourhood {
  const time = virtualTime(start)
  const network = memoryNetwork(time)
  const chance = seeded(seed)
  vi.stubGlobal('crypto', steadyCrypto(chance, { quick: true }))
  const people: Person[] = []
  const keys = watchKeys()
  network.carries = keys.carried
  const world: Neighbourhood = {
    ...{ time, network, chance, people, reported: [], keys },
    disks: undefined,
    wrapRows: (rows) => rows,
    fires: () => true,
    openMls: (signer, now, used) =>
      real
        ? createMls(signer, { now, provider: steadyMls(chance, used) })
        : createSimpleMls(signer.identity, { now, randomBytes: chance.bytes, used }),
    person: async (name, found) => {
      const self = await createPerson(world, name, found)
      people.push(self)
      return self
    },
    settle: async (ms = 600_000) => {
      const until = time.now() + ms
      let events = 0
      do {
        await quiet()
        if ((events += 1) > MOST_EVENTS) throw new Error('this world never comes to rest')
      } while (time.next(until - time.now()))
    },
    during: async (work) => {
      let over = false
      work.then(
        () => (over = true),
        () => (over = true),
      )
      for (const until = time.now() + 60_000; !over;) {
        await quiet()
        if (!over && !time.next(until - time.now())) throw new Error('this never comes to an end')
      }
      return work
    },
  }
  return world
}

/** Nothing here waits for anything but promises and virtual time: one turn later all promises have been kept. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Bob opens the link that Alice copied. */
export async function pair(alice: Person, bob: Person): Promise<void> {
  const { text } = await alice.app.pairing.show('link')
  const read = bob.app.pairing.read(text)
  if (!('invite' in read)) throw new Error(`Bob cannot read the invite: ${read.problem}`)
  await bob.app.pairing.accept(read.invite, 'private-invite')
}

/** Two people who have met, with an open link. */
export async function friends(world: Neighbourhood): Promise<[Person, Person]> {
  const [alice, bob] = [await world.person('Alice'), await world.person('Bob')]
  await pair(alice, bob)
  await world.settle(5_000)
  return [alice, bob]
}
