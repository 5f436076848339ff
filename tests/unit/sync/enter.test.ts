import { beforeEach, describe, expect, test } from 'vitest'
import type { Invitation } from '../../../src/core/group.ts'
import { MAX_MEMBERS, members } from '../../../src/core/membership.ts'
import { feedKey } from '../../../src/core/record.ts'
import type { Frame } from '../../../src/protocol/frame.ts'
import { pairConversation } from '../../../src/crypto/address.ts'
import { enter } from '../../../src/sync/enter.ts'
import { agreementOf } from '../../../src/sync/have.ts'
import { keyPackageFor } from '../../../src/sync/key-packages.ts'
import { arrange } from '../../../src/sync/organise.ts'
import { purposeOf } from '../../../src/sync/wish.ts'
import { acquaint, desk, rowAt, rowsOf, say, take, type Desk } from '../../support/desk.ts'
import {
  act,
  ask,
  bring,
  desks,
  enterWith,
  feedIn,
  found,
  GROUP,
  heldOf,
  membershipOf,
  party,
  removeFrom,
  wanted,
} from '../../support/party.ts'
import { bytesOf, conversationOf, identityOf } from '../../support/samples.ts'

type Welcome = Frame & { type: 'welcome' }

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
})

const JOIN = { conversation: GROUP, generation: 0 }

/** What Alice answers Dora, whom she asked. */
async function welcomed(self = dora): Promise<Welcome> {
  await wanted(alice, self)
  const answer = await ask(self, alice, JOIN)
  if (answer?.type !== 'welcome') throw new Error('not let in')
  return answer
}
const inside = (self: Desk) => self.ledger.state.memberships.get(GROUP) !== undefined
const keys = (self: Desk) => self.ledger.state.mls.get(GROUP)
const agreed = (self: Desk) => agreementOf(self.ledger.state, GROUP, self.author.mls)
const showing = (self: Desk) => [...self.ledger.state.keyPackages.keys()]
const invitation = (change: Partial<Invitation>) =>
  act(dora, (draft) => {
    const known = draft.get('invitations', GROUP)
    if (known) draft.put('invitations', { ...known, ...change })
  })

describe('dora, who was asked and wants to, and is welcomed by alice', () => {
  test('is in it, with everybody else, from that moment on', async () => {
    await say(bob, GROUP, 'one', 'two')
    await bring(bob, alice)
    const frame = await welcomed()
    await enterWith(dora, alice, frame)
    const [hers, ours] = [membershipOf(dora), membershipOf(alice)]
    expect(hers).toEqual({ ...ours, open: [] })
    expect(members(hers)).toEqual([alice.me, bob.me, cem.me, dora.me])
    expect(hers.seats.at(-1)?.since).toEqual({ generation: 1, epoch: 3 })
    expect(keys(dora)).toMatchObject({ conversation: GROUP, generation: 1, used: [] })
    for (const self of [alice, bob, cem]) {
      expect(heldOf(dora, self)).toBe(heldOf(alice, self))
      const [one, other] = [dora, alice].map(
        (desk) => desk.ledger.state.feeds.get(feedKey(feedIn(self)))?.head,
      )
      expect(one).toEqual(other)
    }
  })

  test('has the chat, and the invitation and what she showed are gone', async () => {
    await enterWith(dora, alice, await welcomed())
    expect(dora.ledger.state.conversations.get(GROUP)?.circle).toEqual({ kind: 'group', name: 'Choir' })
    expect([await dora.store.all('invitations'), showing(dora)]).toEqual([[], []])
    const lines = (await rowsOf(dora, GROUP)).flatMap(({ line }) => line ?? [])
    expect(lines).toEqual([{ line: 'joined', by: dora.me }])
    expect(dora.ledger.state.contacts.get(cem.me)).toMatchObject({
      stage: 'fellow',
      through: { group: GROUP },
    })
  })

  test('enters once', async () => {
    const frame = await welcomed()
    await enterWith(dora, alice, frame)
    const before = [membershipOf(dora), keys(dora)]
    await enterWith(dora, alice, frame)
    expect([membershipOf(dora), keys(dora)]).toEqual(before)
  })

  test('keeps what she knew of the time when she was in it before', async () => {
    await enterWith(dora, alice, await welcomed())
    await bring(dora, alice)
    await say(dora, GROUP, 'hello')
    await bring(dora, alice)
    await removeFrom(alice, dora)
    await bring(alice, dora)
    const [gone] = membershipOf(dora).seats.filter(({ identity }) => identity === dora.me)
    await enterWith(dora, alice, await welcomed())
    const seats = membershipOf(dora).seats.filter(({ identity }) => identity === dora.me)
    expect([seats[0], seats[1]?.since]).toEqual([gone, { generation: 1, epoch: 5 }])
    expect(heldOf(dora, dora)).toBeGreaterThan(2)
  })

  test('hears so that others went while she was out of it, and what they said too late', async () => {
    await enterWith(dora, alice, await welcomed())
    await bring(dora, alice)
    await bring(alice, bob)
    const [kept, late] = [await say(bob, GROUP, 'kept'), await say(bob, GROUP, 'late')].flat().slice(-2)
    if (!kept || !late) throw new Error('nothing was said')
    await take(alice, bob, [kept])
    await bring(bob, dora)
    await removeFrom(alice, dora)
    await bring(alice, dora)
    await removeFrom(alice, bob)
    await enterWith(dora, alice, await welcomed())
    const seat = membershipOf(dora).seats.find(({ identity }) => identity === bob.me)
    expect(seat?.ended?.cuts.map(({ seq }) => seq)).toEqual([kept.seq])
    const rows = await Promise.all([kept, late].map((record) => rowAt(dora, record)))
    expect(rows.map(({ message }) => message?.late)).toEqual([undefined, true])
  })
})

describe('a welcome does nothing', () => {
  test.each<[string, Partial<Invitation>]>([
    ['if she did not say yes', { at: 'asked' }],
    ['if she said no', { at: 'declined' }],
    ['if somebody else asked her', { organiser: identityOf(9) }],
    ['if she was asked into another group', { group: conversationOf(9) }],
  ])('%s', async (_, change) => {
    const frame = await welcomed()
    await invitation(change)
    await enterWith(dora, alice, frame)
    expect([inside(dora), keys(dora), showing(dora).length]).toEqual([false, undefined, 1])
  })

  const odd: [string, (frame: Welcome) => Welcome][] = [
    ['if it does not tell who is there', ({ start: _, ...frame }) => frame],
    ['if it is of another group', (frame) => ({ ...frame, conversation: conversationOf(9) })],
    ['if it is of another generation', (frame) => ({ ...frame, generation: 2 })],
    ['if it is broken', (frame) => ({ ...frame, welcome: bytesOf(50, 1) })],
    ['if it tells of another era', (frame) => changed(frame, { era: { generation: 1, epoch: 4 } })],
    ['if it keeps somebody secret', (frame) => changed(frame, { seats: frame.start?.seats.slice(1) ?? [] })],
    ['if it does not tell of the organiser’s own feed', (frame) => changed(frame, { base: [] })],
  ]
  test.each(odd)('%s', async (_, change) => {
    const frame = await welcomed()
    await enterWith(dora, alice, change(frame))
    expect([inside(dora), keys(dora), showing(dora).length]).toEqual([false, undefined, 1])
    await enterWith(dora, alice, frame)
    expect(inside(dora)).toBe(true)
  })

  test('if it tells of more people than a group has', async () => {
    const frame = await welcomed()
    const [seat] = frame.start?.seats ?? []
    if (!seat) throw new Error('nobody')
    const crowd = Array.from({ length: MAX_MEMBERS }, (_, n) => {
      return { ...seat, card: { ...seat.card, identity: identityOf(50 + n) } }
    })
    await enterWith(dora, alice, changed(frame, { seats: [...(frame.start?.seats ?? []), ...crowd] }))
    expect(inside(dora)).toBe(false)
  })

  test.each([
    ['her notes', () => dora.me],
    ['a chat with somebody she knows', () => cem.me],
  ])('if its id is that of %s', async (_, who) => {
    await acquaint(dora, cem)
    const id = pairConversation(dora.me, who())
    await found(alice, id)
    await act(alice, (draft) => {
      draft.put('requests', { group: id, identity: dora.me, at: 'asked' })
    })
    await act(dora, (draft) => {
      draft.put('invitations', { id, group: id, name: 'Climbing', organiser: alice.me, at: 'accepted' })
    })
    const answer = await ask(dora, alice, { conversation: id, generation: 0 })
    if (answer?.type !== 'welcome') throw new Error('not let in')
    await enterWith(dora, alice, answer)
    expect(dora.ledger.state.conversations.get(id)?.circle.kind).not.toBe('group')
    expect(dora.ledger.state.mls.has(id)).toBe(false)
  })

  test('if bob brings it, or alice in another life', async () => {
    const frame = await welcomed()
    await enterWith(dora, bob, frame)
    expect(inside(dora)).toBe(false)
    const { incarnation } = bob.ledger.state.self
    const from = { peer: alice.me, incarnation: incarnation.id }
    await act(dora, (draft) => enter(draft, dora.author, { frame, from }))
    expect(inside(dora)).toBe(false)
  })

  test('for somebody else', async () => {
    const frame = await welcomed()
    const eve = await desk('Eve', 9)
    await wanted(alice, eve)
    await act(eve, (draft) => keyPackageFor(draft, eve.author, purposeOf(JOIN, alice.me)))
    await enterWith(eve, alice, frame)
    expect(inside(eve)).toBe(false)
  })

  test('with what was shown for something else', async () => {
    const frame = await welcomed()
    await act(dora, (draft) => {
      const [own] = draft.all('keyPackages')
      if (!own) throw new Error('nothing was shown')
      draft.remove('keyPackages', own.purpose)
      draft.put('keyPackages', { ...own, purpose: `${GROUP}/1/${alice.me}` })
    })
    await enterWith(dora, alice, frame)
    expect([inside(dora), showing(dora).length]).toEqual([false, 1])
  })
})

describe('a member who lost the keys', () => {
  const lose = (self: Desk) =>
    act(self, (draft) => {
      draft.remove('mls', GROUP)
    })
  const REJOIN = { conversation: GROUP, generation: 1 }

  test('gets others, and nothing else changes', async () => {
    await lose(bob)
    const before = membershipOf(bob)
    const answer = await ask(bob, alice, REJOIN)
    if (!answer) throw new Error('not let in')
    await enterWith(bob, alice, answer)
    expect([membershipOf(bob), keys(bob)?.generation, showing(bob)]).toEqual([before, 1, []])
    await bring(alice, bob)
    expect(membershipOf(bob).era).toEqual({ generation: 1, epoch: 3 })
    expect([keys(bob)?.generation, bob.suspicions]).toEqual([1, []])
  })

  test('and asked twice, gets the newer ones in place of keys that work', async () => {
    const answer = await ask(bob, alice, REJOIN)
    if (!answer) throw new Error('not let in')
    expect(await enterWith(bob, alice, answer)).toBe(true)
    await bring(alice, bob)
    expect(agreed(bob)).toEqual(agreed(alice))
  })

  test('and was let in again after that, gets no older ones', async () => {
    await lose(bob)
    const answer = await ask(bob, alice, REJOIN)
    if (!answer) throw new Error('not let in')
    await act(alice, (draft) => arrange(draft, alice.author, { conversation: GROUP }))
    await bring(alice, bob)
    expect([await enterWith(bob, alice, answer), keys(bob), showing(bob)]).toEqual([false, undefined, []])
  })

  test('does not get them as an invitation to a group that she is in', async () => {
    await lose(bob)
    const answer = await ask(bob, alice, JOIN)
    if (!answer) throw new Error('not let in')
    await enterWith(bob, alice, answer)
    expect(keys(bob)).toBeUndefined()
  })
})

function changed(frame: Welcome, change: Partial<NonNullable<Welcome['start']>>): Welcome {
  if (!frame.start) throw new Error('no start')
  return { ...frame, start: { ...frame.start, ...change } }
}
