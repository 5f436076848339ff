import { expect, test } from 'vitest'
import { friends, neighbourhood, type Person } from '../support/people.ts'

const HOUR = 3_600_000

const incarnationOf = async (person: Person) =>
  (await person.app.engine.store.get('self', 'self'))?.incarnation.id

async function clockOf(text: string, { self, other }: { self: Person; other: Person }): Promise<number> {
  const found = (await self.messages(other)).find(({ body }) => body?.kind === 'text' && body.text === text)
  if (!found) throw new Error(`${self.name} has no ${text}`)
  return found.clock
}

test('alice, whose clock ran hours ahead and was put right, does not go on in the future', async () => {
  const world = neighbourhood(21)
  const [alice, bob] = await friends(world)
  alice.skew = 3 * HOUR
  await alice.say('from the future', bob)
  await world.settle(5_000)
  const before = await incarnationOf(alice)
  alice.skew = 0
  await alice.say('from now', bob)
  await world.settle(60_000)

  expect(await incarnationOf(alice)).not.toBe(before)
  expect(await clockOf('from now', { self: bob, other: alice })).toBeLessThan(world.time.now() + 6 * 60_000)
  expect((await bob.reads(alice)).sort()).toEqual(['from now', 'from the future'])
  expect(await alice.status('from now', bob)).toBe('Delivered')
})

test('alice, whose clock is an hour behind, is told so, and her words stand where they belong', async () => {
  const world = neighbourhood(22)
  const [alice, bob] = await friends(world)
  alice.skew = -HOUR
  alice.serverAhead.set(HOUR)
  expect(alice.app.engine.notice.current).toBe('clock-wrong')
  await bob.say('a question', alice)
  await world.settle(5_000)
  await alice.say('an answer', bob)
  await world.settle(5_000)
  await bob.say('thanks', alice)
  await world.settle(5_000)
  expect(await bob.reads(alice)).toEqual(['a question', 'an answer', 'thanks'])
  const said = await clockOf('an answer', { self: bob, other: alice })
  expect(Math.abs(said - world.time.now())).toBeLessThan(60_000)
  alice.serverAhead.set(0)
  expect(alice.app.engine.notice.current).toBeUndefined()
})

test('a server that claims another day is not believed', async () => {
  const world = neighbourhood(23)
  const [alice, bob] = await friends(world)
  alice.serverAhead.set(30 * HOUR)
  await alice.say('today', bob)
  expect(Math.abs((await clockOf('today', { self: alice, other: bob })) - world.time.now())).toBeLessThan(
    60_000,
  )
})

test('a server that changes its mind again and again puts nothing out of order', async () => {
  const world = neighbourhood(24)
  const [alice, bob] = await friends(world)
  const lives = new Set<string | undefined>()
  const said: string[] = []
  for (let n = 0; n < 6; n++) {
    alice.serverAhead.set(n % 2 ? 0 : 23 * HOUR)
    await world.settle(2_000)
    await alice.say(`words ${String(n)}`, bob)
    lives.add(await incarnationOf(alice))
    if (n > 0) said.push(`words ${String(n)}`)
  }
  await world.settle(60_000)
  const read = await bob.reads(alice)
  expect(read.filter((text) => text !== 'words 0')).toEqual(said)
  expect(lives.size).toBeLessThanOrEqual(2)
})

test('alice and bob, whose clocks are set back an hour, still open to each other', async () => {
  const world = neighbourhood(25)
  const [alice, bob] = await friends(world)
  alice.skew = bob.skew = -HOUR
  world.network.cutAll()
  await world.settle(1)
  expect(alice.app.engine.links.state(bob.identity).at).not.toBe('linked')
  await alice.say('what time is it?', bob)
  await world.settle(30_000)
  expect(await bob.reads(alice)).toEqual(['what time is it?'])
})
