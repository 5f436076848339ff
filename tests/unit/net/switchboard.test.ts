import { describe, expect, test } from 'vitest'
import { doorOfInvite } from '../../../src/crypto/bind.ts'
import { makeKnock } from '../../../src/crypto/knock.ts'
import { encodeBindFrame } from '../../../src/protocol/bind.ts'
import { toBase32 } from '../../../src/protocol/text.ts'
import { profileOf } from '../../../src/sync/profile.ts'
import { friends, neighbourhood, pair, type Neighbourhood, type Person } from '../../support/people.ts'
import { addressOfNumber, bytesOf } from '../../support/samples.ts'

const linked = (self: Person, other: Person) => self.app.engine.links.state(other.identity).at

async function addressOf(person: Person) {
  const self = await person.app.engine.store.get('self', 'self')
  if (!self) throw new Error('nobody there')
  return profileOf(self).address
}

/** Somebody with a device of their own software. */
function stranger(world: Neighbourhood) {
  const address = addressOfNumber(0x99)
  const introducer = world.network.host().open({
    ...{ address, token: '99'.repeat(32) },
    status: () => undefined,
    admit: () => undefined,
    dropped: () => undefined,
  })
  return { address, dial: introducer.dial }
}

describe('one link per person', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'if both dial at once, both are left with one and the same (%i)',
    async (seed) => {
      const world = neighbourhood(seed)
      const [alice, bob] = await friends(world)
      for (let round = 0; round < 5; round++) {
        world.network.faults = { ...world.network.faults, delay: () => 1 + world.chance.below(80) }
        alice.app.hangUp()
        bob.app.hangUp()
        await world.settle(15_000)
        expect([linked(alice, bob), linked(bob, alice)]).toEqual(['linked', 'linked'])
        expect(world.network.open).toBe(1)
        await alice.say(`round ${round}`, bob)
        await world.settle(2_000)
        expect(await alice.status(`round ${round}`, bob)).toBe('Delivered')
      }
    },
  )

  test('a person who is gone is dialled again and again, with pauses; who comes back is linked within seconds', async () => {
    const world = neighbourhood(2)
    const [alice, bob] = await friends(world)
    bob.crash()
    await world.settle(30_000)
    expect(linked(alice, bob)).not.toBe('linked')
    const dials = () => world.network.dials.get(her) ?? 0
    const her = await addressOf(alice)
    const before = dials()
    await world.settle(600_000)
    expect(dials() - before).toBeGreaterThan(40)
    expect(dials() - before).toBeLessThan(200)
    await bob.restart()
    await world.settle(12_000)
    expect([linked(alice, bob), world.network.open]).toEqual(['linked', 1])
  })

  test('links outlive the introducer, and without it none are made', async () => {
    const world = neighbourhood(3)
    const [alice, bob] = await friends(world)
    world.network.setUp(false)
    await alice.say('still here', bob)
    await world.settle(5_000)
    expect(await bob.reads(alice)).toEqual(['still here'])
    expect(alice.app.engine.network.current).toBe('Server unreachable')
    world.network.cutAll()
    await world.settle(60_000)
    expect(world.network.open).toBe(0)
    world.network.setUp(true)
    await world.settle(10_000)
    expect(world.network.open).toBe(1)
  })
})

test('a call is not hidden by "running elsewhere": that is said when it is over', async () => {
  const world = neighbourhood(12)
  const [alice, bob] = await friends(world)
  alice.app.calls.call(bob.identity, { video: false })
  await world.settle(2_000)
  expect(alice.app.calls.state.current.call.at).toBe('ringing-out')
  world.network.takeAddresses()
  expect(alice.app.engine.notice.current).not.toBe('elsewhere')
  alice.app.calls.hangUp()
  expect(alice.app.engine.notice.current).toBe('elsewhere')
})

describe('at the door', () => {
  test('a stranger hears nothing, whatever the knock', async () => {
    const world = neighbourhood(4)
    const [alice] = await friends(world)
    const { address: caller, dial } = stranger(world)
    const callee = await addressOf(alice)
    const knocks = [
      ...['', 'not base32!', 'A'.repeat(39), 'A'.repeat(10_000)],
      toBase32(makeKnock(bytesOf(32, 1), { caller, callee }, bytesOf(8, 1))),
    ]
    const before = world.network.open
    for (const knock of knocks) expect(await world.during(dial(callee, knock))).toBeUndefined()
    expect(world.network.open).toBe(before)
  })

  test('of two who open one invitation at once, exactly one is welcome, and the other hears that it was used', async () => {
    for (let seed = 10; seed < 16; seed++) {
      const world = neighbourhood(seed)
      const people = [
        await world.person('Alice'),
        await world.person('Bob'),
        await world.person('Carol'),
      ] as const
      const [alice, bob, carol] = people
      await pair(alice, bob)
      await pair(alice, carol)
      await world.settle(20_000)
      const mine = await alice.app.engine.store.all('contacts')
      expect(mine.map(({ stage }) => stage)).toEqual(['met'])
      const theirs = await Promise.all(
        [bob, carol].map((one) => one.app.engine.store.get('contacts', alice.identity)),
      )
      const stages = theirs.map((one) => (one?.stage === 'invited' ? one.ended : one?.stage))
      expect(stages.sort()).toEqual(['met', 'used'])
      expect(world.network.open).toBe(1)
    }
  })

  test('who comes after an invitation has run out hears so', async () => {
    const world = neighbourhood(5)
    const [alice, bob] = [await world.person('Alice'), await world.person('Bob')]
    await world.settle(100)
    alice.crash()
    await alice.restart()
    await pair(alice, bob)
    alice.crash()
    await world.settle(1_000)
    world.time.skip(7 * 24 * 3_600_000 + 3_600_000)
    await alice.restart()
    await world.settle(60_000)
    expect(await bob.app.engine.store.get('contacts', alice.identity)).toMatchObject({ ended: 'expired' })
    expect(await alice.app.engine.store.all('contacts')).toEqual([])
  })

  test('who won the invitation, and lost the link before the welcome, is welcome again', async () => {
    const world = neighbourhood(6)
    const [alice, bob] = [await world.person('Alice'), await world.person('Bob')]
    let said = 0
    // The third thing that the listener says is the welcome.
    world.network.wrap = (channel) => ({
      listen: (events) => channel.listen(events),
      send: (bytes) => (bytes.length < 120 && (said += 1) === 3 ? channel.close() : channel.send(bytes)),
      waiting: 0,
      certificates: () => channel.certificates(),
      path: () => channel.path(),
      close: () => channel.close(),
    })
    await pair(alice, bob)
    await world.settle(300)
    expect(await alice.app.engine.store.all('invites')).toMatchObject([
      { state: 'claimed', by: bob.identity },
    ])
    expect(await bob.app.engine.store.all('contacts')).toMatchObject([{ stage: 'invited' }])
    await world.settle(20_000)
    expect(await bob.app.engine.store.all('contacts')).toMatchObject([{ stage: 'met' }])
    bob.app.hangUp()
    await world.settle(10_000)
    expect(await alice.app.engine.store.all('invites')).toMatchObject([{ state: 'spent' }])
  })

  test('an older or newer app that holds the invitation is not told to alice as an interception', async () => {
    const world = neighbourhood(7)
    const alice = await world.person('Alice')
    const { text } = await alice.app.pairing.show('link')
    const bob = await world.person('Bob')
    const read = bob.app.pairing.read(text)
    if (!('invite' in read)) throw new Error(read.problem)
    await world.settle(1_000)
    const { address: caller, dial } = stranger(world)
    await world.settle(10)
    const callee = read.invite.address
    const knock = makeKnock(doorOfInvite(read.invite.secret).knock, { caller, callee }, bytesOf(8, 1))
    const channel = await world.during(dial(callee, toBase32(knock)))
    channel?.send(encodeBindFrame({ type: 'hello', nonce: bytesOf(16, 1), min: 2, max: 3 }))
    await world.settle(1_000)
    expect(channel).toBeDefined()
    expect(alice.app.engine.notice.current).not.toBe('intercepted')
  })

  /** Whoever photographed the code: what they need to knock at Alice's. */
  async function photographer(world: Neighbourhood, alice: Person) {
    const { text } = await alice.app.pairing.show('qr')
    const read = (await world.person('Bob')).app.pairing.read(text)
    if (!('invite' in read)) throw new Error(read.problem)
    const { address: callee, secret } = read.invite
    const { address: caller, dial } = stranger(world)
    await world.settle(1_000)
    const knockOf = (n: number): string =>
      toBase32(makeKnock(doorOfInvite(secret).knock, { caller, callee }, bytesOf(8, n)))
    return { dial: (n: number) => dial(callee, knockOf(n)) }
  }

  test('a knock that was overheard opens no second time', async () => {
    const world = neighbourhood(8)
    const mallory = await photographer(world, await world.person('Alice'))
    const first = mallory.dial(1)
    const again = Array.from({ length: 50 }, () => mallory.dial(1))
    expect(await world.during(first)).toBeDefined()
    expect(await world.during(Promise.all(again))).toEqual(again.map(() => undefined))
  })

  test('somebody who knocks without end and proves nothing holds few connections', async () => {
    const world = neighbourhood(9)
    const mallory = await photographer(world, await world.person('Alice'))
    for (let n = 0; n < 200; n++) void mallory.dial(n)
    await world.settle(3_000)
    expect(world.network.open).toBeGreaterThan(0)
    expect(world.network.open).toBeLessThanOrEqual(4)
    await world.settle(30_000)
    expect(world.network.open).toBe(0)
  })

  test('while one stranger knocks without end, whoever is known is let in', async () => {
    const world = neighbourhood(11)
    const [alice, bob] = await friends(world)
    const mallory = await photographer(world, alice)
    bob.crash()
    await world.settle(60_000)
    for (let n = 0; n < 60; n++) {
      for (let m = 0; m < 20; m++) void mallory.dial(n * 20 + m)
      await world.settle(100)
      if (n === 20) await bob.restart()
    }
    expect(linked(bob, alice)).toBe('linked')
  })

  test('whoever sends more than a meeting needs is sent away at once', async () => {
    const world = neighbourhood(10)
    const mallory = await photographer(world, await world.person('Alice'))
    const channel = await world.during(mallory.dial(1))
    await world.settle(100)
    expect(world.network.open).toBe(1)
    for (let n = 0; n < 5; n++) channel?.send(bytesOf(60_000, n))
    await world.settle(1_000)
    expect(world.network.open).toBe(0)
  })
})
