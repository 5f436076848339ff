import type { Person } from '../e2e/fixtures/person.ts'
import { expect, test } from './fixtures.ts'
import { runIn, scriptOf } from './in-page.ts'
import type { Bench } from './page/bench.ts'
import { median } from './report.ts'

declare const bench: Bench

const GUESTS = 10
const GOAL_MS = 1500

test('pairing', async ({ alice, someone, tell }) => {
  await alice.arrive()
  const times: number[] = []
  for (let at = 1; at <= GUESTS; at++) {
    const guest = someone(`Guest ${String(at)}`)
    times.push(await meet(alice, guest))
    await guest.leave()
  }
  expect(times.length).toBe(GUESTS)
  await tell({
    ...{
      group: 'pairing',
      name: 'link opened → first message on the other screen, p50',
      value: median(times),
      unit: 'ms',
    },
    goal: { text: `≤ ${String(GOAL_MS)} ms`, of: median(times), atMost: GOAL_MS },
    proof: `${String(times.length)} of ${String(GUESTS)} guests met and heard; slowest ${Math.max(...times).toFixed(0)} ms`,
  })
})

/** Alice shows her code, and has no chat open; the guest knows Earshot, and opens her link in a page of its own (ms). */
async function meet(alice: Person, guest: Person): Promise<number> {
  await guest.arrive()
  await guest.isInstalledOffline()
  await guest.open('about:blank')
  await guest.context.addInitScript({ content: await scriptOf('bench.ts') })
  await alice.reload()
  await expect(alice.network).toHaveText('Online')
  const { link } = await alice.showCode()
  const text = `Here is ${guest.name}.`
  await runIn(alice.page, 'bench.ts')
  await alice.page.evaluate((text) => bench.mark('shown', bench.messageShown(text)), text)
  await guest.open(link)
  const began = await guest.page.evaluate(async (text) => {
    await bench.joinAndSay(text)
    return performance.timeOrigin
  }, text)
  const shown = await alice.page.evaluate(() => bench.marked('shown'))
  await guest.seesStatus(text, 'Delivered')
  return shown - began
}
