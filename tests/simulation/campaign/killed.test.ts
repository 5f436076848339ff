import { expect, test } from 'vitest'
import { runCampaign } from './campaign.ts'
import { LONG } from './stories.ts'

const SEEDS = LONG ? Array.from({ length: 40 }, (_, index) => index + 1) : [3]
const STEPS = 24

test.each(SEEDS)(
  'a process that dies at any boundary of any transaction loses, doubles and repeats nothing (story %i)',
  { timeout: LONG ? 2 * 3_600_000 : 300_000 },
  async (seed) => {
    const never = { at: Infinity, when: 'before' } as const
    const { commits, broken } = await runCampaign(seed, { kill: never, steps: STEPS, most: 3 })
    expect(broken).toEqual([])
    expect(commits).toBeGreaterThan(60)
    for (let at = 1; at <= commits; at++) {
      for (const when of ['before', 'after'] as const) {
        const outcome = await runCampaign(seed, { kill: { at, when }, steps: STEPS, most: 3 })
        expect(outcome.broken, [`killed ${when} ${String(at)}`, ...outcome.story].join('\n')).toEqual([])
      }
    }
  },
)
