import type { Bytes } from '../../../src/core/bytes.ts'
import { CALM } from '../../support/memory-pipe.ts'
import { neighbourhood, type Neighbourhood, type Person } from '../../support/people.ts'
import { seeded, type Chance } from '../../support/random.ts'
import { heardRejections } from '../invariants.ts'
import { ACTS, answerAll, CALM_ACTS, followAll, SET_BACK, type Act } from './acts.ts'
import { beginnings, type Beginning } from './beginnings.ts'
import { atAllTimes, atRest } from './checks.ts'
import type { Stage } from './model.ts'

/** One random story of some people and their groups; the seed tells all of it. */
export interface Outcome {
  readonly seed: number
  /** What was promised and not kept; empty if all is well. */
  readonly broken: string[]
  /** What happened, step by step. */
  readonly story: string[]
  readonly world: Neighbourhood
  /** Message keys that devices used twice which were set back to where nobody they met knew that they had been further. */
  readonly behind: number
  /** Transactions that were written, by anybody. */
  readonly commits: number
}

/** A process dies as it writes for the n-th time, counted from 1 over all people. */
export interface Kill {
  readonly at: number
  readonly when: 'before' | 'after'
}

export interface Campaign {
  readonly steps?: number
  /** People at the most. */
  readonly most?: number
  /** MLS by the library, not by its double. */
  readonly real?: boolean
  /** What happens often in every story. */
  readonly often?: readonly string[]
  /** Nothing goes wrong but this. */
  readonly kill?: Kill | undefined
  /** Plants a bug. */
  readonly tamper?: (world: Neighbourhood) => void
}

const NAMES = [
  ...['Alice', 'Bob', 'Cem', 'Dora', 'Emre', 'Fay', 'Gus', 'Hana'],
  ...['Ivo', 'Joan', 'Kim', 'Lev', 'Mina', 'Nils', 'Olga', 'Pia'],
]

const beginningOf = beginnings()

export async function runCampaign(seed: number, campaign: Campaign = {}): Promise<Outcome> {
  const { most = 5, real } = campaign
  const chance = seeded(seed)
  const count = 2 + Math.min(most - 2, Math.floor(-Math.log(1 - chance()) * 1.5))
  const cast = { names: NAMES.slice(0, count), grouped: chance() < 0.9, real }
  const beginning = await beginningOf(cast)
  const story: string[] = []
  const rejections = heardRejections()
  const world = neighbourhood(seed, { real, start: beginning.at })
  const began = world.time.now()
  const note = (event: string): void => void story.push(`${String(world.time.now() - began)} ms: ${event}`)
  const broken: string[] = []
  const boundary = bringBoundary(world, campaign.kill)
  try {
    campaign.tamper?.(world)
    broken.push(...(await play(world, { ...campaign, beginning, note, boundary })))
  } catch (error) {
    broken.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  broken.push(...rejections.end(), ...world.reported.map((error) => `reported: ${String(error)}`))
  // What a disk refuses and nobody waits for is told to the person: full-disk.test.ts.
  const grave = broken.filter((promise) => !/^(nobody heard of StorageFull|.*DatabaseClosed)/.test(promise))
  return { seed, broken: grave, story, world, behind: world.keys.reused.length, commits: boundary.passed() }
}

async function play(
  world: Neighbourhood,
  {
    steps = 24,
    kill,
    often = [],
    beginning,
    note,
    boundary,
  }: Campaign & { beginning: Beginning; note: (event: string) => void; boundary: Boundary },
): Promise<string[]> {
  const { chance } = world
  const people: Person[] = []
  for (const [name, device] of beginning.devices) people.push(await world.person(name, device))
  const stage: Stage = { world, people, chance, note, model: { words: [], groups: [] }, garbles: false }
  const { group } = beginning
  if (group !== undefined)
    stage.model.groups.push({ id: group, name: 'Field team', parted: false, fleeting: false })
  await world.settle(3_000)
  if (!kill) stage.garbles = bringFaults(world)
  const all = { ...ACTS, ...((chance() < 0.2 || often.includes('setBack')) && SET_BACK) }
  const acts = kill ? swarm(chance, CALM_ACTS) : swarm(chance, all, often)
  for (let step = 0; step < steps; step++) {
    await acts[chance.below(acts.length)]?.(stage)
    await world.settle(Math.floor(10 ** (1 + 3.7 * chance())))
    if (kill) for (const who of people) if (!who.awake) await who.restart()
    if (step % 4 < 3) continue
    const broken = await atAllTimes(stage)
    if (broken.length > 0) return broken
  }
  await heal(stage)
  boundary.close()
  // Whoever died meanwhile comes back as well.
  if (await wakeAll(people)) await world.settle(240_000)
  return atRest(stage)
}

interface Boundary {
  /** Commits so far. */
  passed(): number
  /** Nobody dies any more. */
  close(): void
}

/** Where processes can die. */
function bringBoundary(world: Neighbourhood, kill: Kill | undefined): Boundary {
  let passed = 0
  let open = true
  const { wrapRows } = world
  world.wrapRows = (rows, disk) => {
    const inner = wrapRows(rows, disk)
    const pass = async (here: boolean): Promise<void> => {
      if (!here) return
      world.people.find((who) => who.disk === disk)?.crash()
      await new Promise<never>(() => undefined)
    }
    return {
      ...inner,
      commit: async (changes) => {
        const at = open ? (passed += 1) : Infinity
        await pass(kill?.at === at && kill.when === 'before')
        await inner.commit(changes)
        await pass(kill?.at === at && kill.when === 'after')
      },
    }
  }
  return { passed: () => passed, close: () => void (open = false) }
}

/** How the wires and disks behave during this run. True if wires garble what they carry. */
function bringFaults(world: Neighbourhood): boolean {
  const { chance } = world
  const [latency, breaking, silent, blocked] = [
    10 ** (3 * chance()),
    chance() * 0.03,
    chance(),
    chance() * 0.5,
  ]
  const mangling = chance() < 0.3 ? chance() * 0.05 : 0
  const hostile = chance() < 0.2 ? 0.2 * chance() : 0
  world.network.faults = {
    delay: () => Math.ceil(chance() * latency),
    breaks: () => chance() < breaking,
    silently: () => chance() < silent,
    blocked: () => chance() < blocked,
    mangled: (bytes) => (chance() < mangling ? mangled(bytes, chance) : [bytes]),
  }
  world.network.intercepts = () => chance() < hostile
  const slow = 10 ** (2.5 * chance())
  world.disks = {
    before: () => Math.floor(chance() * slow),
    after: () => Math.floor(chance() * slow),
    error: () => undefined,
  }
  return mangling > 0
}

/** Lost, doubled, cut short, or with one bit turned. */
function mangled(bytes: Bytes, chance: Chance): Bytes[] {
  const how = chance.below(4)
  if (how === 0) return []
  if (how === 1) return [bytes, bytes]
  if (how === 2) return [bytes.slice(0, chance.below(bytes.length))]
  const turned = bytes.slice()
  const at = chance.below(turned.length)
  turned[at] = (turned[at] ?? 0) ^ (1 << chance.below(8))
  return [turned]
}

const OFTEN = ['say', 'sayTogether', 'restart', 'answer', 'unite', 'follow']

/** Which things happen often differs from run to run, so that rare mixtures come up as well. */
function swarm(chance: Chance, all: Readonly<Record<string, Act>>, often: readonly string[] = []): Act[] {
  const frequent = [...OFTEN, ...often]
  return Object.entries(all).flatMap(([name, act]) =>
    Array.from({ length: frequent.includes(name) ? 3 : chance.below(3) }, () => act),
  )
}

/** An older copy of a device rests until somebody says that it is the one. */
async function useHere(who: Person): Promise<void> {
  if (who.app.engine.notice.current !== 'elsewhere') return
  await who.app.beginAgain()
  await startAgain(who)
}

async function startAgain(who: Person): Promise<void> {
  if (who.awake) who.crash()
  await who.restart()
}

async function heal(stage: Stage): Promise<void> {
  const { world, people, note } = stage
  note('everything is well again')
  world.network.faults = CALM
  world.network.intercepts = () => false
  world.network.part(() => 0)
  world.disks = undefined
  world.network.setUp(true)
  for (const who of people) who.skew = 0
  await wakeAll(people)
  world.network.cutAll()
  await world.settle(60_000)
  for (const who of people) await useHere(who)
  await world.settle(120_000)
  for (const who of people) await answerAll(stage, who, 'join')
  for (const who of people) await followAll(stage, who)
  await world.settle(240_000)
}

/** True if somebody was asleep. */
async function wakeAll(people: readonly Person[]): Promise<boolean> {
  const asleep = people.filter((who) => !who.awake || who.closed)
  for (const who of asleep) await startAgain(who)
  return asleep.length > 0
}
