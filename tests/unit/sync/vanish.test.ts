import { beforeEach, expect, test, vi } from 'vitest'
import { openLife } from '../../../src/sync/life.ts'
import { createVanishing } from '../../../src/sync/vanish.ts'
import { acquaint, desk, read, say, type Desk } from '../../support/desk.ts'
import { seeded } from '../../support/random.ts'
import { rest } from '../../support/session-wire.ts'
import { steadyCrypto } from '../../support/steady-crypto.ts'
import { virtualTime, type VirtualTime } from '../../support/virtual-time.ts'

vi.stubGlobal('crypto', steadyCrypto(seeded(1)))

const MINUTE = 60_000
let alice: Desk, bob: Desk, time: VirtualTime
beforeEach(async () => {
  ;[alice, bob] = [await desk('Alice', 1), await desk('Bob', 2)]
  await acquaint(alice, bob)
  time = virtualTime()
})

/** A run of the app that does nothing but this. */
async function run() {
  const { ledger, store } = alice
  const failures: unknown[] = []
  const life = await openLife(store, time)
  const vanishing = createVanishing({ ledger, store, timers: time, life, failed: (e) => failures.push(e) })
  const pass = async (ms: number): Promise<void> => {
    const until = time.now() + ms
    do for (let turns = 0; turns < 3; turns++) await rest(alice)
    while (time.next(until - time.now()))
    time.skip(until - time.now())
    alice.clock.age = life.age()
  }
  await pass(0)
  return { vanishing, pass, failures, life }
}
const brief = (text: string, seconds: number) => say(alice, bob, { kind: 'text', text, vanish: seconds })

test('what was to disappear does so when its time is over, and not before', async () => {
  const { vanishing, pass, failures } = await run()
  await brief('ten minutes', 600)
  await brief('a second', 1)
  await say(alice, bob, 'for ever')
  vanishing.look()
  await pass(999)
  expect(await read(alice)).toHaveLength(3)
  await pass(1)
  expect(await read(alice)).toEqual(['ten minutes', 'for ever'])
  await pass(10 * MINUTE - 1_001)
  expect(await read(alice)).toEqual(['ten minutes', 'for ever'])
  await pass(1)
  expect(await read(alice)).toEqual(['for ever'])
  expect([await alice.store.all('vanishings'), failures]).toEqual([[], []])
})

test('what was over while the app did not run is gone at the start of the next', async () => {
  const first = await run()
  await brief('an hour', 3_600)
  first.vanishing.look()
  await first.pass(30 * MINUTE)
  first.vanishing.close()
  time.skip(29 * MINUTE)
  const second = await run()
  expect(await read(alice)).toEqual(['an hour'])
  second.vanishing.close()
  time.skip(2 * MINUTE)
  await run()
  expect(await read(alice)).toEqual([])
})

test('a clock that is set back between two runs keeps nothing longer than a minute', async () => {
  const first = await run()
  await brief('an hour', 3_600)
  first.vanishing.look()
  await first.pass(59 * MINUTE + 30_000)
  first.vanishing.close()
  time.skip(-365 * 24 * 60 * MINUTE)
  const { pass } = await run()
  await pass(90_000)
  expect(await read(alice)).toEqual([])
})

test('nothing is done any more once the app was closed', async () => {
  const { vanishing, pass } = await run()
  await brief('a second', 1)
  vanishing.look()
  await pass(10)
  vanishing.close()
  await pass(5_000)
  expect(await read(alice)).toEqual(['a second'])
})

test('what comes with a shorter time is not kept waiting for a longer one', async () => {
  const { vanishing, pass } = await run()
  await brief('ten minutes', 600)
  vanishing.look()
  await pass(1_000)
  await brief('two seconds', 2)
  vanishing.look()
  await pass(2_000)
  expect(await read(alice)).toEqual(['ten minutes'])
})

test('a device that has nothing to forget has nothing to do', async () => {
  await run()
  expect(time.next(Infinity)).toBe(false)
})
