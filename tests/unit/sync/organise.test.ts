import { beforeEach, describe, expect, test } from 'vitest'
import { emptyFeed } from '../../../src/core/feed.ts'
import { incarnationId } from '../../../src/core/ids.ts'
import { MAX_MEMBERS, members } from '../../../src/core/membership.ts'
import { isInformed } from '../../../src/core/roster.ts'
import { feedKey } from '../../../src/core/record.ts'
import { MAX_BASE, MAX_CUTS } from '../../../src/protocol/limits.ts'
import { arrange, beginGeneration, cardOf, heads, type Newcomer } from '../../../src/sync/organise.ts'
import { rosterOf } from '../../../src/sync/roster.ts'
import { rowsOf, say, type Desk } from '../../support/desk.ts'
import {
  act,
  bring,
  desks,
  feedIn,
  found,
  GROUP,
  heldOf,
  letIn,
  membershipOf,
  party,
  removeFrom,
} from '../../support/party.ts'
import { identityOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
})

const newcomer = async (who: Desk): Promise<Newcomer> => {
  const { shown: keyPackage } = await who.author.mls.keyPackage()
  const card = await act(alice, (draft) => cardOf(draft, who.me))
  return { identity: who.me, keyPackage, ...(card && { card }) }
}
const commit = (self: Desk, change: Omit<Parameters<typeof arrange>[2], 'conversation'> = {}) =>
  act(self, (draft) => arrange(draft, self.author, { conversation: GROUP, ...change }))
async function lastRoster(self: Desk) {
  const rosters = (await rowsOf(self, GROUP)).flatMap(({ record }) =>
    record.author === self.me ? (rosterOf(record) ?? []) : [],
  )
  return rosters.at(-1)
}
/** Bob, by himself, lived so often and said a word each time. */
const lives = (many: number) =>
  act(alice, (draft) => {
    for (let n = 0; n < many; n++) {
      const incarnation = incarnationId(n.toString(16).padStart(16, '0'))
      draft.put('feeds', { ...emptyFeed({ ...feedIn(bob), incarnation }), seq: 1 })
    }
  })

describe('a commit', () => {
  test('adds and removes at once, and tells where the feeds end and where the new ones begin', async () => {
    await say(bob, GROUP, 'hello')
    await bring(bob, alice)
    const remove = [{ identity: bob.me, left: false }]
    const welcomed = await commit(alice, { add: [await newcomer(dora)], remove })
    const roster = await lastRoster(alice)
    expect(roster?.ended).toEqual([
      {
        identity: bob.me,
        left: false,
        cuts: [{ incarnation: feedIn(bob).incarnation, seq: heldOf(bob, bob) }],
      },
    ])
    expect(roster?.seats.map(({ card, since }) => [card.name, since.epoch])).toEqual([['Dora', 3]])
    expect(roster?.base.map(({ author }) => author).sort()).toEqual([alice.me, bob.me, cem.me].sort())
    expect(members(membershipOf(alice))).toEqual([alice.me, cem.me, dora.me])
    expect(welcomed?.start.seats.map(({ card }) => card.name)).toEqual(['Alice', 'Cem', 'Dora'])
    const own = welcomed?.start.base.find(({ author }) => author === alice.me)
    expect([own?.seq, alice.ledger.state.feeds.get(feedKey(feedIn(alice)))?.left]).toEqual([
      ...[heldOf(alice, alice), heldOf(alice, alice)],
    ])
  })

  test('that adds nobody new tells of no feeds, and lets nothing leave', async () => {
    await commit(alice)
    const roster = await lastRoster(alice)
    expect([roster?.base, roster?.seats, roster?.ended]).toEqual([[], [], []])
    const { left = 0 } = alice.ledger.state.feeds.get(feedKey(feedIn(alice))) ?? {}
    expect(left).toBeLessThan(heldOf(alice, alice))
  })

  test('is made by the organiser alone, with keys in step, until the group is handed over', async () => {
    expect(await commit(bob)).toBeUndefined()
    await act(alice, (draft) => {
      draft.put('memberships', {
        ...membershipOf(alice),
        handovers: [
          { generation: 1, by: alice.me, to: bob.me, at: { incarnation: feedIn(alice).incarnation, seq: 9 } },
        ],
      })
    })
    expect(await commit(alice)).toBeUndefined()
    await act(alice, (draft) => {
      draft.put('memberships', { ...membershipOf(alice), era: { generation: 1, epoch: 7 } })
    })
    expect(await commit(alice)).toBeUndefined()
  })

  test('of too many is our own mistake', async () => {
    await act(alice, (draft) => {
      const membership = membershipOf(alice)
      const more = Array.from({ length: MAX_MEMBERS - 3 }, (_, n) => identityOf(100 + n))
      const seats = [...membership.seats, ...more.map((identity) => ({ identity, since: membership.era }))]
      draft.put('memberships', { ...membership, seats })
    })
    const crowd = commit(alice, { add: [await newcomer(dora)] })
    await expect(crowd).rejects.toThrow('too many members')
    const again = await commit(alice, { add: [await newcomer(bob)] })
    expect(again?.welcome).toBeDefined()
  })
})

describe('somebody with very many lives', () => {
  test('can be removed like others; most counts of those in which they said most', async () => {
    await say(bob, GROUP, 'hello')
    await bring(bob, alice)
    await lives(MAX_CUTS + 10)
    await removeFrom(alice, bob)
    const [end] = (await lastRoster(alice))?.ended ?? []
    expect(end?.cuts).toHaveLength(MAX_CUTS)
    expect(end?.cuts).toContainEqual({ incarnation: feedIn(bob).incarnation, seq: heldOf(bob, bob) })
    expect(members(membershipOf(alice))).toEqual([alice.me, cem.me])
  })

  test('keeps nobody from coming in, nor the organiser from beginning anew', async () => {
    await lives(MAX_BASE + 10)
    const base = await act(alice, (draft) => heads(draft, GROUP))
    expect(base).toHaveLength(MAX_BASE)
    await letIn(alice, dora)
    expect(members(membershipOf(dora))).toHaveLength(4)
    await bring(alice, cem)
    await act(alice, (draft) => beginGeneration(draft, alice.author, { conversation: GROUP, cause: 'lost' }))
    const roster = await lastRoster(alice)
    expect(roster && isInformed(membershipOf(cem), roster)).toBe(true)
  })
})

describe('a generation', () => {
  test('begins with everybody, as they were, and without whom it leaves out', async () => {
    await act(bob, (draft) =>
      beginGeneration(draft, bob.author, { conversation: GROUP, cause: 'without', without: [alice.me] }),
    )
    const roster = await lastRoster(bob)
    expect(roster).toMatchObject({ cause: 'without', begins: { generation: 2, epoch: 0 } })
    expect(roster).not.toHaveProperty('commit')
    expect(roster?.seats.map(({ card, since }) => [card.identity, since.epoch])).toEqual([
      [bob.me, 1],
      [cem.me, 2],
    ])
    expect(roster?.ended.map(({ identity, cuts }) => [identity, cuts[0]?.seq])).toEqual([
      [alice.me, heldOf(bob, alice)],
    ])
    expect(bob.ledger.state.mls.get(GROUP)).toMatchObject({ generation: 2, used: [] })
  })

  test('of one begins with that one', async () => {
    await found(dora)
    expect(membershipOf(dora)).toMatchObject({ era: { generation: 1, epoch: 0 }, organiser: dora.me })
    expect(members(membershipOf(dora))).toEqual([dora.me])
  })

  test('of a chat that is not there is our own mistake', async () => {
    const nowhere = act(dora, (draft) =>
      beginGeneration(draft, dora.author, { conversation: GROUP, cause: 'first' }),
    )
    await expect(nowhere).rejects.toThrow('no such conversation')
  })
})
