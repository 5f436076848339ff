import { beforeEach, describe, expect, test } from 'vitest'
import { successorOf } from '../../../../src/core/handover.ts'
import { members } from '../../../../src/core/membership.ts'
import type { Groups } from '../../../../src/features/groups/groups.ts'
import { placeOf, say, type Desk } from '../../../support/desk.ts'
import { act, bring, desks, GROUP, gossip, membershipOf, party } from '../../../support/party.ts'
import { bytesOf, identityOf } from '../../../support/samples.ts'
import { groupsOf, picture, requestsOf, words } from './people.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
let groups: Groups
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  groups = groupsOf(alice)
})

const requests = (self = alice) => requestsOf(self)

describe('a group that is there', () => {
  beforeEach(() => party([alice, bob, cem]))

  test('is described by what everybody sees', async () => {
    await groups.describe(GROUP, { name: 'Band', picture })
    await gossip([alice, bob])
    expect(bob.ledger.state.conversations.get(GROUP)?.circle).toEqual({ kind: 'group', name: 'Band' })
  })

  test('is left by asking its organiser, and at once for whoever leaves', async () => {
    await groupsOf(bob).leave(GROUP)
    expect(bob.ledger.state.conversations.get(GROUP)?.left).toBe(true)
    await bring(bob, alice)
    expect(await requests()).toEqual([[bob.me, 'leaves']])
  })

  test('loses whom its organiser removes, and what they had asked', async () => {
    await act(alice, (draft) => {
      draft.put('requests', { group: GROUP, identity: bob.me, at: 'leaves' })
    })
    expect(await groupsOf(cem).remove(GROUP, bob.me)).toBe('not-organiser')
    expect(await groups.remove(GROUP, bob.me)).toBeUndefined()
    expect([members(membershipOf(alice)), await requests()]).toEqual([[alice.me, cem.me], []])
    const [seat] = membershipOf(alice).seats.filter(({ identity }) => identity === bob.me)
    expect(seat?.ended?.left).toBe(false)
  })

  test('loses nobody while its organiser has no keys', async () => {
    await act(alice, (draft) => {
      draft.remove('mls', GROUP)
    })
    expect(await groups.remove(GROUP, bob.me)).toBe('no-keys')
    expect(members(membershipOf(alice))).toHaveLength(3)
  })

  test('is handed over', async () => {
    await groups.handOver(GROUP, cem.me)
    await gossip([alice, bob])
    for (const self of [alice, bob]) expect(successorOf(membershipOf(self))).toBe(cem.me)
  })

  test('goes on without its organiser for whoever proposes it, and whoever follows', async () => {
    await groups.goOnWithout(GROUP)
    expect(membershipOf(alice).era.generation).toBe(1)
    await groupsOf(bob).goOnWithout(GROUP)
    await bring(bob, cem)
    expect(membershipOf(cem).era.generation).toBe(1)
    const [proposal] = membershipOf(cem).open
    const hers = groupsOf(cem)
    await hers.follow(GROUP, 'something')
    expect(await words(cem, GROUP)).toEqual([])
    await hers.follow(GROUP, proposal ?? '')
    expect(membershipOf(cem)).toMatchObject({ era: { generation: 2 }, organiser: bob.me, open: [] })
    expect(await words(cem, GROUP)).toMatchObject([{ kind: 'follow', target: { author: bob.me } }])
    expect(members(membershipOf(cem))).toEqual([bob.me, cem.me])
  })
})

describe('alice introduces two who do not know each other', () => {
  test('by the card of each in her chat with the other', async () => {
    await groups.introduce(bob.me, cem.me)
    expect(await words(alice, bob)).toMatchObject([{ kind: 'card', card: { identity: cem.me, name: 'Cem' } }])
    expect(await words(alice, cem)).toMatchObject([{ kind: 'card', card: { identity: bob.me, name: 'Bob' } }])
  })

  test('if she knows both', async () => {
    await expect(groups.introduce(bob.me, identityOf(9))).rejects.toThrow('nothing is known')
    expect([await words(alice, bob), alice.ledger.state.conversations.size]).toEqual([[], 3])
  })
})

describe('the chat with somebody met through others', () => {
  test('opens, once, and they are met from then on when they are there', async () => {
    await party([alice, bob, cem])
    expect(bob.ledger.state.contacts.get(cem.me)?.stage).toBe('fellow')
    const his = groupsOf(bob)
    const chat = await his.meet(cem.me)
    expect([chat, await his.meet(cem.me)]).toEqual([placeOf(bob, cem), placeOf(bob, cem)])
    expect(bob.ledger.state.conversations.get(chat)?.circle).toEqual({ kind: 'pair', peer: cem.me })
    expect(his.refreshed()).toBe(2)
  })

  test('opens with a card, and it is known who introduced them', async () => {
    await groups.introduce(bob.me, cem.me)
    const [said] = await words(alice, bob)
    if (said?.kind !== 'card') throw new Error('nobody was introduced')
    await groupsOf(bob).meet(said.card, alice.me)
    const contact = bob.ledger.state.contacts.get(cem.me)
    expect(contact).toMatchObject({ stage: 'fellow', through: { by: alice.me }, trust: 'unverified' })
    expect(bob.ledger.state.conversations.has(placeOf(bob, cem))).toBe(true)
  })

  test('does not open with somebody of whom nothing is known, or whose card nobody signed', async () => {
    await expect(groupsOf(bob).meet(dora.me)).rejects.toThrow('nothing is known')
    await groups.introduce(bob.me, cem.me)
    const [said] = await words(alice, bob)
    if (said?.kind !== 'card') throw new Error('nobody was introduced')
    const incarnation = { ...said.card.incarnation, signature: bytesOf(64, 1) }
    await expect(groupsOf(bob).meet({ ...said.card, incarnation })).rejects.toThrow('nothing is known')
  })
})

test('nothing that is said in a group is lost when somebody asks into it', async () => {
  await party([alice, bob])
  await say(alice, GROUP, 'hello')
  await groups.invite(GROUP, [cem.me])
  expect(await words(alice, GROUP)).toMatchObject([{ kind: 'roster' }, { kind: 'roster' }, { kind: 'text' }])
})
