import { beforeEach, describe, expect, test } from 'vitest'
import type { Body } from '../../../src/core/body.ts'
import { members } from '../../../src/core/membership.ts'
import type { Roster } from '../../../src/core/roster.ts'
import { recordKey } from '../../../src/core/record.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import { cardOf } from '../../../src/sync/organise.ts'
import { reconsider, rosterOf, takeRoster } from '../../../src/sync/roster.ts'
import { rowAt, type Desk } from '../../support/desk.ts'
import { act, bring, desks, GROUP, gossip, letIn, membershipOf, party } from '../../support/party.ts'
import { begin, lines, one, own, state } from './rosters.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
})

describe('a proposal to go on without alice', () => {
  const follow = (self: Desk, record: RecordOnWire) =>
    act(self, async (draft) => {
      const membership = draft.get('memberships', GROUP)
      if (membership) draft.put('memberships', { ...membership, follows: recordKey(record) })
      await reconsider(draft, self.author, GROUP)
    })

  test('counts for bob who makes it, and for the others when they agree', async () => {
    await begin(bob, 'without', [alice])
    const [proposal] = (await own(bob)).slice(-1)
    if (!proposal) throw new Error('nothing was proposed')
    await gossip([alice, bob, cem])
    expect(state(bob)).toEqual({ era: [2, 0], organiser: bob.me, open: 0 })
    for (const self of [alice, cem]) {
      expect(state(self)).toEqual({ era: [1, 2], organiser: alice.me, open: 1 })
      expect(await lines(self)).toContainEqual({
        ...{ line: 'without', by: bob.me, organiser: alice.me, roster: recordKey(proposal) },
      })
    }
    await follow(cem, proposal)
    expect(state(cem)).toEqual({ era: [2, 0], organiser: bob.me, open: 0 })
    expect(members(membershipOf(cem))).toEqual([bob.me, cem.me])
  })
})

describe('a roster record that does not count', () => {
  test('waits, once, with thirty-one others of its author at the most', async () => {
    const card = await act(bob, (draft) => cardOf(draft, bob.me))
    if (!card) throw new Error('nobody')
    const vain = (n: number): Body => {
      const begins = { generation: 50 + n, epoch: 0 }
      const roster: Roster = { begins, cause: 'lost', seats: [{ card, since: begins }], ended: [], base: [] }
      return { kind: 'roster', roster }
    }
    await one(cem, vain(99))
    await bring(cem, alice)
    for (let n = 0; n < 34; n++) await one(bob, vain(n))
    await bring(bob, alice)
    expect(state(alice)).toEqual({ era: [1, 2], organiser: alice.me, open: 33 })
    const { open } = membershipOf(alice)
    const [his, hers] = [(await own(bob)).at(-1), (await own(cem)).at(-1)]
    expect([open.at(0), open.at(-1)]).toEqual([hers, his].map((record) => record && recordKey(record)))
  })

  test('is not kept if it leads nowhere from where it was written', async () => {
    const { era } = membershipOf(bob)
    const roster: Roster = { begins: era, cause: 'lost', seats: [], ended: [], base: [] }
    await one(bob, { kind: 'roster', roster })
    await bring(bob, alice)
    expect([state(alice).open, state(bob).open]).toEqual([0, 0])
  })
})

describe('a commit of our own that was lost here', () => {
  test('and comes back after we began anew stays open, for it is to be made good', async () => {
    await letIn(alice, dora)
    const commits = await own(alice)
    await act(alice, (draft) => {
      const membership = draft.get('memberships', GROUP)
      if (!membership) return
      // As before Dora came.
      const seats = membership.seats.slice(0, 3)
      draft.put('memberships', { ...membership, seats, era: { generation: 1, epoch: 2 } })
    })
    await begin(alice, 'lost')
    expect(state(alice)).toEqual({ era: [2, 0], organiser: alice.me, open: 0 })
    const lost = commits.at(-1)
    if (!lost) throw new Error('nothing was committed')
    const row = await rowAt(alice, lost)
    const roster = rosterOf(row.record)
    if (!roster) throw new Error('no roster')
    await act(alice, (draft) =>
      takeRoster(draft, alice.author, { stored: row, body: { kind: 'roster', roster } }),
    )
    expect(membershipOf(alice).open).toEqual([recordKey(lost)])
  })
})
