import { expect, test } from 'vitest'
import { around, circle } from '../support/circle.ts'
import { copyOf } from '../support/memory-rows.ts'
import { neighbourhood } from '../support/people.ts'

test('alice says one thing to bob and another to cem: both are told as soon as the two compare', async () => {
  const world = neighbourhood(61)
  const people = await around(world, ['Alice', 'Bob', 'Cem'])
  const [alice, bob, cem] = people
  const group = await circle(world, people)
  const forked = async (who: typeof bob) =>
    (await who.app.engine.store.get('conversations', group))?.forked ?? []
  const copy = copyOf(alice.disk)

  cem.crash()
  await world.settle(60_000)
  await alice.say('yes', group)
  await world.settle(5_000)
  expect(await bob.reads(group)).toEqual(['yes'])

  alice.crash()
  bob.crash()
  alice.setBack(copy)
  await alice.restart()
  await cem.restart()
  await world.settle(60_000)
  await alice.say('no', group)
  await world.settle(5_000)
  expect(await cem.reads(group)).toEqual(['no'])
  alice.crash()
  expect([await forked(bob), await forked(cem)]).toEqual([[], []])

  await bob.restart()
  await world.settle(60_000)
  expect([await forked(bob), await forked(cem)]).toEqual([[alice.identity], [alice.identity]])
  expect([await bob.reads(group), await cem.reads(group)]).toEqual([['yes'], ['no']])
})
