import { expect, test } from 'vitest'
import { neighbourhood, pair } from '../support/people.ts'

test('alice and bob pair by link and talk', async () => {
  const { person, settle } = neighbourhood()
  const [alice, bob] = [await person('Alice'), await person('Bob')]
  await pair(alice, bob)
  await settle(20_000)
  await bob.say('hello Alice', alice)
  await settle(5_000)
  await alice.say('hello Bob', bob)
  await settle(5_000)
  expect(await alice.reads(bob)).toEqual(['hello Alice', 'hello Bob'])
  expect(await bob.reads(alice)).toEqual(['hello Alice', 'hello Bob'])
  expect(await alice.status('hello Bob', bob)).toBe('Delivered')
})

test('what bob writes while alice is away waits, survives a restart of both, and arrives once', async () => {
  const { person, settle } = neighbourhood()
  const [alice, bob] = [await person('Alice'), await person('Bob')]
  await pair(alice, bob)
  await settle(20_000)
  alice.crash()
  await bob.say('are you there?', alice)
  await settle(60_000)
  expect(await bob.status('are you there?', alice)).toBe('Waiting')
  bob.crash()
  await bob.restart()
  await alice.restart()
  await settle(30_000)
  expect(await alice.reads(bob)).toEqual(['are you there?'])
  expect(await bob.status('are you there?', alice)).toBe('Delivered')
})
