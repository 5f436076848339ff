import { expect, test } from 'vitest'
import { around, circle, join, membersOf } from '../support/circle.ts'
import { neighbourhood } from '../support/people.ts'

test('alice makes a group with bob and cem; what each says all read, in the same order', async () => {
  const world = neighbourhood(41)
  const people = await around(world, ['Alice', 'Bob', 'Cem'])
  const [alice, bob, cem] = people
  const group = await circle(world, people)
  for (const person of people) expect(await membersOf(person, group)).toEqual(['Alice', 'Bob', 'Cem'])
  await alice.say('hello', group)
  await world.settle(3_000)
  await bob.say('hi', group)
  await world.settle(3_000)
  await cem.say('hey', group)
  await world.settle(10_000)
  for (const person of people) expect(await person.reads(group)).toEqual(['hello', 'hi', 'hey'])
  for (const [person, text] of [
    [alice, 'hello'],
    [bob, 'hi'],
    [cem, 'hey'],
  ] as const)
    expect(await person.status(text, group)).toBe('Delivered')
  expect(world.keys.reused).toEqual([])
  expect(alice.app.dropped).toEqual(new Map())
})

test('ann writes and leaves; ben brings it to cem, also across a change of members', async () => {
  const world = neighbourhood(42)
  const people = await around(world, ['Ann', 'Ben', 'Cem', 'Dora'])
  const [ann, ben, cem, dora] = people
  const group = await circle(world, [ann, ben, cem])
  cem.crash()
  await ann.say('before dora', group)
  await world.settle(5_000)
  await ann.app.groups.invite(group, [dora.identity])
  await world.settle(5_000)
  await join(dora)
  await world.settle(10_000)
  await ann.say('with dora', group)
  await world.settle(5_000)
  ann.crash()
  await world.settle(60_000)
  await cem.restart()
  await world.settle(30_000)
  expect(await cem.reads(group)).toEqual(['before dora', 'with dora'])
  expect(await dora.reads(group)).toEqual(['with dora'])
  expect(await membersOf(cem, group)).toEqual(['Ann', 'Ben', 'Cem', 'Dora'])
  await cem.say('I am back', group)
  await world.settle(10_000)
  expect(await ben.reads(group)).toEqual(['before dora', 'with dora', 'I am back'])
  await ann.restart()
  await world.settle(30_000)
  expect(await ann.reads(group)).toEqual(['before dora', 'with dora', 'I am back'])
})

test('whoever was removed reads nothing later, and is told', async () => {
  const world = neighbourhood(43)
  const people = await around(world, ['Alice', 'Bob', 'Cem'])
  const [alice, bob, cem] = people
  const group = await circle(world, people)
  await alice.say('one', group)
  await world.settle(5_000)
  expect(await world.during(alice.app.groups.remove(group, cem.identity))).toBeUndefined()
  await world.settle(5_000)
  await bob.say('two', group)
  await alice.say('three', group)
  await world.settle(60_000)
  expect(await cem.reads(group)).toEqual(['one'])
  expect(await membersOf(cem, group)).toEqual(['Alice', 'Bob'])
  expect(await cem.lines(group)).toContainEqual({ line: 'removed', by: alice.identity, who: [cem.identity] })
  expect((await bob.reads(group)).sort()).toEqual(['one', 'three', 'two'])
})

test('bob leaves, alice hands over to cem, and the group goes on', async () => {
  const world = neighbourhood(44)
  const people = await around(world, ['Alice', 'Bob', 'Cem'])
  const [alice, bob, cem] = people
  const group = await circle(world, people)
  await world.during(bob.app.groups.leave(group))
  await world.settle(10_000)
  expect(await membersOf(cem, group)).toEqual(['Alice', 'Cem'])
  expect(await cem.lines(group)).toContainEqual({ line: 'left', who: bob.identity })
  await world.during(alice.app.groups.handOver(group, cem.identity))
  await world.settle(10_000)
  expect(await alice.lines(group)).toContainEqual({ line: 'organiser', who: cem.identity })
  await world.during(alice.app.groups.leave(group))
  await world.settle(10_000)
  expect(await membersOf(cem, group)).toEqual(['Cem'])
})

test('cem goes on without alice, who is gone for good, with those who agree', async () => {
  const world = neighbourhood(45)
  const people = await around(world, ['Alice', 'Bob', 'Cem', 'Dora'])
  const [alice, bob, cem, dora] = people
  const group = await circle(world, people)
  alice.crash()
  await world.during(cem.app.groups.goOnWithout(group))
  await world.settle(60_000)
  for (const person of [bob, dora]) {
    const offer = (await person.lines(group)).find(({ line }) => line === 'without')
    if (offer?.line !== 'without') throw new Error(`${person.name} was not asked`)
    await world.during(person.app.groups.follow(group, offer.roster))
  }
  await world.settle(30_000)
  for (const person of [bob, cem, dora]) {
    expect(await membersOf(person, group)).toEqual(['Bob', 'Cem', 'Dora'])
  }
  await dora.say('on we go', group)
  await world.settle(10_000)
  for (const person of [bob, cem, dora]) expect(await person.reads(group)).toEqual(['on we go'])
  for (const person of [bob, cem, dora]) {
    const [mls] = (await person.app.engine.store.all('mls')).filter(
      ({ conversation }) => conversation === group,
    )
    expect(mls?.generation).toBe(2)
  }
})

test('alice comes back to a group that went on without her: she is told, and what she writes is not sent', async () => {
  const world = neighbourhood(46)
  const people = await around(world, ['Alice', 'Bob', 'Cem'])
  const [alice, bob, cem] = people
  const group = await circle(world, people)
  await alice.say('before', group)
  await world.settle(5_000)
  alice.crash()
  await world.settle(60_000)
  await world.during(cem.app.groups.goOnWithout(group))
  await world.settle(60_000)
  await alice.restart()
  await alice.say('I am back', group)
  await world.settle(60_000)
  // Bob has not made up his mind: the two of them are in it still.
  expect(await membersOf(alice, group)).toEqual(['Alice', 'Bob', 'Cem'])
  expect(await bob.reads(group)).toEqual(['before', 'I am back'])
  const offer = (await bob.lines(group)).find(({ line }) => line === 'without')
  if (offer?.line !== 'without') throw new Error('Bob was not asked')
  await world.during(bob.app.groups.follow(group, offer.roster))
  await world.settle(60_000)
  expect(await membersOf(alice, group)).toEqual(['Bob', 'Cem'])
  expect(await alice.lines(group)).toContainEqual({
    line: 'removed',
    by: cem.identity,
    who: [alice.identity],
  })
  expect(await alice.status('before', group)).toBe('Delivered')
  expect(await alice.status('I am back', group)).toBe('Failed')
  await bob.say('on we go', group)
  await world.settle(10_000)
  expect(await cem.reads(group)).toContain('on we go')
  expect(await alice.reads(group)).not.toContain('on we go')
  expect(world.reported).toEqual([])
})
