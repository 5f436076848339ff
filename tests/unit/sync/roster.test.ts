import { beforeEach, describe, expect, test } from 'vitest'
import { successorOf } from '../../../src/core/handover.ts'
import { members } from '../../../src/core/membership.ts'
import { arrange } from '../../../src/sync/organise.ts'
import { rowsOf, take, type Desk } from '../../support/desk.ts'
import {
  act,
  bring,
  desks,
  GROUP,
  gossip,
  keysBetween,
  letIn,
  membershipOf,
  party,
  removeFrom,
} from '../../support/party.ts'
import { begin, lines, one, own, state } from './rosters.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
})

const handOver = (self: Desk, to: Desk) => one(self, { kind: 'handover', to: to.me })

describe('everybody hears', () => {
  test('who made the group, who was added, and who is gone, of their own will or not', async () => {
    expect(await lines(alice)).toEqual([
      { line: 'created', by: alice.me },
      { line: 'added', by: alice.me, who: [bob.me] },
      { line: 'added', by: alice.me, who: [cem.me] },
    ])
    expect(await lines(bob)).toEqual([
      { line: 'joined', by: bob.me },
      { line: 'added', by: alice.me, who: [cem.me] },
    ])
    await removeFrom(alice, cem)
    await act(alice, (draft) =>
      arrange(draft, alice.author, { conversation: GROUP, remove: [{ identity: bob.me, left: true }] }),
    )
    await bring(alice, bob)
    for (const self of [alice, bob])
      expect((await lines(self)).slice(-2)).toEqual([
        { line: 'removed', by: alice.me, who: [cem.me] },
        { line: 'left', who: bob.me },
      ])
  })

  test('nothing where only keys were renewed', async () => {
    const before = await lines(bob)
    await act(alice, (draft) => arrange(draft, alice.author, { conversation: GROUP }))
    await bring(alice, bob)
    expect([state(bob).era, await lines(bob)]).toEqual([[1, 3], before])
  })

  test('nothing in a chat of two', async () => {
    await keysBetween(alice, dora)
    await bring(alice, dora, dora)
    const told = [...(await rowsOf(alice, dora)), ...(await rowsOf(dora, alice))].flatMap(
      ({ line }) => line ?? [],
    )
    expect(told).toEqual([])
    expect(membershipOf(dora, alice)).toMatchObject({ era: { generation: 1, epoch: 1 }, open: [] })
  })

  test('how whoever is new can be reached', async () => {
    await letIn(alice, dora)
    await bring(alice, bob)
    expect(bob.ledger.state.contacts.get(dora.me)).toMatchObject({
      ...{ stage: 'fellow', name: 'Dora', through: { group: GROUP }, trust: 'unverified' },
    })
    expect(bob.ledger.state.conversations.size).toBe(2)
  })
})

describe('a hand-over', () => {
  test('lets bob begin the next generation, and the chat tells who organises it now', async () => {
    await handOver(alice, bob)
    await bring(alice, bob)
    await begin(bob, 'handover')
    await gossip([alice, bob, cem])
    for (const self of [alice, bob, cem]) {
      expect(state(self)).toEqual({ era: [2, 0], organiser: bob.me, open: 0 })
      expect(await lines(self)).toContainEqual({ line: 'organiser', who: bob.me })
      expect(members(membershipOf(self))).toEqual([alice.me, bob.me, cem.me])
    }
  })

  test('may be heard after what it allows', async () => {
    const handover = await handOver(alice, bob)
    await bring(alice, bob)
    await begin(bob, 'handover')
    await take(cem, bob, await own(bob))
    expect(state(cem)).toEqual({ era: [1, 2], organiser: alice.me, open: 1 })
    await take(cem, alice, [handover])
    expect(state(cem)).toEqual({ era: [2, 0], organiser: bob.me, open: 0 })
  })

  test('is the organiser’s to make, once', async () => {
    await handOver(bob, bob)
    await handOver(alice, cem)
    await handOver(alice, bob)
    await gossip([alice, bob, cem])
    for (const self of [alice, bob, cem]) expect(successorOf(membershipOf(self))).toBe(cem.me)
  })

  test('is nothing to be taken: nobody begins without it', async () => {
    await expect(begin(bob, 'handover')).rejects.toThrow('does not count')
    await bring(bob, cem)
    for (const self of [bob, cem]) expect(state(self)).toEqual({ era: [1, 2], organiser: alice.me, open: 0 })
  })
})

test('who was asked, admitted or wanted to leave is asked for nothing any more when it is done', async () => {
  await act(alice, (draft) => {
    draft.put('requests', { group: GROUP, identity: cem.me, at: 'leaves' })
    draft.put('requests', { group: GROUP, identity: dora.me, at: 'asked' })
  })
  await removeFrom(alice, cem)
  expect((await alice.store.all('requests')).map(({ identity }) => identity)).toEqual([dora.me])
  await letIn(alice, dora)
  expect(await alice.store.all('requests')).toEqual([])
})
