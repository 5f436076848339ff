import { StorageFull } from '../../src/store/rows.ts'
import { CALM } from '../support/memory-pipe.ts'
import { friends, neighbourhood, pair, type Neighbourhood, type Person } from '../support/people.ts'
import type { Chance } from '../support/random.ts'
import { atAllTimes, atRest, heardRejections, type Told } from './invariants.ts'

/** One random story of two people; the seed tells all of it. */
export interface Outcome {
  readonly seed: number
  /** What was promised and not kept; empty if all is well. */
  readonly broken: string[]
  /** What happened, step by step. */
  readonly story: string[]
  /** How many went over the wires. */
  readonly messages: number
}

export interface Scenario {
  readonly steps?: number
  /** Plants a bug. */
  readonly tamper?: (world: Neighbourhood) => void
}

interface Stage {
  readonly world: Neighbourhood
  readonly people: [Person, Person]
  readonly told: Told
  readonly note: (event: string) => void
}

export async function runSchedule(seed: number, { steps = 24, tamper }: Scenario = {}): Promise<Outcome> {
  const story: string[] = []
  const rejections = heardRejections()
  const world = neighbourhood(seed)
  const began = world.time.now()
  const note = (event: string): void => void story.push(`${String(world.time.now() - began)} ms: ${event}`)
  const broken: string[] = []
  try {
    tamper?.(world)
    broken.push(...(await play(world, { steps, note })))
  } catch (error) {
    broken.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  broken.push(...rejections.end(), ...world.reported.map((error) => `reported: ${String(error)}`))
  return { seed, broken, story, messages: world.network.carried }
}

async function play(
  world: Neighbourhood,
  { steps, note }: { steps: number; note: (event: string) => void },
): Promise<string[]> {
  const { chance } = world
  const met = chance() < 0.7
  const people = met ? await friends(world) : await strangers(world)
  const told: Told = { said: new Set(), accepted: new Set() }
  const stage: Stage = { world, people, told, note }
  bringFaults(world)
  if (!met) await world.during(pair(...people)).catch((error: unknown) => note(`pairing: ${String(error)}`))
  const faults = swarm(chance)
  for (let step = 0; step < steps; step++) {
    await pick(faults, chance)(stage)
    await world.settle(Math.floor(10 ** (1 + 3.7 * chance())))
    const broken = await atAllTimes(people, told)
    if (broken.length > 0) return broken
  }
  await heal(stage)
  return atRest(people, told)
}

async function strangers(world: Neighbourhood): Promise<[Person, Person]> {
  return [await world.person('Alice'), await world.person('Bob')]
}

type Act = (stage: Stage) => Promise<void> | void

const ACTS: Record<string, Act> = {
  say: (stage) => say(stage, ...choose(stage)),
  sayTogether: (stage) => {
    const [alice, bob] = stage.people
    say(stage, alice, bob)
    say(stage, bob, alice)
  },
  crash: (stage) => {
    const [who] = choose(stage)
    if (who.awake) stage.note(`${who.name} crashes`)
    who.crash()
  },
  restart: async (stage) => {
    for (const who of stage.people) {
      if (who.awake) continue
      stage.note(`${who.name} starts again`)
      // A full disk may keep a start from coming to its end; then it is no start.
      await stage.world.during(who.restart()).catch((error: unknown) => {
        stage.note(`${who.name} cannot start: ${String(error)}`)
        who.crash()
      })
    }
  },
  cut: ({ world, note }) => {
    note('all links are cut')
    world.network.cutAll()
  },
  hush: ({ world, note }) => {
    note('all links fall silent')
    world.network.hushAll()
  },
  introducer: ({ world, note }) => {
    const up = world.chance() < 0.6
    note(`the introducer is ${up ? 'up' : 'down'}`)
    world.network.setUp(up)
  },
  full: ({ world, note }) => {
    note('a disk is full for once')
    let full = true
    const { disks } = world
    if (disks)
      world.disks = { ...disks, error: () => (full ? ((full = false), new StorageFull()) : undefined) }
  },
  clock: (stage) => {
    const [who] = choose(stage)
    who.skew += Math.floor((stage.world.chance() - 0.5) * 2 * 3_600_000)
    stage.note(`${who.name}'s clock is ${String(who.skew)} ms off`)
  },
  look: (stage) => {
    const [who] = choose(stage)
    stage.note(`${who.name} looks around`)
    if (who.awake) who.app.lookAround()
  },
}

function say({ told, note }: Stage, who: Person, whom: Person): void {
  if (!who.awake) return
  const text = `${who.name} ${String(told.said.size)}`
  note(`${who.name} says "${text}"`)
  told.said.add(text)
  who.say(text, whom).then(
    () => void told.accepted.add(text),
    (error: unknown) => note(`"${text}" was not taken: ${String(error)}`),
  )
}

function choose({ people: [alice, bob], world }: Stage): [Person, Person] {
  return world.chance() < 0.5 ? [alice, bob] : [bob, alice]
}

/** How the wires and disks behave during this run. */
function bringFaults(world: Neighbourhood): void {
  const { chance } = world
  const [latency, breaking, silent, blocked] = [
    10 ** (3 * chance()),
    chance() * 0.05,
    chance(),
    chance() * 0.5,
  ]
  world.network.faults = {
    delay: () => Math.ceil(chance() * latency),
    breaks: () => chance() < breaking,
    silently: () => chance() < silent,
    blocked: () => chance() < blocked,
    mangled: (bytes) => [bytes],
  }
  const slow = 10 ** (2.5 * chance())
  world.disks = {
    before: () => Math.floor(chance() * slow),
    after: () => Math.floor(chance() * slow),
    error: () => undefined,
  }
}

const OFTEN = ['say', 'sayTogether', 'restart']

/** Which things happen often differs from run to run, so that rare mixtures come up as well. */
function swarm(chance: Chance): Act[] {
  const acts: Act[] = []
  for (const [name, act] of Object.entries(ACTS)) {
    const times = OFTEN.includes(name) ? 3 : chance.below(3)
    for (let i = 0; i < times; i++) acts.push(act)
  }
  return acts
}

function pick(acts: Act[], chance: Chance): Act {
  const act = acts[chance.below(acts.length)]
  if (!act) throw new Error('nothing can happen')
  return act
}

async function heal({ world, people, note }: Stage): Promise<void> {
  note('everything is well again')
  world.network.faults = CALM
  world.disks = undefined
  world.network.setUp(true)
  for (const who of people) if (!who.awake) await who.restart()
  await world.settle(180_000)
}
