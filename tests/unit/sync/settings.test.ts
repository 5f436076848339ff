import { beforeEach, describe, expect, test } from 'vitest'
import type { Body } from '../../../src/core/body.ts'
import { MAX_DRIFT_MS } from '../../../src/core/clock.ts'
import { say, take, type Desk } from '../../support/desk.ts'
import { act, bring, desks, GROUP, membershipOf, party } from '../../support/party.ts'
import { begin, lines, one, own } from './rosters.ts'

let alice: Desk, bob: Desk, cem: Desk
beforeEach(async () => {
  ;[alice, bob, cem] = await desks('Alice', 'Bob', 'Cem')
  await party([alice, bob, cem])
})

const info = (name: string): Body => ({ kind: 'info', name })
const nameAt = (self: Desk) => {
  const circle = self.ledger.state.conversations.get(GROUP)?.circle
  return circle?.kind === 'group' ? circle.name : undefined
}
const chatAt = (self: Desk, place = GROUP) => self.ledger.state.conversations.get(place)
/** Alice names bob, and he takes over. */
async function handOver(): Promise<void> {
  await say(alice, GROUP, { kind: 'handover', to: bob.me })
  await bring(alice, bob)
  await begin(bob, 'handover')
}

describe('what a new organiser arranges', () => {
  test('counts also where it is heard before they were named', async () => {
    await handOver()
    await say(bob, GROUP, info('Band'), { kind: 'vanish', seconds: 60 })
    await take(cem, bob, await own(bob))
    expect([nameAt(cem), membershipOf(cem).early?.length]).toEqual(['Choir', 2])
    await bring(alice, cem)
    expect([nameAt(cem), chatAt(cem)?.vanish?.value]).toEqual(['Band', 60])
    expect(membershipOf(cem)).not.toHaveProperty('early')
    expect(await lines(cem)).toContainEqual({ line: 'renamed', by: bob.me, name: 'Band' })
  })

  test('stands above all that the one before arranged, however far ahead their clock was', async () => {
    alice.clock.now += 365 * 24 * 3_600_000
    await say(alice, GROUP, info('For good'), { kind: 'vanish', seconds: 5 })
    await handOver()
    await say(bob, GROUP, info('Band'), { kind: 'vanish', seconds: 0 })
    await bring(alice, cem)
    await take(cem, bob, await own(bob))
    for (const self of [bob, cem]) expect([nameAt(self), chatAt(self)?.vanish?.value]).toEqual(['Band', 0])
  })

  test('is theirs alone: whoever handed the group over arranges nothing more', async () => {
    await say(alice, GROUP, { kind: 'handover', to: bob.me })
    await say(alice, GROUP, info('Still mine'))
    await bring(alice, cem)
    expect([nameAt(cem), nameAt(alice)]).toEqual(['Choir', 'Choir'])
  })

  test('is remembered up to 64 records', async () => {
    await handOver()
    await say(bob, GROUP, ...Array.from({ length: 70 }, (_, n) => info(String(n))))
    await take(cem, bob, await own(bob))
    expect(membershipOf(cem).early).toHaveLength(64)
    await bring(alice, cem)
    expect(nameAt(cem)).toBe('69')
  })
})

describe('nobody sets for years, by a clock that runs ahead,', () => {
  const soon = (self: Desk) => self.clock.now + MAX_DRIFT_MS

  test('what is pinned', async () => {
    const target = { author: alice.me, incarnation: alice.ledger.state.self.incarnation.id, seq: 1 }
    bob.clock.now += 365 * 24 * 3_600_000
    await take(alice, bob, [await one(bob, { kind: 'pin', target, pinned: true })])
    expect(chatAt(alice)?.pin).toMatchObject({ value: target, clock: soon(alice) })
    alice.clock.now += MAX_DRIFT_MS + 1
    await say(alice, GROUP, { kind: 'pin', target, pinned: false })
    expect(chatAt(alice)?.pin?.value).toBeUndefined()
  })

  test('that messages of two disappear', async () => {
    bob.clock.now += 365 * 24 * 3_600_000
    await take(alice, bob, await say(bob, alice, { kind: 'vanish', seconds: 5 }))
    const chat = [...alice.ledger.state.conversations.values()].find(({ vanish }) => vanish)
    expect(chat?.vanish).toMatchObject({ value: 5, clock: soon(alice) })
    alice.clock.now += MAX_DRIFT_MS + 1
    await say(alice, bob, { kind: 'vanish', seconds: 0 })
    expect(chatAt(alice, chat?.id)?.vanish?.value).toBe(0)
  })
})

test('what came early and is nothing any more is passed over', async () => {
  await handOver()
  await take(cem, bob, await own(bob))
  await act(cem, (draft) => {
    draft.put('memberships', { ...membershipOf(cem), early: ['nothing'] })
  })
  await bring(alice, cem)
  expect(membershipOf(cem)).not.toHaveProperty('early')
})
