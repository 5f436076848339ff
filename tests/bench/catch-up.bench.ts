import type { Person } from '../e2e/fixtures/person.ts'
import { bareChannel, type Pair } from './bare-channel.ts'
import { befriend, expect, test } from './fixtures.ts'
import { runIn, scriptOf } from './in-page.ts'
import type { Bench } from './page/bench.ts'
import type { Wire } from './page/wire.ts'
import { median } from './report.ts'

declare const bench: Bench
declare const wire: Wire

const MISSED = 1_000
const ROUNDS = 3
const GOAL_MS = 2_000
/** What a text of 20 letters takes on a link (`wire`), bytes. */
const BYTES = 256

test('catch-up', async ({ alice, bob, tell }) => {
  test.setTimeout(15 * 60_000)
  await befriend(alice, bob)
  await runIn(alice.page, 'bench.ts')
  const rounds: Round[] = []
  for (let round = 1; round <= ROUNDS; round++) rounds.push(await oneRound({ alice, bob }, round))
  const middle = (of: keyof Round): number => median(rounds.map((round) => round[of]))
  const each = (of: keyof Round): string => rounds.map((round) => round[of].toFixed(0)).join(', ')
  const proof = `each of ${String(ROUNDS)} rounds: the last of ${String(MISSED)} was shown and all were Delivered`
  const beside = { name: 'bare channel', value: middle('bare') }
  await tell({
    ...{ group: 'catch-up', name: 'link open → the last of 1,000 is shown', unit: 'ms', beside },
    value: middle('shown'),
    goal: { text: `≤ ${String(GOAL_MS)} ms`, of: middle('shown'), atMost: GOAL_MS },
    proof: `${proof} (${each('shown')} ms)`,
  })
  await tell({
    ...{ group: 'catch-up', name: 'link open → the sender knows all 1,000 stored', unit: 'ms', beside },
    value: middle('stored'),
    goal: { text: `≤ ${String(GOAL_MS)} ms`, of: middle('stored'), atMost: GOAL_MS },
    proof: `${proof} (${each('stored')} ms)`,
  })
})

/** Milliseconds from the first byte on the new link; `bare`: for as many messages of the same size. */
interface Round {
  readonly shown: number
  readonly stored: number
  readonly bare: number
}

/** Bob is away while Alice writes, comes back and opens the chat before they are linked. */
async function oneRound({ alice, bob }: Pair, round: number): Promise<Round> {
  await bob.close()
  await alice.isAlone()
  const word = `round ${String(round)}`
  await alice.page.evaluate(([word, count]) => bench.sayMany(count, word), [word, MISSED] as const)
  const last = await alice.page.evaluate(
    ([word, count]) => {
      const text = bench.numbered(word, count)
      bench.mark('delivered', bench.delivered(text))
      return text
    },
    [word, MISSED] as const,
  )
  await returns(bob)
  await bob.page.evaluate(async (last) => {
    bench.mark('shown', bench.messageShown(last))
    await bench.chatOpened(0)
  }, last)
  const shown = await bob.page.evaluate(() => bench.marked('shown'))
  const stored = await alice.page.evaluate(() => bench.marked('delivered'))
  const [first] = await bob.page.evaluate(() => wire.frames())
  const began = first?.at ?? NaN
  await expect(bob.log.getByRole('article').last()).toHaveAttribute('aria-setsize', String(round * MISSED))
  return { shown: shown - began, stored: stored - began, bare: await bareRound({ alice, bob }) }
}

/** In a browser process of his own, and whatever leaves his page is written down from the beginning. */
async function returns(bob: Person): Promise<void> {
  await bob.open('about:blank')
  for (const script of ['wire.ts', 'bench.ts'])
    await bob.context.addInitScript({ content: await scriptOf(script) })
  await bob.open()
}

async function bareRound({ alice, bob }: Pair): Promise<number> {
  await bareChannel({ alice, bob })
  await bob.page.evaluate((count) => bench.mark('counted', bench.counted(count)), MISSED)
  const given = { count: MISSED, bytes: BYTES }
  const began = await alice.page.evaluate(({ count, bytes }) => bench.flood(count, bytes), given)
  const counted = await bob.page.evaluate(() => bench.marked('counted'))
  await Promise.all([alice, bob].map(({ page }) => page.evaluate(() => bench.hangUp())))
  return counted - began
}
