import { expect, test } from 'vitest'
import { around, circle, join, membersOf } from '../support/circle.ts'
import { neighbourhood } from '../support/people.ts'

test('alice hands over to cem and leaves in the same breath, while he is away', async () => {
  const world = neighbourhood(51)
  const people = await around(world, ['Alice', 'Bob', 'Cem'])
  const [alice, bob, cem] = people
  const group = await circle(world, people)
  cem.crash()
  await world.settle(60_000)
  await world.during(alice.app.groups.handOver(group, cem.identity))
  await world.during(alice.app.groups.leave(group))
  await world.settle(10_000)
  expect(await membersOf(bob, group)).toEqual(['Alice', 'Bob', 'Cem'])
  await cem.restart()
  await world.settle(60_000)
  for (const person of [bob, cem]) expect(await membersOf(person, group)).toEqual(['Bob', 'Cem'])
  expect(await cem.lines(group)).toContainEqual({ line: 'left', who: alice.identity })
  await bob.say('without alice', group)
  await world.settle(10_000)
  expect(await cem.reads(group)).toEqual(['without alice'])
  expect(world.reported).toEqual([])
})

test('alice leaves the group in which she is alone', async () => {
  const world = neighbourhood(52)
  const [alice] = await around(world, ['Alice'])
  const group = await world.during(alice.app.groups.create({ name: 'Only me', people: [] }))
  await world.during(alice.app.groups.leave(group))
  await world.settle(10_000)
  expect((await alice.app.engine.store.get('conversations', group))?.left).toBe(true)
  expect(world.reported).toEqual([])
  expect(alice.app.engine.notice.current).toBeUndefined()
})

test('bob asked alice to let him go, and cem, who goes on without her, does', async () => {
  const world = neighbourhood(53)
  const people = await around(world, ['Alice', 'Bob', 'Cem', 'Dora'])
  const [alice, bob, cem, dora] = people
  const group = await circle(world, people)
  alice.crash()
  await world.settle(60_000)
  await world.during(bob.app.groups.leave(group))
  await world.settle(10_000)
  await world.during(cem.app.groups.goOnWithout(group))
  await world.settle(60_000)
  const offer = (await dora.lines(group)).find(({ line }) => line === 'without')
  if (offer?.line !== 'without') throw new Error('Dora was not asked')
  await world.during(dora.app.groups.follow(group, offer.roster))
  await world.settle(30_000)
  for (const person of [cem, dora]) expect(await membersOf(person, group)).toEqual(['Cem', 'Dora'])
})

test('who left and is asked again is in it as before', async () => {
  const world = neighbourhood(54)
  const people = await around(world, ['Alice', 'Bob'])
  const [alice, bob] = people
  const group = await circle(world, people)
  await world.during(bob.app.groups.leave(group))
  await world.settle(10_000)
  expect((await bob.app.engine.store.get('conversations', group))?.left).toBe(true)
  expect(await membersOf(alice, group)).toEqual(['Alice'])
  await world.during(alice.app.groups.invite(group, [bob.identity]))
  await world.settle(5_000)
  await join(bob)
  await world.settle(20_000)
  expect((await bob.app.engine.store.get('conversations', group))?.left).toBeUndefined()
  await bob.say('back again', group)
  await world.settle(10_000)
  expect(await alice.reads(group)).toEqual(['back again'])
})

test('it is remembered through whom somebody was met, also once there is a chat', async () => {
  const world = neighbourhood(55)
  const people = await around(world, ['Alice', 'Bob', 'Cem'])
  const [alice, bob, cem] = people
  await world.during(alice.app.groups.introduce(cem.identity, bob.identity))
  await world.settle(20_000)
  for (const person of [bob, cem]) {
    const { store } = person.app.engine
    const bodies = (await store.all('records')).map(({ message }) => message?.body)
    const body = bodies.find((one) => one?.kind === 'card')
    if (body?.kind !== 'card') throw new Error(`${person.name} has no card`)
    await world.during(person.app.groups.meet(body.card, alice.identity))
  }
  await world.settle(30_000)
  const met = await bob.app.engine.store.get('contacts', cem.identity)
  expect(met).toMatchObject({ stage: 'met', trust: 'unverified', through: { by: alice.identity } })
})
