import { afterEach, beforeEach, describe, test, vi } from 'vitest'
import type { MlsPerson } from '../../support/mls-member.ts'
import { realPerson, simplePerson } from '../../support/mls-people.ts'
import { seeded } from '../../support/random.ts'
import { steadyCrypto } from '../../support/steady-crypto.ts'
import { steadyMls } from '../../support/steady-mls.ts'
import { MLS_SUITE, type MlsPeople } from './mls-suite.ts'

const DAY = 86_400_000

async function people(
  make: (n: number, now: () => number) => Promise<MlsPerson> | MlsPerson,
): Promise<MlsPeople> {
  let now = Date.UTC(2026, 0, 1)
  const [alice, bob, carol, dave] = await Promise.all([1, 2, 3, 4].map(async (n) => make(n, () => now)))
  if (!alice || !bob || !carol || !dave) throw new Error('somebody is missing')
  return { alice, bob, carol, dave, days: (days) => void (now += days * DAY) }
}

const named = MLS_SUITE.map((one) => [one.name, one] as const)

describe('ts-mls on the primitives of the browser', () => {
  const light = named.filter(([, { heavy }]) => !heavy || process.env['EARSHOT_LONG'] === '1')
  test.each(light)('%s', async (_, { run }) => {
    await run(await people((n, now) => realPerson(n, { now })))
  })
})

describe('ts-mls as in the simulation', () => {
  const chance = seeded(1)
  beforeEach(() => void vi.stubGlobal('crypto', steadyCrypto(chance)))
  afterEach(() => void vi.unstubAllGlobals())
  test.each(named)('%s', async (_, { run }) => {
    await run(await people((n, now) => realPerson(n, { now, provider: steadyMls(chance) })))
  })
})

describe('the double', () => {
  const { bytes } = seeded(1)
  test.each(named)('%s', async (_, { run }) => {
    await run(await people((n, now) => simplePerson(n, { now, randomBytes: bytes })))
  })
})
