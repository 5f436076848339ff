import { afterEach, describe, expect, test, vi } from 'vitest'
import { toHex, type Bytes } from '../../../src/core/bytes.ts'
import { founded, grown, type Member, type MlsPerson } from '../../support/mls-member.ts'
import { realPerson, simplePerson } from '../../support/mls-people.ts'
import { seeded } from '../../support/random.ts'
import { steadyCrypto } from '../../support/steady-crypto.ts'
import { steadyMls } from '../../support/steady-mls.ts'

const now = (): number => Date.UTC(2026, 0, 1)

afterEach(() => void vi.unstubAllGlobals())

/** Some life of a group, and every byte of it. */
async function life([alice, bob, carol]: readonly MlsPerson[]): Promise<string[]> {
  if (!alice || !bob || !carol) throw new Error('somebody is missing')
  const told: Bytes[] = []
  const hers = await founded(alice)
  const [bobs] = await grown(hers, [], bob)
  if (!bobs) throw new Error('no bob')
  const [carols] = await grown(hers, [bobs], carol)
  for (const one of [hers, bobs, carols ?? hers]) told.push(await one.says('hello'))
  const { commit } = await hers.commits({ remove: [bob.identity] })
  await bobs.takes(commit, hers)
  await carols?.takes(commit, hers)
  told.push(commit, hers.state, bobs.state, carols?.state ?? hers.state)
  return told.map(toHex)
}

describe('ts-mls as in the simulation', () => {
  const played = async (seed: number): Promise<string[]> => {
    const chance = seeded(seed)
    vi.stubGlobal('crypto', steadyCrypto(chance))
    const world = { now, provider: steadyMls(chance) }
    return life(await Promise.all([1, 2, 3].map((n) => realPerson(n, world))))
  }

  test('one seed tells one story, byte for byte', async () => {
    const [first, again, other] = [await played(7), await played(7), await played(8)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  test('it waits for nothing but promises', async () => {
    let turns = 0
    const turn = setImmediate(() => (turns += 1))
    await played(7)
    clearImmediate(turn)
    expect(turns).toBe(0)
  })

  test('its people and those of a browser understand each other', async () => {
    const steady = { now, provider: steadyMls(seeded(1)) }
    const group = [await realPerson(1, { now }), await realPerson(2, steady), await realPerson(3, { now })]
    expect(await life(group)).toHaveLength(7)
    const turned = [await realPerson(1, steady), await realPerson(2, { now }), await realPerson(3, steady)]
    expect(await life(turned)).toHaveLength(7)
  })
})

describe('the double', () => {
  const people = (seed: number, used?: (key: string) => void): MlsPerson[] => {
    const { bytes } = seeded(seed)
    return [1, 2, 3].map((n) => simplePerson(n, { now, randomBytes: bytes, ...(used && { used }) }))
  }

  test('one seed tells one story, byte for byte', async () => {
    expect(await life(people(7))).toEqual(await life(people(7)))
    expect(await life(people(7))).not.toEqual(await life(people(8)))
  })

  test('it tells every key that it seals with, each once', async () => {
    const used: string[] = []
    await life(people(7, (key) => used.push(key)))
    expect(used).toHaveLength(6)
    expect(new Set(used).size).toBe(used.length)
  })

  test('and tells on who goes on twice from one state', async () => {
    const used: string[] = []
    const [alice, bob] = people(7, (key) => used.push(key))
    if (!alice || !bob) throw new Error('somebody is missing')
    const hers: Member = await founded(alice)
    await grown(hers, [], bob)
    const before = hers.state
    used.length = 0
    await hers.says('from here')
    hers.state = before.slice()
    await hers.says('from here, again')
    await alice.mls.commit(before, {})
    await alice.mls.commit(before, {})
    expect(used).toHaveLength(4)
    expect(new Set(used).size).toBe(2)
  })
})
