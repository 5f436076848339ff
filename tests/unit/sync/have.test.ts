import { beforeEach, describe, expect, test } from 'vitest'
import { emptyFeed, type Agreement, type Feed } from '../../../src/core/feed.ts'
import { decodeFrame, encodeFrame, type Frame } from '../../../src/protocol/frame.ts'
import { MAX_HAVE } from '../../../src/protocol/limits.ts'
import { agree, agreementOf, fullVector, newerAgreement } from '../../../src/sync/have.ts'
import { placeOf, type Desk } from '../../support/desk.ts'
import { act, desks, feedIn, GROUP, letIn, membershipOf, party } from '../../support/party.ts'
import { bytesOf } from '../../support/samples.ts'
import { incarnationId } from '../../../src/core/ids.ts'

let alice: Desk, bob: Desk, cem: Desk
beforeEach(async () => {
  ;[alice, bob, cem] = await desks('Alice', 'Bob', 'Cem')
  await party([alice, bob])
})

const agreement = (self: Desk): Agreement => {
  const found = agreementOf(self.ledger.state, GROUP, self.author.mls)
  if (!found) throw new Error('no keys')
  return found
}
const vector = (place = GROUP, last: 'last' | 'ask' = 'last') =>
  fullVector(alice.ledger.state, place, { mls: alice.author.mls, last, to: bob.me }).flatMap((frame) =>
    frame.type === 'have' ? [frame] : [],
  )
const era = (generation: number, epoch: number) => ({ ...agreement(alice), era: { generation, epoch } })

describe('the full vector', () => {
  test('of nothing is one frame that says so, and asks if it is to', () => {
    const chat = placeOf(alice, bob)
    expect(vector(chat)).toEqual([{ type: 'have', conversation: chat, part: 'last', entries: [] }])
    expect(vector(chat, 'ask')[0]?.part).toBe('ask')
  })

  test('names every feed of which anything is held, and the group that we are in', async () => {
    await act(alice, (draft) => {
      draft.put('feeds', emptyFeed({ ...feedIn(bob), incarnation: incarnationId('00'.repeat(8)) }))
    })
    const [frame, ...more] = vector()
    expect([more, frame?.entries.length, frame?.agreement]).toEqual([[], 2, agreement(alice)])
    expect(frame?.entries.map(({ author }) => author).sort()).toEqual([alice.me, bob.me].sort())
  })

  test('of very much is cut into frames that fit', async () => {
    const life = (n: number) => incarnationId(n.toString(16).padStart(16, '0'))
    await act(alice, (draft) => {
      for (let n = 0; n < 2 * MAX_HAVE - 2; n++) {
        const feed: Feed = { ...emptyFeed({ ...feedIn(bob), incarnation: life(n) }), seq: 2 ** 40 }
        draft.put('feeds', feed)
      }
    })
    const frames: Frame[] = vector()
    expect(vector().map(({ part, entries }) => [part, entries.length])).toEqual([
      ['more', MAX_HAVE],
      ['last', MAX_HAVE],
    ])
    expect(frames.map((frame) => decodeFrame(encodeFrame(frame)))).toEqual(frames)
  })
})

describe('two devices', () => {
  test('agree if they are in the same era of the same group', () => {
    expect(agreement(alice)).toEqual(agreement(bob))
    expect(agreement(alice).era).toEqual(membershipOf(alice).era)
    expect(agreement(alice).authenticator).toHaveLength(8)
    expect(agree(agreement(alice), agreement(bob))).toBe('yes')
  })

  test('are elsewhere if one has no keys, is an era behind, or is in another group', async () => {
    const before = agreement(bob)
    await letIn(alice, cem)
    expect(agreementOf(bob.ledger.state, placeOf(bob, alice), bob.author.mls)).toBeUndefined()
    expect([agree(agreement(alice), before), agree(undefined, before), agree(before, undefined)]).toEqual([
      ...['elsewhere', 'elsewhere', 'elsewhere'],
    ])
    expect(agree(before, { ...before, group: bytesOf(8, 9) })).toBe('elsewhere')
    expect(agree(before, { ...before, era: { generation: 2, epoch: 1 } })).toBe('elsewhere')
  })

  test('do not agree if they have other secrets in the same era of the same group', () => {
    expect(agree(agreement(alice), { ...agreement(bob), authenticator: bytesOf(8, 9) })).toBe('no')
  })
})

test('of what somebody says about their group the latest counts, and what they said once holds', () => {
  const [early, late] = [era(1, 1), era(1, 2)]
  expect(newerAgreement(undefined, early)).toBe(early)
  expect(newerAgreement(early, late)).toBe(late)
  expect(newerAgreement(late, early)).toBe(late)
  expect(newerAgreement(late, era(2, 0))).toEqual(era(2, 0))
  const other = { ...late, authenticator: bytesOf(8, 9) }
  expect(newerAgreement(late, other)).toBe(other)
})
