import type { Pair } from './bare-channel.ts'
import { befriend, expect, test } from './fixtures.ts'
import { runIn } from './in-page.ts'
import type { Bench } from './page/bench.ts'
import { median } from './report.ts'

declare const bench: Bench

const CALLS = 10
const GOAL_MS = 1000

test('calls', async ({ alice, bob, tell }) => {
  await befriend(alice, bob)
  await Promise.all([runIn(alice.page, 'bench.ts'), runIn(bob.page, 'bench.ts')])
  const calls: Moments[] = []
  for (let at = 0; at < CALLS; at++) calls.push(await oneCall({ alice, bob }))
  expect(calls.length).toBe(CALLS)
  const frames = Math.min(...calls.map((call) => call.frames))
  const proof = `${String(calls.length)} of ${String(CALLS)} calls; in each the picture went on by at least ${String(frames)} frame`
  const callee = median(calls.map((call) => call.callee))
  await tell({
    ...{
      group: 'calls',
      name: 'Accept → first picture of the caller, p50',
      value: callee,
      unit: 'ms',
      proof,
    },
    goal: { text: `≤ ${String(GOAL_MS)} ms`, of: callee, atMost: GOAL_MS },
  })
  const caller = median(calls.map((call) => call.caller))
  await tell({
    ...{
      group: 'calls',
      name: 'Accept → first picture of the callee, p50',
      value: caller,
      unit: 'ms',
      proof,
    },
  })
})

/** Milliseconds from the click on Accept to the first picture on either side. */
interface Moments {
  readonly callee: number
  readonly caller: number
  /** That came after the first, on the side that saw fewer. */
  readonly frames: number
}

async function oneCall({ alice, bob }: Pair): Promise<Moments> {
  await alice.page.evaluate(() => bench.mark('frame', bench.firstFrame('Video of Bob')))
  await alice.call({ video: true })
  await expect(bob.ringing('video', 'Alice')).toBeVisible()
  await bob.page.evaluate(() => {
    bench.mark('accepted', bench.clicked('Accept'))
    bench.mark('frame', bench.firstFrame('Video of Alice'))
  })
  await bob.accept()
  const accepted = await bob.page.evaluate(() => bench.marked('accepted'))
  const [callee, caller] = await Promise.all(
    [bob, alice].map(({ page }) => page.evaluate(() => bench.marked('frame'))),
  )
  const frames = await Promise.all([
    alice.page.evaluate(() => bench.framesAfter('Video of Bob')),
    bob.page.evaluate(() => bench.framesAfter('Video of Alice')),
  ])
  await alice.hangUp()
  await Promise.all([expect(alice.callWith('Bob')).toBeHidden(), expect(bob.callWith('Alice')).toBeHidden()])
  return {
    callee: (callee ?? NaN) - accepted,
    caller: (caller ?? NaN) - accepted,
    frames: Math.min(...frames),
  }
}
