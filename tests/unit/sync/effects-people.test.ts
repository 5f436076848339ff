import { beforeEach, describe, expect, test } from 'vitest'
import type { Body, Target } from '../../../src/core/body.ts'
import type { Line } from '../../../src/core/conversation.ts'
import { feedOf } from '../../../src/core/record.ts'
import { reachKey, type StoredReach } from '../../../src/store/tables.ts'
import { createActs } from '../../../src/sync/acts.ts'
import { noDelivery, rowsOf, say, take, type Desk, type Place } from '../../support/desk.ts'
import { act, bring, desks, feedIn, GROUP, gossip, heldOf, party, removeFrom } from '../../support/party.ts'
import { conversationOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk, cem: Desk
beforeEach(async () => {
  const people = await desks('Alice', 'Bob', 'Cem')
  await party(people)
  ;[alice, bob, cem] = people
})

const OTHER = conversationOf(77)
const all = () => gossip([alice, bob, cem])
const beginAgain = (self: Desk) => createActs(self.ledger, self.author, noDelivery(self)).beginAgain()
async function lines(self: Desk, kind: Line['line'], place: Place = GROUP): Promise<Line[]> {
  return (await rowsOf(self, place)).flatMap(({ line }) => (line?.line === kind ? [line] : []))
}
const toGroup: Body = { kind: 'invitation', group: OTHER, name: 'Orchestra' }

describe('a new life of bob', () => {
  test('is told once where he was known before, and is how he speaks from now on', async () => {
    await beginAgain(bob)
    await say(bob, GROUP, 'here again')
    await all()
    expect(await lines(alice, 'restored')).toEqual([{ line: 'restored', who: bob.me }])
    expect(await lines(bob, 'restored')).toEqual([])
    const contact = alice.ledger.state.contacts.get(bob.me)
    const { incarnation } = bob.ledger.state.self
    expect(contact).toMatchObject({ incarnation })
  })

  test('is not told of where he speaks for the first time', async () => {
    expect(await lines(alice, 'restored')).toEqual([])
  })

  test('does not give way to an earlier one that comes late', async () => {
    await say(bob, alice, 'in the first')
    const earlier = (await rowsOf(bob, alice)).length
    await beginAgain(bob)
    const { incarnation } = bob.ledger.state.self
    await say(bob, GROUP, 'in the second')
    await bring(bob, alice)
    await bring(bob, alice, alice)
    expect(earlier).toBe(3)
    expect(alice.ledger.state.contacts.get(bob.me)).toMatchObject({ incarnation })
  })
})

describe('a report of what somebody holds', () => {
  const seen = (...feeds: Target[]): Body => ({ kind: 'seen', feeds })
  const ours = (seq: number): Target => {
    const { author, incarnation } = feedIn(alice)
    return { author, incarnation, seq }
  }
  const reach = (): Promise<StoredReach | undefined> =>
    alice.store.get('reaches', reachKey({ feed: feedOf(feedIn(alice)), peer: cem.me }))
  const report = async (...feeds: Target[]) => {
    await say(cem, GROUP, seen(...feeds))
    await bring(cem, alice)
    return (await reach())?.delivered
  }

  test('is a receipt for our own feed, whoever brings it, and when it came is noted', async () => {
    await say(alice, GROUP, 'one')
    const seq = heldOf(alice, alice)
    await all()
    alice.clock.now += 9_000
    await say(cem, GROUP, seen(ours(seq)))
    await bring(cem, bob)
    await bring(bob, alice)
    expect(await reach()).toMatchObject({ delivered: seq, steps: [[seq, alice.clock.now]] })
  })

  test('never takes anything back, and says nothing of what was never written', async () => {
    await say(alice, GROUP, 'one')
    const last = heldOf(alice, alice)
    expect(await report(ours(last + 1))).toBeUndefined()
    expect(await report(ours(last - 1))).toBe(last - 1)
    expect(await report(ours(last - 2))).toBe(last - 1)
    expect(await report(ours(last))).toBe(last)
    expect(await report(ours(last))).toBe(last)
    expect((await reach())?.steps).toHaveLength(2)
  })

  test('says nothing to alice about what others wrote', async () => {
    const { author, incarnation } = feedIn(bob)
    await say(cem, GROUP, seen({ author, incarnation, seq: 1 }))
    await bring(cem, alice)
    const reaches = await alice.store.all('reaches')
    expect(reaches.filter(({ feed }) => feed.author === bob.me)).toEqual([])
  })
})

describe('an invitation into a group', () => {
  const invitations = (self: Desk) => self.store.all('invitations')

  test('waits for an answer, and stands in the chat with whoever asked', async () => {
    await say(alice, bob, toGroup)
    await bring(alice, bob, bob)
    const line = { line: 'invited', by: alice.me, group: OTHER, name: 'Orchestra' }
    expect(await invitations(bob)).toEqual([
      { id: OTHER, group: OTHER, name: 'Orchestra', organiser: alice.me, at: 'asked' },
    ])
    for (const [self, other] of [
      [alice, bob],
      [bob, alice],
    ] as const)
      expect(await lines(self, 'invited', other)).toEqual([line])
    expect(await invitations(alice)).toEqual([])
  })

  test('is kept for somebody who has not heard yet that they were removed', async () => {
    await removeFrom(alice, bob)
    await say(alice, bob, { kind: 'invitation', group: GROUP, name: 'Choir' })
    await bring(alice, bob, bob)
    expect(await invitations(bob)).toMatchObject([{ group: GROUP, at: 'asked' }])
  })

  test('is none if it is said in a group', async () => {
    await say(alice, GROUP, toGroup)
    await all()
    expect([...(await invitations(bob)), ...(await invitations(cem))]).toEqual([])
    expect(await lines(bob, 'invited')).toEqual([])
  })

  test('is one for somebody who was in it and was removed', async () => {
    await removeFrom(alice, bob)
    await bring(alice, bob)
    await say(alice, bob, { kind: 'invitation', group: GROUP, name: 'Choir' })
    await bring(alice, bob, bob)
    expect(await invitations(bob)).toMatchObject([{ group: GROUP, at: 'asked' }])
  })
})

describe('a no', () => {
  const no: Body = { kind: 'declined', group: GROUP }
  const requested = (self: Desk, at: 'asked' | 'admitted') =>
    act(alice, (draft) => {
      draft.put('requests', { group: GROUP, identity: self.me, at })
    })
  const request = async (self: Desk) => (await alice.store.get('requests', `${GROUP}/${self.me}`))?.at

  test('is heard by whoever asked, in the chat of the two', async () => {
    await requested(bob, 'asked')
    await say(bob, alice, no)
    await bring(bob, alice, alice)
    expect(await request(bob)).toBe('declined')
    expect(await lines(alice, 'declined', bob)).toEqual([{ line: 'declined', who: bob.me, name: 'Choir' }])
  })

  test('to what nobody asked, or by somebody else, changes nothing', async () => {
    await requested(cem, 'asked')
    await requested(bob, 'admitted')
    await say(bob, alice, no)
    await bring(bob, alice, alice)
    expect([await request(bob), await request(cem)]).toEqual(['admitted', 'asked'])
    expect(await lines(alice, 'declined', bob)).toEqual([])
  })
})

describe('somebody who wants to leave', () => {
  test('and came back meanwhile has not asked again', async () => {
    const records = await say(bob, GROUP, { kind: 'leave' })
    await act(alice, (draft) => {
      const membership = draft.get('memberships', GROUP)
      if (!membership) throw new Error('no group')
      const since = { generation: 1, epoch: 9 }
      const again = membership.seats.flatMap((seat) =>
        seat.identity === bob.me
          ? [
              { ...seat, ended: { until: membership.era, cuts: [], left: true, at: 1 } },
              { identity: bob.me, since },
            ]
          : [seat],
      )
      draft.put('memberships', { ...membership, era: since, seats: again })
    })
    await take(alice, bob, records)
    expect(await alice.store.all('requests')).toEqual([])
  })

  test('is remembered by everybody: another one may organise the group by the time they are let go', async () => {
    await say(bob, GROUP, { kind: 'leave' })
    await all()
    for (const self of [alice, bob, cem])
      expect(await self.store.all('requests')).toEqual([{ group: GROUP, identity: bob.me, at: 'leaves' }])
  })

  test('who has left already asks for nothing', async () => {
    await say(bob, GROUP, { kind: 'leave' })
    const late = await rowsOf(bob, GROUP)
    expect(late).not.toEqual([])
    await act(alice, (draft) => {
      const membership = draft.get('memberships', GROUP)
      if (!membership) return
      const seats = membership.seats.map((seat) => {
        if (seat.identity !== bob.me) return seat
        const { incarnation } = feedIn(bob)
        const cuts = [{ incarnation, seq: 99 }]
        return { ...seat, ended: { until: membership.era, cuts, at: 0, left: true } }
      })
      draft.put('memberships', { ...membership, seats })
    })
    await say(cem, GROUP, 'bye')
    await bring(bob, cem)
    await bring(cem, alice)
    expect(heldOf(alice, bob)).toBe(heldOf(bob, bob))
    expect(await alice.store.all('requests')).toEqual([])
  })
})
