import { beforeEach, describe, expect, test } from 'vitest'
import type { Body } from '../../../src/core/body.ts'
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

  test('is remembered up to 16 records of one person', async () => {
    await handOver()
    await say(bob, GROUP, ...Array.from({ length: 20 }, (_, n) => info(String(n))))
    await take(cem, bob, await own(bob))
    expect(membershipOf(cem).early).toHaveLength(16)
    await bring(alice, cem)
    expect(nameAt(cem)).toBe('19')
  })
})

test('what comes late ranks as it would have at once: by the clock of its author', async () => {
  const target = { author: alice.me, incarnation: alice.ledger.state.self.incarnation.id, seq: 1 }
  const pin = (pinned: boolean): Body => ({ kind: 'pin', target, pinned })
  bob.clock.now += 3_600_000
  const early = await one(bob, pin(true))
  const late = await one(alice, pin(false))
  await take(cem, alice, [late])
  await take(cem, bob, [early])
  await take(alice, bob, [early])
  expect([chatAt(alice)?.pin, chatAt(cem)?.pin]).toEqual([chatAt(bob)?.pin, chatAt(bob)?.pin])
  expect(chatAt(cem)?.pin?.value).toEqual(target)
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
