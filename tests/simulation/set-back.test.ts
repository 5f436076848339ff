import { expect, test } from 'vitest'
import { pairConversation } from '../../src/crypto/address.ts'
import { StorageFull } from '../../src/store/rows.ts'
import { copyOf } from '../support/memory-rows.ts'
import { friends, neighbourhood, pair, type Neighbourhood, type Person } from '../support/people.ts'

/** The device goes on from an older copy of its disk, as after a restored virtual machine or profile. */
async function goBack(person: Person, change: () => Promise<void>): Promise<void> {
  const copy = copyOf(person.disk)
  await change()
  person.crash()
  person.setBack(copy)
}

const incarnationOf = async (person: Person) =>
  (await person.app.engine.store.get('self', 'self'))?.incarnation.id

test('alice, set back to an older disk, gets her lost words back from bob and begins a new incarnation', async () => {
  const world = neighbourhood(11)
  const [alice, bob] = await friends(world)
  await alice.say('one', bob)
  await world.settle(5_000)
  const before = await incarnationOf(alice)
  await goBack(alice, async () => {
    await alice.say('two', bob)
    await bob.say('three', alice)
    await world.settle(5_000)
    expect(await alice.status('two', bob)).toBe('Delivered')
  })
  await alice.restart()
  expect(await alice.reads(bob)).toEqual(['one'])
  await world.settle(60_000)

  expect(await incarnationOf(alice)).not.toBe(before)
  await alice.say('four', bob)
  await world.settle(5_000)
  for (const [self, other] of [[alice, bob] as const, [bob, alice] as const]) {
    expect(await self.reads(other)).toEqual(['one', 'two', 'three', 'four'])
  }
  expect(await alice.status('two', bob)).toBe('Delivered')
  expect(await alice.status('four', bob)).toBe('Delivered')
})

test('bob, set back, gets what alice had said to him once more, and the count of unread goes with it', async () => {
  const world = neighbourhood(12)
  const [alice, bob] = await friends(world)
  await goBack(bob, async () => {
    await alice.say('one', bob)
    await alice.say('two', bob)
    await world.settle(5_000)
  })
  await bob.restart()
  expect(await bob.reads(alice)).toEqual([])
  await world.settle(60_000)
  expect(await bob.reads(alice)).toEqual(['one', 'two'])
  const chats = await bob.app.engine.store.all('conversations')
  expect(chats.map(({ unread, messages }) => ({ unread, messages }))).toEqual([{ unread: 2, messages: 2 }])
})

test('what alice says after she was set back, before she meets bob again, reaches him', async () => {
  const world = neighbourhood(13)
  const [alice, bob] = await friends(world)
  await alice.say('one', bob)
  await world.settle(5_000)
  await goBack(alice, async () => {
    await alice.say('two', bob)
    await world.settle(5_000)
  })
  world.network.setUp(false)
  await alice.restart()
  await alice.say('said while alone', bob)
  world.network.setUp(true)
  await world.settle(120_000)

  expect.soft(await alice.status('said while alone', bob)).toBe('Delivered')
  expect.soft(await bob.reads(alice)).toContain('said while alone')
  expect.soft(await alice.reads(bob)).toContain('two')
})

test('the older copy of a device that runs again elsewhere is told, and falls silent', async () => {
  const world = neighbourhood(14)
  const [alice, bob] = await friends(world)
  await goBack(alice, async () => {
    await alice.app.beginAgain()
    alice.app.hangUp()
    await world.settle(20_000)
  })
  await alice.restart()
  await world.settle(60_000)
  expect(alice.app.engine.notice.current).toBe('elsewhere')
  expect(bob.app.engine.links.state(alice.identity).at).not.toBe('linked')
})

/** A few words of one or both, said and heard at random moments. */
async function talk(world: Neighbourhood, pair: Person[], times: number): Promise<string[]> {
  const words: string[] = []
  for (let n = 0; n < times; n++) {
    const [speaker, listener] = world.chance() < 0.5 ? pair : pair.toReversed()
    if (!speaker || !listener) throw new Error('nobody there')
    words.push(`${speaker.name} ${world.time.now()} ${n}`)
    await speaker.say(words.at(-1) ?? '', listener)
    await world.settle(world.chance.below(3) * 1000)
  }
  return words
}

async function everythingIsThere(people: [Person, Person], words: string[], seed: number): Promise<void> {
  const [who, other] = people
  expect((await who.reads(other)).sort(), `seed ${seed}`).toEqual([...words].sort())
  expect(await other.reads(who), `seed ${seed}`).toEqual(await who.reads(other))
  for (const [self, peer] of [people, [other, who] as const]) {
    for (const text of words.filter((word) => word.startsWith(self.name))) {
      expect(await self.status(text, peer), `seed ${seed}: ${text}`).toBe('Delivered')
    }
    const [chat] = await self.app.engine.store.all('conversations')
    expect(chat?.messages, `seed ${seed}: ${self.name}`).toBe(words.length)
  }
}

test.each([
  ['', false],
  [' and speaks before they meet again', true],
])('whoever is set back, however far,%s both end with all words of both', async (_, alone) => {
  for (let seed = 1; seed <= 25; seed++) {
    const world = neighbourhood(seed)
    const people = await friends(world)
    const [who, other] = world.chance() < 0.5 ? people : [people[1], people[0]]
    const words = await talk(world, people, world.chance.below(6))
    if (world.chance() < 0.5) await world.settle(5_000)
    await goBack(who, async () => {
      words.push(...(await talk(world, people, 1 + world.chance.below(6))))
      await world.settle(5_000)
    })
    if (alone) world.network.setUp(false)
    await world.settle(world.chance.below(60_000))
    await who.restart()
    if (alone) words.push(...(await talk(world, people, 1 + world.chance.below(6))))
    world.network.setUp(true)
    await world.settle(60_000)
    words.push(...(await talk(world, people, 4)))
    await world.settle(10_000)
    await everythingIsThere([who, other], words, seed)
  }
})

test('mallory, who claims again and again that alice was set back, does not part her from others', async () => {
  const world = neighbourhood(33)
  const [alice, mallory] = await friends(world)
  const ben = await world.person('Ben')
  await pair(alice, ben)
  await alice.say('hello', mallory)
  await world.settle(20_000)
  let endings = 0
  let before = alice.app.engine.links.state(ben.identity).at
  alice.app.engine.links.watch(() => {
    const { at } = alice.app.engine.links.state(ben.identity)
    if (before === 'linked' && at !== 'linked') endings += 1
    before = at
  })
  const lives = new Set<string>()
  for (let n = 0; n < 30; n++) {
    const incarnation = await incarnationOf(alice)
    if (incarnation === undefined) throw new Error('alice is nobody')
    lives.add(incarnation)
    const conversation = pairConversation(alice.identity, mallory.identity)
    const lie = { conversation, author: alice.identity, incarnation, seq: 999, head: new Uint8Array(8) }
    mallory.app.engine.links.send(alice.identity, {
      ...{ type: 'have', conversation, part: 'change', entries: [lie] },
    })
    await world.settle(2_000)
  }
  expect(lives.size).toBeLessThanOrEqual(2)
  expect(endings).toBeLessThanOrEqual(1)
  expect(alice.app.dropped.get('set-back')).toBeGreaterThan(0)
})

test('alice, whose disk fails in the moment of the new beginning, begins when she is told again', async () => {
  const world = neighbourhood(31)
  let refusals = 0
  let refuses = false
  world.wrapRows = (rows) => ({
    ...rows,
    commit: (changes) => {
      if (!refuses || !changes.some(({ table }) => table === 'self')) return rows.commit(changes)
      refusals += 1
      return Promise.reject(new StorageFull('the disk is full'))
    },
  })
  const [alice, bob] = await friends(world)
  await goBack(alice, async () => {
    await alice.say('two', bob)
    await world.settle(5_000)
  })
  refuses = true
  await alice.restart()
  await alice.say('instead', bob)
  await world.settle(5_000)
  expect(refusals).toBeGreaterThan(0)
  const before = await incarnationOf(alice)
  refuses = false
  world.network.cutAll()
  await world.settle(30_000)
  expect(await incarnationOf(alice)).not.toBe(before)
  expect((await bob.reads(alice)).sort()).toEqual(['instead', 'two'])
  expect(await alice.status('instead', bob)).toBe('Delivered')
})
