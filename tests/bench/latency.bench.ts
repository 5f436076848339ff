import { bareChannel, type Pair } from './bare-channel.ts'
import { befriend, expect, test } from './fixtures.ts'
import { runIn } from './in-page.ts'
import type { Bench } from './page/bench.ts'
import { median, percentile } from './report.ts'

declare const bench: Bench

const MESSAGES = 200
/** So many first, which count nothing: code is compiled and caches are filled. */
const WARM_UP = 10

/** How far the clocks of the two browsers may be apart, ms. */
const SAME_CLOCK_MS = 1

test('latency', async ({ alice, bob, tell }) => {
  await befriend(alice, bob)
  await Promise.all([runIn(alice.page, 'bench.ts'), runIn(bob.page, 'bench.ts')])
  await bareChannel({ alice, bob })
  await bob.page.evaluate(() => bench.answerPings())
  const rounds: Round[] = []
  for (let at = -WARM_UP; at < MESSAGES; at++) {
    const round = await oneRound({ alice, bob }, `Message ${String(at)}.`)
    if (at >= 0) rounds.push(round)
  }
  const messages = rounds.map(({ message }) => message)
  const pings = rounds.map(({ ping }) => ping.there)
  const proof = proofOf(rounds)
  for (const [percent, more] of [
    [50, 12],
    [95, 30],
  ] as const) {
    const [value, bare] = [percentile(messages, percent), percentile(pings, percent)]
    await tell({
      ...{
        group: 'latency',
        name: `Enter → in the other DOM, p${String(percent)}`,
        value,
        unit: 'ms',
        proof,
      },
      beside: { name: 'bare channel', value: bare },
      goal: { text: `≤ bare + ${String(more)} ms`, of: value, atMost: bare + more },
      ...(percent === 50 && { elsewhere: ['bare channel 1.4 ms', 'PeerNS 10.5 ms', 'Chitchatter 45 ms'] }),
    })
  }
})

/** One message, and right before it the bare things (ms). */
interface Round {
  readonly message: number
  readonly ping: Awaited<ReturnType<Bench['ping']>>
  readonly disk: number
}

function proofOf(rounds: readonly Round[]): string {
  const apart = median(rounds.map(({ ping }) => (ping.there - ping.back) / 2))
  expect(Math.abs(apart), 'both browsers go by the same clock').toBeLessThan(SAME_CLOCK_MS)
  expect(rounds.length).toBe(MESSAGES)
  const disk = median(rounds.map(({ disk }) => disk))
  return `${String(rounds.length)} of ${String(MESSAGES)} messages seen; clocks ${apart.toFixed(2)} ms apart; a bare strict transaction takes ${disk.toFixed(1)} ms here`
}

async function oneRound({ alice, bob }: Pair, text: string): Promise<Round> {
  const ping = await alice.page.evaluate(() => bench.ping())
  const disk = await bob.page.evaluate(() => bench.strictTransaction())
  return { ping, disk, message: await oneMessage({ alice, bob }, text) }
}

/** From the key to the text on the other screen; afterwards everything has come to rest. */
async function oneMessage({ alice, bob }: Pair, text: string): Promise<number> {
  await alice.composer.fill(text)
  await alice.page.evaluate(() => bench.mark('pressed', bench.enterPressed()))
  await bob.page.evaluate((text) => bench.mark('shown', bench.messageShown(text)), text)
  await alice.page.keyboard.press('Enter')
  const shown = await bob.page.evaluate(() => bench.marked('shown'))
  const pressed = await alice.page.evaluate(() => bench.marked('pressed'))
  await alice.seesStatus(text, 'Delivered')
  return shown - pressed
}
