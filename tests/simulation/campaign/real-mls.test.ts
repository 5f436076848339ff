import { expect, test } from 'vitest'
import { runCampaign } from './campaign.ts'
import { LONG, playShare } from './stories.ts'

test(
  'every promise is kept with the MLS of the browser as well',
  { timeout: LONG ? 2 * 3_600_000 : 600_000 },
  () => playShare({ first: 10_001, count: 100, part: 0, of: 100 }, { real: true, most: 4 }),
)

test('one seed tells one story, also with the MLS of the browser', async () => {
  const [first, again] = [await runCampaign(7, { real: true }), await runCampaign(7, { real: true })]
  expect(again.story).toEqual(first.story)
  expect(again.world.network.carried).toBe(first.world.network.carried)
})
