import { beforeEach, describe, expect, test } from 'vitest'
import { members } from '../../../src/core/membership.ts'
import { recordKey } from '../../../src/core/record.ts'
import { reconsider } from '../../../src/sync/roster.ts'
import { read, rowAt, say, type Desk } from '../../support/desk.ts'
import { act, bring, desks, GROUP, membershipOf, party, removeFrom } from '../../support/party.ts'
import { begin, own, state } from './rosters.ts'

let alice: Desk, bob: Desk, cem: Desk
beforeEach(async () => {
  ;[alice, bob, cem] = await desks('Alice', 'Bob', 'Cem')
  await party([alice, bob, cem])
})

describe('what somebody wrote before their removal was known', () => {
  test('above the cut is marked as late for those who have it, and below it is not', async () => {
    const [kept] = (await say(bob, GROUP, 'kept')).slice(-1)
    await bring(bob, alice)
    const [late] = (await say(bob, GROUP, 'late')).slice(-1)
    await bring(bob, cem)
    if (!kept || !late) throw new Error('nothing was said')
    await removeFrom(alice, bob)
    await bring(alice, cem)
    expect([(await rowAt(cem, kept)).message?.late, (await rowAt(cem, late)).message?.late]).toEqual([
      undefined,
      true,
    ])
    expect(await read(cem, GROUP)).toEqual(['kept', 'late'])
    expect(await read(alice, GROUP)).toEqual(['kept'])
  })

  test('can never go any more from their own device, and is told as failed there', async () => {
    const [kept] = (await say(bob, GROUP, 'kept')).slice(-1)
    await bring(bob, alice)
    const [late] = (await say(bob, GROUP, 'late')).slice(-1)
    if (!kept || !late) throw new Error('nothing was said')
    await removeFrom(alice, bob)
    await bring(alice, bob)
    expect([(await rowAt(bob, kept)).message?.failed, (await rowAt(bob, late)).message?.failed]).toEqual([
      ...[undefined, 'removed'],
    ])
    expect((await rowAt(bob, late)).message?.late).toBeUndefined()
  })

  test('in a feed that the organiser does not hold at all counts for nothing', async () => {
    const [said] = (await say(bob, GROUP, 'hello')).slice(-1)
    await bring(bob, cem)
    if (!said) throw new Error('nothing was said')
    await act(alice, (draft) => {
      const feed = draft.feedsOf(GROUP).find(({ author }) => author === bob.me)
      if (feed) draft.put('feeds', { ...feed, seq: 0 })
    })
    await removeFrom(alice, bob)
    await bring(alice, cem)
    expect((await rowAt(cem, said)).message?.late).toBe(true)
  })

  test('is theirs after all if it belongs to a generation of theirs that we follow then', async () => {
    await begin(bob, 'without', [alice])
    const [onward] = (await say(bob, GROUP, 'onward')).slice(-1)
    const [proposal] = (await own(bob)).slice(-2)
    if (!onward || !proposal) throw new Error('nothing was said')
    await bring(bob, cem)
    await removeFrom(alice, bob)
    await bring(alice, cem)
    expect((await rowAt(cem, onward)).message?.late).toBe(true)
    await act(cem, async (draft) => {
      const membership = draft.get('memberships', GROUP)
      if (membership) draft.put('memberships', { ...membership, follows: recordKey(proposal) })
      await reconsider(draft, cem.author, GROUP)
    })
    expect(state(cem)).toMatchObject({ era: [2, 0], organiser: bob.me })
    expect((await rowAt(cem, onward)).message).not.toHaveProperty('late')
  })

  test('is found also before what they wrote while they were out of it, of which nothing is here', async () => {
    const [late] = (await say(bob, GROUP, 'late')).slice(-1)
    if (!late) throw new Error('nothing was said')
    await bring(bob, cem)
    await act(cem, (draft) => {
      const feed = draft.feedsOf(GROUP).find(({ author }) => author === bob.me)
      if (feed) draft.put('feeds', { ...feed, seq: feed.seq + 40 })
    })
    await removeFrom(alice, bob)
    await bring(alice, cem)
    expect((await rowAt(cem, late)).message?.late).toBe(true)
  })

  test('is looked for only where something is, however far their feed is said to go', async () => {
    await act(cem, (draft) => {
      const feed = draft.feedsOf(GROUP).find(({ author }) => author === bob.me)
      if (feed) draft.put('feeds', { ...feed, seq: 2 ** 40 })
    })
    await removeFrom(alice, bob)
    await bring(alice, cem)
    expect(members(membershipOf(cem))).not.toContain(bob.me)
  })

  test('others have not written late', async () => {
    const [said] = (await say(cem, GROUP, 'hello')).slice(-1)
    if (!said) throw new Error('nothing was said')
    await removeFrom(alice, bob)
    await bring(alice, cem)
    expect((await rowAt(cem, said)).message).not.toHaveProperty('failed')
  })
})
