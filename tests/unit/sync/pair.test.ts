import { beforeEach, expect, test } from 'vitest'
import { pairConversation } from '../../../src/crypto/address.ts'
import { openPair } from '../../../src/sync/pair.ts'
import { acquaint, desk, read, say, take, type Desk } from '../../support/desk.ts'
import { act, found } from '../../support/party.ts'

let alice: Desk, bob: Desk
beforeEach(async () => {
  ;[alice, bob] = [await desk('Alice', 1), await desk('Bob', 2)]
})
const open = () => act(alice, (draft) => openPair(draft, bob.me, alice.author))
const circle = (id: ReturnType<typeof pairConversation>) => alice.ledger.state.conversations.get(id)?.circle

test('a chat of two is opened once, and its id follows from the two', async () => {
  const id = await open()
  expect(id).toBe(pairConversation(bob.me, alice.me))
  const before = alice.ledger.state.conversations.get(id)
  await open()
  expect(alice.ledger.state.conversations.get(id)).toEqual(before)
})

test('a group that took the id of a chat of two gives way to it, with its keys and its people', async () => {
  const id = pairConversation(alice.me, bob.me)
  await found(alice, id)
  expect([circle(id)?.kind, alice.ledger.state.mls.has(id)]).toEqual(['group', true])
  await open()
  expect(circle(id)).toEqual({ kind: 'pair', peer: bob.me })
  expect(alice.ledger.state.mls.has(id)).toBe(false)
  const { seats, organiser } = alice.ledger.state.memberships.get(id) ?? {}
  expect([seats?.map(({ identity }) => identity), organiser]).toEqual([[alice.me, bob.me].sort(), undefined])
  await acquaint(alice, bob)
  await take(alice, bob, await say(bob, alice, 'hello'))
  expect(await read(alice, bob)).toEqual(['hello'])
})
