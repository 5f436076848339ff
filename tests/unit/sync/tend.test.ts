import { beforeEach, describe, expect, test } from 'vitest'
import { members, type Membership } from '../../../src/core/membership.ts'
import { feedKey, recordKey } from '../../../src/core/record.ts'
import { heldInStep } from '../../../src/sync/seal.ts'
import { dutyOf, fulfil } from '../../../src/sync/tend.ts'
import { rowsOf, say, type Desk } from '../../support/desk.ts'
import {
  act,
  bring,
  desks,
  feedIn,
  found,
  GROUP,
  gossip,
  letIn,
  membershipOf,
  party,
  removeFrom,
} from '../../support/party.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
})

const duty = (self: Desk, informed: number | undefined = 0) =>
  dutyOf(self.ledger.state, GROUP, { author: self.author, informed })
const nobodyTold = (self: Desk) =>
  dutyOf(self.ledger.state, GROUP, { author: self.author, informed: undefined })
async function doIt(self: Desk): Promise<void> {
  const due = duty(self)
  if (due === undefined || due === 'hear') throw new Error('there is nothing to do')
  await act(self, (draft) => fulfil(draft, self.author, { conversation: GROUP, duty: due }))
}
const lose = (self: Desk) =>
  act(self, (draft) => {
    draft.remove('mls', GROUP)
  })
const change = (self: Desk, more: Partial<Membership>) =>
  act(self, (draft) => {
    draft.put('memberships', { ...membershipOf(self), ...more })
  })
const ownFeed = (more: object) =>
  act(alice, (draft) => {
    const feed = draft.get('feeds', feedKey(feedIn(alice)))
    if (feed) draft.put('feeds', { ...feed, ...more })
  })
const wantsToLeave = (who: Desk) =>
  act(alice, (draft) => {
    draft.put('requests', { group: GROUP, identity: who.me, at: 'leaves' })
  })

test('an organiser whose group is in order has nothing to do, nor has anybody else', () => {
  expect([alice, bob, cem].map((self) => duty(self))).toEqual([undefined, undefined, undefined])
})

describe('an organiser who lost the keys', () => {
  beforeEach(() => lose(alice))

  test('begins anew as soon as a member told what they hold, and all of it is here', async () => {
    expect([nobodyTold(alice), duty(alice)]).toEqual([undefined, 'begin-anew'])
    await ownFeed({ claimed: 99 })
    expect(duty(alice)).toBe('hear')
    await ownFeed({ claimed: 3, tail: 99 })
    expect(duty(alice)).toBe('hear')
  })

  test('does not wait for ever for what somebody claims to hold', async () => {
    await ownFeed({ claimed: 99 })
    expect([duty(alice, 119_999), duty(alice, 120_000)]).toEqual(['hear', 'begin-anew'])
  })

  test('waits for nobody if there is nobody', async () => {
    await change(alice, { seats: membershipOf(alice).seats.slice(0, 1) })
    expect(nobodyTold(alice)).toBe('begin-anew')
  })

  test('does not wait for what others claim of each other', async () => {
    await act(alice, (draft) => {
      const feed = draft.get('feeds', feedKey(feedIn(bob)))
      if (feed) draft.put('feeds', { ...feed, claimed: 99, tail: 99 })
    })
    expect(duty(alice)).toBe('begin-anew')
  })

  test('has the same people in the group as before, who follow', async () => {
    await doIt(alice)
    expect(membershipOf(alice)).toMatchObject({ era: { generation: 2, epoch: 0 }, organiser: alice.me })
    expect(duty(alice)).toBeUndefined()
    await bring(alice, bob)
    expect(members(membershipOf(bob))).toEqual([alice.me, bob.me, cem.me])
    expect(membershipOf(bob).era).toEqual({ generation: 2, epoch: 0 })
  })
})

test('a member who lost the keys has no such duty', async () => {
  await lose(bob)
  expect(duty(bob)).toBeUndefined()
})

describe('whom the organiser named', () => {
  beforeEach(async () => {
    await say(alice, GROUP, { kind: 'handover', to: bob.me })
    await gossip([alice, bob, cem])
  })

  test('takes over, and nobody else has anything to do', async () => {
    expect([alice, bob, cem].map((self) => duty(self))).toEqual([undefined, 'take-over', undefined])
    await doIt(bob)
    await gossip([alice, bob, cem])
    for (const self of [alice, bob, cem]) {
      expect(membershipOf(self)).toMatchObject({ era: { generation: 2, epoch: 0 }, organiser: bob.me })
      expect(duty(self)).toBeUndefined()
    }
  })

  test('is the only one who may still do something, even if keys are lost', async () => {
    await lose(alice)
    await wantsToLeave(cem)
    expect(duty(alice)).toBeUndefined()
  })
})

describe('members who want to leave', () => {
  test('are let go, all at once, of their own will', async () => {
    await wantsToLeave(bob)
    await wantsToLeave(cem)
    expect([duty(alice), duty(bob)]).toEqual(['let-go', undefined])
    await doIt(alice)
    expect([members(membershipOf(alice)), duty(alice)]).toEqual([[alice.me], undefined])
    expect(
      membershipOf(alice)
        .seats.slice(1)
        .map(({ ended }) => ended?.left),
    ).toEqual([true, true])
    expect(await alice.store.all('requests')).toEqual([])
  })

  test('and are gone already are forgotten', async () => {
    await removeFrom(alice, bob)
    await wantsToLeave(bob)
    const { era } = membershipOf(alice)
    await doIt(alice)
    expect([await alice.store.all('requests'), membershipOf(alice).era]).toEqual([[], era])
  })

  test('wait until the organiser has keys again', async () => {
    await wantsToLeave(bob)
    await lose(alice)
    expect(duty(alice)).toBe('begin-anew')
    await doIt(alice)
    expect(duty(alice)).toBe('let-go')
  })
})

describe('a commit that was lost here and came back after alice had begun anew', () => {
  /** Dora was let in and Bob removed; Alice knows nothing of it, and begins anew. */
  async function forget(): Promise<void> {
    const before = membershipOf(alice)
    await letIn(alice, dora)
    await removeFrom(alice, bob)
    const commits = (await rowsOf(alice, GROUP)).filter(({ record }) => record.author === alice.me).slice(-2)
    await change(alice, { seats: before.seats, era: before.era })
    await lose(alice)
    await doIt(alice)
    expect(members(membershipOf(alice))).toEqual([alice.me, bob.me, cem.me])
    await change(alice, { open: commits.map(({ record }) => recordKey(record)) })
  }

  test('is made good: whom it added is in, and whom it removed is out', async () => {
    await forget()
    expect(duty(alice)).toBe('take-in')
    await doIt(alice)
    expect(members(membershipOf(alice))).toEqual([alice.me, cem.me, dora.me])
    expect(membershipOf(alice)).toMatchObject({ era: { generation: 3, epoch: 0 }, open: [] })
    expect([
      duty(alice),
      heldInStep(alice.ledger.state.mls.get(GROUP), membershipOf(alice), alice.author.mls)?.generation,
    ]).toEqual([undefined, 3])
  })

  test('is none if somebody else wrote it', async () => {
    await change(alice, { open: [recordKey({ ...feedIn(bob), seq: 2 })] })
    expect(duty(alice)).toBeUndefined()
  })
})

test('whoever is in it no longer, or not in a group, has no duty', async () => {
  await change(alice, { seats: membershipOf(alice).seats.slice(1) })
  await lose(alice)
  expect(duty(alice)).toBeUndefined()
  await found(dora)
  await lose(dora)
  expect(duty(dora)).toBe('begin-anew')
  await act(dora, (draft) => {
    const chat = draft.get('conversations', GROUP)
    if (chat) draft.put('conversations', { ...chat, circle: { kind: 'self' } })
  })
  expect(duty(dora)).toBeUndefined()
})
