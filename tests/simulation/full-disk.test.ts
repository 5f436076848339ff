import { expect, test } from 'vitest'
import { StorageFull } from '../../src/store/rows.ts'
import { friends, neighbourhood, pair } from '../support/people.ts'
import { heardRejections } from './invariants.ts'

const full = { before: () => 0, after: () => 0, error: () => new StorageFull('the disk is full') }

test('while the disk stays full alice and bob try again with pauses, and go on when there is room', async () => {
  const world = neighbourhood(21)
  const [alice, bob] = await friends(world)
  await bob.say('one', alice)
  const rejections = heardRejections()
  world.disks = full
  const before = [...world.network.dials.values()].reduce((sum, times) => sum + times, 0)
  await world.settle(60_000)
  const after = [...world.network.dials.values()].reduce((sum, times) => sum + times, 0)
  expect(after - before).toBeLessThan(60)
  expect(alice.app.engine.notice.current).toBe('storage-full')
  rejections.end()

  world.disks = undefined
  await world.settle(30_000)
  expect(await alice.reads(bob)).toEqual(['one'])
  expect(await bob.status('one', alice)).toBe('Delivered')
})

test('what cannot be stored is not accepted, and leaves no trace', async () => {
  const world = neighbourhood(22)
  const [alice, bob] = await friends(world)
  world.disks = full
  await expect(alice.say('one', bob)).rejects.toThrow(StorageFull)
  world.disks = undefined
  await alice.say('two', bob)
  await world.settle(5_000)
  expect(await alice.reads(bob)).toEqual(['two'])
  expect(await bob.reads(alice)).toEqual(['two'])
})

test('when the disk is full while two meet, the person hears of it, and nothing is rejected unheard', async () => {
  const world = neighbourhood(23)
  const [alice, bob] = [await world.person('Alice'), await world.person('Bob')]
  await pair(alice, bob)
  const rejections = heardRejections()
  world.disks = full
  await world.settle(20_000)
  expect.soft(alice.app.engine.notice.current).toBe('storage-full')
  expect(rejections.end()).toEqual([])
})
