import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../campaign/campaign.ts'
import { runCampaign } from '../campaign/campaign.ts'
import { LONG } from '../campaign/stories.ts'
import { ENGINE, weed } from './engine.ts'
import { SEEDS } from './seeds.ts'
import { WIRES_AND_DISKS } from './wires-and-disks.ts'

/** Stories of a hunt. */
const MOST = 400

type Play = (seed: number) => Promise<Outcome>

const ALL: Readonly<Record<string, () => Promise<Play>>> = {
  ...mapped(ENGINE, (plant) => async () => {
    vi.resetModules()
    plant()
    const { runCampaign: run } = await import('../campaign/campaign.ts')
    return (seed) => run(seed)
  }),
  ...mapped(WIRES_AND_DISKS, (tamper) => () => Promise.resolve((seed) => runCampaign(seed, { tamper }))),
}

afterEach(weed)

describe.runIf(!LONG)('a planted bug is noticed', { timeout: 120_000 }, () => {
  test.each(Object.keys(ALL))('if %s', async (bug) => {
    const seed = SEEDS[bug] ?? 0
    expect(isNoticed(await runCampaign(seed))).toBe(false)
    const play = await ALL[bug]?.()
    expect(play && isNoticed(await play(seed))).toBe(true)
  })
})

describe.runIf(LONG)('a planted bug is found', { timeout: 3_600_000 }, () => {
  test.each(Object.keys(ALL))('if %s', async (bug) => {
    const play = await ALL[bug]?.()
    let found: number | undefined
    for (let seed = 1; play && seed <= MOST && found === undefined; seed++)
      if (isNoticed(await play(seed))) found = seed
    console.log(`${bug}: story ${String(found)}`)
    expect(found).toBeDefined()
  })
})

/** A key that was used twice is one too many, whether or not it could be excluded. */
function isNoticed({ broken, behind }: Outcome): boolean {
  return broken.length > 0 || behind > 0
}

function mapped<T, R>(of: Readonly<Record<string, T>>, to: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value)]))
}
