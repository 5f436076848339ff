import { expect, test } from 'vitest'
import { doorOfInvite, doorOfPair } from '../../../src/crypto/bind.ts'
import { makeKnock } from '../../../src/crypto/knock.ts'
import { address } from '../../../src/core/ids.ts'
import type { Door } from '../../../src/net/doors.ts'
import { Entrance } from '../../../src/net/entrance.ts'
import { toBase32 } from '../../../src/protocol/text.ts'
import { addressOfNumber, bytesOf, identityOf } from '../../support/samples.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const ours = addressOfNumber(1)
const bob: Door = {
  ...{ keys: doorOfPair(bytesOf(32, 7)), expects: identityOf(2), address: addressOfNumber(2) },
  secret: undefined,
}
const invite: Door = {
  ...{ keys: doorOfInvite(bytesOf(16, 8)), expects: undefined, address: undefined },
  secret: bytesOf(16, 8),
}

/** Where Alice is called. */
function entrance() {
  const time = virtualTime()
  const home = new Entrance({ address: ours, doors: { all: () => [bob, invite] }, timers: time })
  let nonces = 0
  const knock = (door: Door, from: number) => {
    const caller = addressOfNumber(from)
    const nonce = new Uint8Array(8)
    new DataView(nonce.buffer).setUint32(0, (nonces += 1))
    return home.admit(caller, toBase32(makeKnock(door.keys.knock, { caller, callee: ours }, nonce)))
  }
  return { time, home, knock }
}

test('who holds a key is let in at its door, and nobody else', () => {
  const { home, knock } = entrance()
  expect(knock(bob, 2)?.door).toBe(bob)
  expect(knock(invite, 9)?.door).toBe(invite)
  expect(knock({ ...bob, keys: doorOfPair(bytesOf(32, 9)) }, 2)).toBeUndefined()
  expect(home.admit(addressOfNumber(2), 'nonsense!')).toBeUndefined()
})

test('four wait at one door until one of them is done; at the others there is room', () => {
  const { knock } = entrance()
  const waiting = [10, 11, 12, 13].map((from) => knock(invite, from))
  expect(waiting.every((caller) => caller !== undefined)).toBe(true)
  expect(knock(invite, 14)).toBeUndefined()
  expect(knock(bob, 2)).toBeDefined()
  waiting[0]?.done()
  waiting[0]?.done()
  expect(knock(invite, 15)).toBeDefined()
  expect(knock(invite, 16)).toBeUndefined()
})

test('one caller is heard eight times at once and then twice a second', () => {
  const { time, knock } = entrance()
  const heard = () => {
    let times = 0
    for (let n = 0; n < 50; n++) {
      const caller = knock(bob, 2)
      caller?.done()
      if (caller) times += 1
    }
    return times
  }
  expect(heard()).toBe(8)
  time.skip(1_000)
  expect(heard()).toBe(2)
})

test('a crowd of strangers is not heard in full, and keeps out nobody whose address is known', () => {
  const { home, knock } = entrance()
  for (let n = 0; n < 5_000; n++) home.admit(address(n.toString(16).padStart(40, '0')), 'A'.repeat(39))
  expect(knock(invite, 10)).toBeUndefined()
  expect(knock(bob, 2)).toBeDefined()
})
