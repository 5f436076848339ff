import { memoryGrowth } from '../e2e/fixtures/memory.ts'
import type { Person } from '../e2e/fixtures/person.ts'
import { befriend, expect, test, writeMessages } from './fixtures.ts'
import { runIn } from './in-page.ts'
import type { Bench } from './page/bench.ts'
import type { Gathered, Sought } from './page/find.ts'
import { median, percentile } from './report.ts'

declare const bench: Bench

const MESSAGES = 100_000
/** Of the browser, to open a chat that was not open. */
const STARTS = 5
/** Messages to jump to, evenly spread over the chat. */
const JUMPS = 20
const GOAL = 300

test('search', async ({ alice, bob, introducer, tell }) => {
  test.setTimeout(20 * 60_000)
  await befriend(alice, bob)
  await bob.isInstalledOffline()
  const { url } = introducer
  await alice.close()
  expect(await writeMessages(bob, url, MESSAGES)).toBe(MESSAGES)
  await opened(bob, url)
  let gathered: Gathered | undefined
  const grown = await memoryGrowth(await bob.profile(), async () => {
    gathered = await bob.page.evaluate(() => bench.gathered())
  })
  const { took, longest } = gathered ?? { took: NaN, longest: NaN }
  const proof = `${String(MESSAGES)} messages in one chat, ${String(JUMPS)} of them found by their number and gone to`
  await tell({
    ...{
      group: 'search',
      name: 'first key → all 100,000 messages in the index',
      value: took / 1000,
      unit: 's',
      proof,
    },
  })
  await tell({
    ...{ group: 'search', name: 'longest task of the page meanwhile', value: longest, unit: 'ms' },
    ...{ proof: '0: none was longer than 50 ms', goal: { text: '≤ 50 ms', of: longest, atMost: 50 } },
  })
  await tell({
    ...{ group: 'search', name: 'memory of the page: grew by at most', value: grown / 1e6, unit: 'MB' },
    proof: 'as the kernel counts it, with everything that was not thrown away yet',
  })
  const typing = await bob.page.evaluate(() => bench.typed('message kalo'))
  await tell({
    ...{ group: 'search', name: 'longest task of the page while somebody types', value: typing, unit: 'ms' },
    ...{ proof: 'each letter is in nearly every message', goal: { text: '≤ 50 ms', of: typing, atMost: 50 } },
  })

  const there: Sought[] = []
  for (let at = 0; at < JUMPS; at++) there.push(await jump(bob, at))
  await tell({
    ...{ group: 'search', name: 'last key → the hit in the list, p50', unit: 'ms', proof },
    value: median(there.map(({ found }) => found)),
  })
  await tellJump('hit chosen → that place of the open chat, first paint', there)
  await tell({
    ...{ group: 'search', name: 'hit chosen → its place among all is told, p50', unit: 'ms', proof },
    value: median(there.map(({ placed }) => placed)),
  })

  const [fresh, ends]: [Sought[], number[]] = [[], []]
  for (let at = 0; at < STARTS; at++) {
    await bob.close()
    await opened(bob, url)
    fresh.push(await jump(bob, at * 4 + 1))
    await bob.close()
    await opened(bob, url)
    ends.push(await bob.page.evaluate((text) => bench.endShown(text), `Message ${String(MESSAGES)}:`))
  }
  await tellJump('hit chosen → that place of a chat that was not open', fresh)
  await tellPainted('chat chosen right after a cold start → its end, first paint', ends)

  async function tellJump(name: string, jumps: Sought[]): Promise<void> {
    await tellPainted(
      name,
      jumps.map(({ shown }) => shown),
    )
  }

  async function tellPainted(name: string, times: number[]): Promise<void> {
    const value = percentile(times, 95)
    await tell({
      ...{ group: 'search', name: `${name}, p95`, value, unit: 'ms', proof },
      goal: { text: `≤ ${String(GOAL)} ms`, of: value, atMost: GOAL },
    })
  }
})

async function opened(person: Person, url: string): Promise<void> {
  await person.open(url)
  await expect(person.chat('Alice')).toBeVisible()
  await runIn(person.page, 'bench.ts')
}

async function jump(person: Person, at: number): Promise<Sought> {
  const number = String(Math.floor(((at + 0.5) * MESSAGES) / JUMPS))
  return person.page.evaluate(([query, text]) => bench.sought(query, text), [
    `message ${number}`,
    `Message ${number}:`,
  ] as const)
}
