import type { Person } from '../e2e/fixtures/person.ts'
import type { Screen } from '../e2e/fixtures/screen.ts'
import type { Bench } from './page/bench.ts'

declare const bench: Bench

/** Two people with a browser process each. */
export interface Pair {
  readonly alice: Person
  readonly bob: Person
}

/** Opens a data channel with nothing around it between the two pages, beside the app; Alice may send when it resolves. */
export async function bareChannel({ alice, bob }: { alice: Screen; bob: Screen }): Promise<void> {
  const offer = await alice.page.evaluate(() => bench.offer())
  const answer = await bob.page.evaluate((offer) => bench.answer(offer), offer)
  await alice.page.evaluate((answer) => bench.take(answer), answer)
}
