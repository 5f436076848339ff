import type { Person } from '../e2e/fixtures/person.ts'
import { familyOf } from '../e2e/fixtures/processes.ts'
import { bareChannel } from './bare-channel.ts'
import { everybodyHears, gatherCrowd, openCrowd, type Member } from './crowd.ts'
import { befriend, expect, test, type Tell } from './fixtures.ts'
import { runIn } from './in-page.ts'
import type { Bench } from './page/bench.ts'
import { median } from './report.ts'

declare const bench: Bench

const ROUNDS = 3
/** What a text of 20 letters takes on a link (`wire`), bytes. */
const BYTES = 256
/** In one round; so many that the processor time is far above the steps in which the kernel counts it. */
const COUNTS = {
  two: { said: 200, warmUp: 20, bare: 20_000 },
  sixteen: { said: 60, warmUp: 10, bare: 2_000 },
}
const OTHERS = 15

test('messages: two people', async ({ alice, bob, tell }) => {
  await befriend(alice, bob)
  const scene: Scene = { from: alice, to: [bob], marks: await marksOf(alice, bob), counts: COUNTS.two }
  await tellBoth(await roundsOf(scene), { scene, name: 'two people', tell })
})

test('messages: a group of 16', async ({ alice, alarms, introducer, tell }) => {
  test.setTimeout(20 * 60_000)
  await alice.arrive()
  const crowd = await openCrowd(OTHERS, { alarms, url: introducer.url })
  await gatherCrowd(alice, crowd, 'Crowd')
  await everybodyHears([alice, ...crowd.members])
  const marks = { from: await profileMark(alice), to: crowd.mark }
  const scene: Scene = { from: alice, to: crowd.members, marks, counts: COUNTS.sixteen }
  await tellBoth(await roundsOf(scene), { scene, name: 'a group of 16', tell })
  await crowd.leave()
})

/** Who says something to whom, which browsers they have, and how much is said in a round. */
interface Scene {
  readonly from: Person
  readonly to: readonly (Person | Member)[]
  readonly marks: { readonly from: string; readonly to: string }
  readonly counts: (typeof COUNTS)[keyof typeof COUNTS]
}

/**
 * What one message took, milliseconds. `from` and `to`: processor time of the sender and of one receiver; `drawn`: what
 * the sender's browser used beside that for drawing.
 */
interface Cost {
  readonly passed: number
  readonly from: number
  readonly to: number
  readonly drawn: number
}

interface Rounds {
  readonly own: Cost[]
  readonly bare: Cost[]
}

async function marksOf(from: Person, to: Person): Promise<Scene['marks']> {
  return { from: await profileMark(from), to: await profileMark(to) }
}

async function profileMark(person: Person): Promise<string> {
  return `--user-data-dir=${await person.profile()}`
}

async function roundsOf(scene: Scene): Promise<Rounds> {
  const { from, to, counts } = scene
  await Promise.all([from, ...to].map(({ page }) => runIn(page, 'bench.ts')))
  for (const other of to) await bareChannel({ alice: from, bob: other })
  await speak(scene, { word: 'warm', count: counts.warmUp })
  const rounds: Rounds = { own: [], bare: [] }
  for (let round = 1; round <= ROUNDS; round++) {
    rounds.bare.push(await cost(scene, counts.bare, () => flood(scene)))
    const said = { word: `round ${String(round)}`, count: counts.said }
    rounds.own.push(await cost(scene, counts.said, () => speak(scene, said)))
  }
  return rounds
}

/** From the first Enter until all others have the last message on their disks (ms). */
async function speak({ from }: Scene, said: { word: string; count: number }): Promise<number> {
  await from.page.evaluate(({ word, count }) => {
    bench.mark('delivered', bench.delivered(bench.numbered(word, count)))
  }, said)
  const began = await from.page.evaluate(({ word, count }) => bench.sayMany(count, word), said)
  return (await from.page.evaluate(() => bench.marked('delivered'))) - began
}

/** As many messages as the bare channels take, to everybody (ms). */
async function flood({ from, to, counts }: Scene): Promise<number> {
  for (const { page } of to) {
    await page.evaluate((count) => bench.mark('counted', bench.counted(count)), counts.bare)
  }
  const given = { count: counts.bare, bytes: BYTES }
  const began = await from.page.evaluate(({ count, bytes }) => bench.flood(count, bytes), given)
  const ends = await Promise.all(to.map(({ page }) => page.evaluate(() => bench.marked('counted'))))
  return Math.max(...ends) - began
}

async function cost({ marks, to }: Scene, count: number, work: () => Promise<number>): Promise<Cost> {
  const before = { from: cpuOf(marks.from), to: cpuOf(marks.to) }
  const passed = await work()
  const after = { from: cpuOf(marks.from), to: cpuOf(marks.to) }
  expect(after.from.work, 'the processor time of the sender was found').toBeGreaterThan(before.from.work)
  return {
    passed: passed / count,
    from: (after.from.work - before.from.work) / count,
    to: (after.to.work - before.to.work) / count / to.length,
    drawn: (after.from.drawing - before.from.drawing) / count,
  }
}

/** Of all processes of that browser (ms); the one that stands for a graphics card is counted apart. */
function cpuOf(mark: string): { work: number; drawing: number } {
  const used = { work: 0, drawing: 0 }
  for (const { command, cpu } of familyOf(mark))
    used[command.includes('--type=gpu-process') ? 'drawing' : 'work'] += cpu
  return used
}

interface Telling {
  readonly scene: Scene
  readonly name: string
  readonly tell: Tell
}

async function tellBoth({ own, bare }: Rounds, { scene, name, tell }: Telling): Promise<void> {
  const { counts, to } = scene
  const proof = `${String(counts.said)} messages, Delivered by ${String(to.length)}, in each of ${String(ROUNDS)} rounds; ${String(counts.bare)} bare ones of ${String(BYTES)} bytes to each`
  const middle = (costs: Cost[], of: keyof Cost): number => median(costs.map((cost) => cost[of]))
  await tell({
    ...{ group: 'messages', name: `${name}, one way`, unit: '/s', proof },
    value: 1000 / middle(own, 'passed'),
    beside: { name: 'bare channel', value: 1000 / middle(bare, 'passed') },
  })
  for (const [who, of] of [
    ['sender', 'from'],
    ['one receiver', 'to'],
  ] as const) {
    await tell({
      ...{ group: 'messages', name: `${name}, processor time of one message, ${who}`, unit: 'ms' },
      proof: `${proof}; ${middle(own, 'drawn').toFixed(0)} ms more for drawing without a graphics card`,
      value: middle(own, of),
      beside: { name: 'bare channel', value: middle(bare, of) },
    })
  }
}
