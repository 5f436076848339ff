import { beforeEach, describe, expect, test } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import type { Era } from '../../../src/core/era.ts'
import type { Invitation } from '../../../src/core/group.ts'
import { inviteId } from '../../../src/core/ids.ts'
import { invitationsOf, purposeOf, wishOf, works } from '../../../src/sync/wish.ts'
import { openPair } from '../../../src/sync/pair.ts'
import { placeOf, type Desk, type Place } from '../../support/desk.ts'
import {
  act,
  desks,
  GROUP,
  keysBetween,
  letIn,
  membershipOf,
  party,
  removeFrom,
  SECRET,
} from '../../support/party.ts'
import { addressOfNumber, bytesOf, conversationOf, identityOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
})

const wish = (self: Desk, peer: Desk, place: Place = GROUP, theirs?: Era) =>
  wishOf(self.ledger.state, placeOf(self, place), { mls: self.author.mls, peer: peer.me, theirs })
const lose = (self: Desk, place: Place = GROUP) =>
  act(self, (draft) => {
    draft.remove('mls', placeOf(self, place))
  })
const change = (self: Desk, more: object, place: Place = GROUP) =>
  act(self, (draft) => {
    draft.put('memberships', { ...membershipOf(self, place), ...more })
  })

describe('in a group', () => {
  beforeEach(() => party([alice, bob, cem]))

  test('whoever has keys that work wishes for nothing', () => {
    expect([wish(bob, alice), wish(alice, bob), wish(bob, cem)]).toEqual([undefined, undefined, undefined])
  })

  test('whoever lost them asks the organiser, and nobody else', async () => {
    await lose(bob)
    expect(wish(bob, alice)).toEqual({ conversation: GROUP, generation: 1 })
    expect(wish(bob, cem)).toBeUndefined()
  })

  test('the organiser who lost them asks nobody', async () => {
    await lose(alice)
    expect(wish(alice, bob)).toBeUndefined()
  })

  test('keys of another generation, or of another life of the organiser, do not work', async () => {
    await change(bob, { era: { generation: 2, epoch: 0 } })
    expect(wish(bob, alice)).toEqual({ conversation: GROUP, generation: 2 })
    const { last } = membershipOf(cem)
    await change(cem, { last: { ...last, incarnation: dora.ledger.state.self.incarnation.id } })
    expect(wish(cem, alice)).toEqual({ conversation: GROUP, generation: 1 })
  })

  test('nobody asks whoever is not in it, nor if they are not in it themselves', async () => {
    await lose(bob)
    expect(wish(bob, dora)).toBeUndefined()
    await letIn(alice, dora)
    await removeFrom(alice, dora)
    await change(dora, { seats: membershipOf(alice).seats })
    await lose(dora)
    expect(wish(dora, alice)).toBeUndefined()
    expect(wish(bob, alice, conversationOf(9))).toBeUndefined()
  })
})

describe('between two', () => {
  test('a generation that is out of reach is not believed', async () => {
    await keysBetween(alice, bob)
    await lose(bob, alice)
    const far = wish(bob, alice, alice, { generation: 2 ** 32 - 1, epoch: 0 })
    expect(far).toEqual({ conversation: placeOf(alice, bob), generation: 1 })
  })

  test('whoever forgot a generation that the other is in asks for it, or for the next one if it was their own', async () => {
    await keysBetween(alice, bob)
    await lose(bob, alice)
    const conversation = placeOf(alice, bob)
    const later = (generation: number) => wish(bob, alice, alice, { generation, epoch: 1 })
    expect([later(1), later(2), later(7)]).toEqual([
      { conversation, generation: 1 },
      { conversation, generation: 3 },
      { conversation, generation: 7 },
    ])
    await lose(alice, bob)
    expect(wish(alice, bob, bob, { generation: 2, epoch: 1 })).toEqual({ conversation, generation: 2 })
    expect(wish(alice, bob, bob, { generation: 3, epoch: 1 })).toEqual({ conversation, generation: 4 })
  })

  test('both ask for the first keys, and who showed the invite names it', async () => {
    const first = { conversation: placeOf(alice, bob), generation: 1 }
    expect([wish(alice, bob, bob), wish(bob, alice, alice)]).toEqual([first, first])
    await change(alice, { psks: { opened: SECRET } }, bob)
    await change(bob, { psks: { shown: SECRET } }, alice)
    expect(wish(alice, bob, bob)).toEqual(first)
    expect(wish(bob, alice, alice)).toEqual({ ...first, invite: inviteId(toHex(SECRET.id)) })
  })

  test('whoever lost them asks the organiser to add them, and the organiser asks for the next generation', async () => {
    await keysBetween(alice, bob)
    const conversation = placeOf(alice, bob)
    expect([wish(alice, bob, bob), wish(bob, alice, alice)]).toEqual([undefined, undefined])
    await lose(bob, alice)
    await lose(alice, bob)
    expect(wish(bob, alice, alice)).toEqual({ conversation, generation: 1 })
    expect(wish(alice, bob, bob)).toEqual({ conversation, generation: 2 })
  })

  test('the keys for the first generation are not asked for in the chat of two others', () => {
    expect(wish(alice, cem, bob)).toBeUndefined()
  })
})

test('notes to oneself have no keys, and nobody to ask', async () => {
  await act(alice, (draft) => openPair(draft, alice.me, alice.author))
  expect(wish(alice, bob, alice)).toBeUndefined()
})

test('of the groups that alice could let her into, dora asks for those that she wants to be in', async () => {
  const invitation = (id: string, more: Partial<Invitation>): Invitation => {
    return { id, name: 'Choir', organiser: alice.me, at: 'accepted', ...more }
  }
  const poster = { secret: bytesOf(16, 1), address: addressOfNumber(1), expires: 5 }
  const code = inviteId('ab'.repeat(16))
  await act(dora, (draft) => {
    draft.put('invitations', invitation(GROUP, { group: GROUP }))
    draft.put('invitations', invitation(code, { poster }))
    draft.put('invitations', invitation('asked', { group: conversationOf(1), at: 'asked' }))
    draft.put('invitations', invitation('refused', { group: conversationOf(2), at: 'refused' }))
    draft.put('invitations', invitation('bob', { group: conversationOf(3), organiser: bob.me }))
    draft.put('invitations', invitation('nowhere', {}))
  })
  expect(invitationsOf(dora.ledger.state, alice.me)).toEqual([
    { id: GROUP, to: { conversation: GROUP, generation: 0 } },
    { id: code, to: { invite: code } },
  ])
  expect(invitationsOf(dora.ledger.state, bob.me).map(({ id }) => id)).toEqual(['bob'])
})

test('what is shown for one purpose is good for no other', () => {
  const [ann, ben] = [identityOf(1), identityOf(2)]
  const purposes = [
    purposeOf({ conversation: GROUP, generation: 1 }, ann),
    purposeOf({ conversation: GROUP, generation: 1 }, ben),
    purposeOf({ conversation: GROUP, generation: 2 }, ann),
    purposeOf({ conversation: conversationOf(1), generation: 1 }, ann),
    purposeOf({ invite: inviteId('ab'.repeat(16)) }, ann),
    purposeOf({ invite: inviteId('cd'.repeat(16)) }, ann),
    purposeOf({ invite: inviteId('cd'.repeat(16)) }, ben),
  ]
  expect(new Set(purposes).size).toBe(7)
})

test('keys work in the group of the present generation alone', async () => {
  await party([alice, bob])
  const held = bob.ledger.state.mls.get(GROUP)
  const membership = membershipOf(bob)
  const { mls } = bob.author
  expect(works(held, membership, mls)).toBe(true)
  expect(works(undefined, membership, mls)).toBe(false)
  const { organiser: _, ...young } = membership
  expect(works(held, young, mls)).toBe(false)
  expect(works(held, { ...membership, organiser: bob.me }, mls)).toBe(false)
})
