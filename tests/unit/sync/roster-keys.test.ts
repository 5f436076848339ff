import { beforeEach, describe, expect, test } from 'vitest'
import type { Roster } from '../../../src/core/roster.ts'
import { sameEra } from '../../../src/core/era.ts'
import { signRecord } from '../../../src/crypto/record.ts'
import { encodeBody } from '../../../src/protocol/body.ts'
import { agreementOf } from '../../../src/sync/have.ts'
import { arrange, beginGeneration } from '../../../src/sync/organise.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { rosterOf } from '../../../src/sync/roster.ts'
import { works } from '../../../src/sync/wish.ts'
import { rowsOf, take, type Desk } from '../../support/desk.ts'
import {
  act,
  ask,
  bring,
  desks,
  enterWith,
  GROUP,
  heldOf,
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

const keys = (self: Desk) => agreementOf(self.ledger.state, GROUP, self.author.mls)
const renew = () => act(alice, (draft) => arrange(draft, alice.author, { conversation: GROUP }))
const inStep = (self: Desk) => {
  const held = keys(self)
  return held !== undefined && sameEra(held.era, membershipOf(self).era)
}

describe('our keys', () => {
  test('follow each commit of the organiser, also many at once', async () => {
    await renew()
    await letIn(alice, dora)
    await renew()
    await bring(alice, bob)
    expect([inStep(bob), keys(bob)]).toEqual([true, keys(alice)])
    expect(works(bob.ledger.state.mls.get(GROUP), membershipOf(bob), bob.author.mls)).toBe(true)
  })

  test('are given up by whoever was removed', async () => {
    await removeFrom(alice, bob)
    await bring(alice, bob)
    expect([keys(bob), bob.suspicions.filter((what) => what === 'fork')]).toEqual([undefined, []])
  })

  test('are given up for a generation in which we have none yet', async () => {
    await act(alice, (draft) => beginGeneration(draft, alice.author, { conversation: GROUP, cause: 'lost' }))
    expect(inStep(alice)).toBe(true)
    await bring(alice, bob)
    expect([membershipOf(bob).era, keys(bob)]).toEqual([{ generation: 2, epoch: 0 }, undefined])
    expect(bob.suspicions).toEqual([])
  })

  test('are not touched by a commit that they are ahead of', async () => {
    await letIn(alice, dora)
    const before = keys(dora)
    await bring(alice, dora)
    expect([before, keys(dora)]).toEqual([keys(alice), keys(alice)])
  })

  test('are given up by whoever a commit adds anew, for the welcome that goes with it', async () => {
    const frame = await ask(bob, alice, { conversation: GROUP, generation: 1 })
    if (frame?.type !== 'welcome') throw new Error('not added')
    await bring(alice, bob)
    expect([keys(bob), bob.suspicions]).toEqual([undefined, []])
    await enterWith(bob, alice, frame)
    expect([inStep(bob), keys(bob)]).toEqual([true, keys(alice)])
  })

  test('are given up, and counted, if a commit does not fit them', async () => {
    await act(bob, (draft) => {
      const held = draft.get('mls', GROUP)
      const other = cem.ledger.state.mls.get(GROUP)
      // A state that took in other commits than the ones that were recorded.
      if (held && other) draft.put('mls', { ...held, state: other.state })
    })
    await forge({ commit: new Uint8Array(40) })
    expect([keys(bob), bob.suspicions]).toEqual([undefined, ['fork']])
    expect(membershipOf(bob).era).toEqual({ generation: 1, epoch: 3 })
  })

  test('are given up, and counted, if a commit tells of others than it adds', async () => {
    await letIn(alice, dora)
    const rows = (await rowsOf(alice, GROUP)).map(({ record }) => record)
    const commit = rows.filter(({ author }) => author === alice.me).at(-1)
    if (commit?.form !== 'record') throw new Error('nothing was committed')
    await forge({ commit: await commitIn(commit.seq), seats: [] })
    expect([keys(bob), bob.suspicions]).toEqual([undefined, ['fork']])
  })

  test('are given up, and counted, if a commit is missing', async () => {
    await forge({})
    expect([keys(bob), bob.suspicions]).toEqual([undefined, ['fork']])
  })
})

/** The commit in one of Alice's records. */
async function commitIn(seq: number): Promise<Uint8Array<ArrayBuffer>> {
  const rows = await rowsOf(alice, GROUP)
  const row = rows.find(({ record }) => record.author === alice.me && record.seq === seq)
  const commit = row && rosterOf(row.record)?.commit
  if (!commit) throw new Error('no commit')
  return commit
}

/** Alice writes for Bob, in place of what she may have written, that the next epoch begins like this. */
async function forge(odd: Partial<Roster>): Promise<void> {
  const begins = { generation: 1, epoch: 3 }
  const roster: Roster = { begins, cause: 'commit', seats: [], ended: [], base: [], ...odd }
  const body = encodeBody({ kind: 'roster', roster })
  const content = { kind: 'roster' as const, clock: alice.clock.now + 500, body, salt: new Uint8Array(8) }
  const { incarnation } = alice.ledger.state.self
  const at = { conversation: GROUP, incarnation: incarnation.id, seq: heldOf(bob, alice) + 1 }
  const era = { generation: 1, epoch: 2 }
  const record = await signRecord(alice.signer, { ...at, era }, content)
  await take(bob, alice, [toWire(record)])
}
