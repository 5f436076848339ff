import { beforeEach, describe, expect, test } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import { inviteId } from '../../../src/core/ids.ts'
import { holdPsk } from '../../../src/sync/pair.ts'
import { beginnerOf, nameOf } from '../../../src/sync/wish.ts'
import { placeOf, type Desk } from '../../support/desk.ts'
import { act, ask, desks, keysBetween, membershipOf, SECRET } from '../../support/party.ts'
import { bytesOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk, cem: Desk
beforeEach(async () => {
  ;[alice, bob, cem] = await desks('Alice', 'Bob', 'Cem')
})

const chat = () => placeOf(alice, bob)
const invite = inviteId(toHex(SECRET.id))
const hold = (self: Desk, how: 'opened' | 'shown', key = SECRET) =>
  act(self, (draft) => {
    holdPsk(draft, chat(), { [how]: key })
  })
const era = (self: Desk, other: Desk) => {
  const { generation, epoch } = membershipOf(self, other).era
  return [generation, epoch]
}
const asks = (self: Desk, other: Desk, generation: number, more = {}) =>
  ask(self, other, { conversation: chat(), generation, ...more })

describe('the first keys between two', () => {
  test('are begun by whoever opened the invite, with its secret, and by the other never', async () => {
    await hold(alice, 'opened')
    await hold(bob, 'shown')
    expect(await asks(alice, bob, 1, { invite })).toBeUndefined()
    expect(await asks(bob, alice, 1, { invite })).toMatchObject({ type: 'welcome', generation: 1 })
    expect([era(alice, bob), membershipOf(alice, bob).organiser]).toEqual([[1, 1], alice.me])
  })

  test('are begun by the lower key where no invite, or both, decide', async () => {
    const [low, high] = [alice, bob].sort((a, b) => (a.me < b.me ? -1 : 1))
    if (!low || !high) throw new Error('nobody')
    expect(await asks(low, high, 1)).toBeUndefined()
    expect(await asks(high, low, 1)).toMatchObject({ type: 'welcome' })
    const both = { ...membershipOf(high, low), psks: { opened: SECRET, shown: SECRET } }
    expect([beginnerOf(both, low.me, high.me), beginnerOf(both, high.me, low.me)]).toEqual([low.me, low.me])
  })

  test('are not begun with a secret that alice does not hold', async () => {
    await hold(alice, 'opened', { ...SECRET, id: bytesOf(16, 9) })
    expect(await asks(bob, alice, 1, { invite })).toBeUndefined()
    expect(nameOf(SECRET)).toBe(invite)
  })

  test('are of the first generation, and of no other', async () => {
    await hold(alice, 'opened')
    for (const generation of [0, 2]) expect(await asks(bob, alice, generation)).toBeUndefined()
    expect(era(alice, bob)).toEqual([0, 0])
  })

  test('are for nobody else', async () => {
    await hold(alice, 'opened')
    expect(await asks(cem, alice, 1, { invite })).toBeUndefined()
  })
})

describe('somebody who lost the keys', () => {
  beforeEach(() => keysBetween(alice, bob))
  const lose = (self: Desk) =>
    act(self, (draft) => {
      draft.remove('mls', chat())
    })

  test('is added anew by the organiser, in the next epoch', async () => {
    expect(await asks(bob, alice, 1)).toMatchObject({ type: 'welcome', generation: 1 })
    expect(era(alice, bob)).toEqual([1, 2])
  })

  test('and is the organiser asks the other to begin the next generation', async () => {
    expect(await asks(alice, bob, 2)).toMatchObject({ type: 'welcome', generation: 2 })
    expect([era(bob, alice), membershipOf(bob, alice).organiser]).toEqual([[2, 1], bob.me])
  })

  test('cannot be helped by an organiser who lost them, too', async () => {
    await lose(alice)
    expect(await asks(bob, alice, 1)).toBeUndefined()
    expect(await asks(bob, alice, 2)).toBeUndefined()
    expect(era(alice, bob)).toEqual([1, 1])
  })

  test('asks for the generation that is now, or the next, and no other', async () => {
    for (const generation of [0, 2, 3]) expect(await asks(bob, alice, generation)).toBeUndefined()
    for (const generation of [0, 1, 3]) expect(await asks(alice, bob, generation)).toBeUndefined()
  })
})
