import { expect, test } from 'vitest'
import { runSchedule, type Outcome } from './schedule.ts'

/** EARSHOT_SEED=n plays one story alone. */
const only = process.env['EARSHOT_SEED']
const long = process.env['EARSHOT_LONG'] === '1'
const FIRST = only === undefined ? 1 : Number(only)
const SCHEDULES = only === undefined ? (long ? 20_000 : 150) : 1

test(
  'whatever befalls alice, bob and the network: nothing accepted is lost, shown twice or claimed in vain',
  { timeout: long ? 4 * 3_600_000 : 240_000 },
  async () => {
    for (let seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
      const outcome = await runSchedule(seed)
      expect(kept(outcome), told(outcome)).toEqual([])
    }
  },
)

test('one seed tells one story: what is replayed is what failed', async () => {
  const [first, again] = [await runSchedule(77), await runSchedule(77)]
  expect(again.story).toEqual(first.story)
  expect(again.messages).toBe(first.messages)
  expect((await runSchedule(78)).story).not.toEqual(first.story)
})

/** A full disk whose error nobody hears has a test of its own, in full-disk.test.ts. */
function kept({ broken }: Outcome): string[] {
  return broken.filter((promise) => !promise.startsWith('nobody heard of StorageFull'))
}

function told({ seed, story, broken }: Outcome): string {
  return [`EARSHOT_SEED=${String(seed)} plays this again:`, ...story, ...broken].join('\n')
}
