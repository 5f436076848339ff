import { beforeEach, describe, expect, test } from 'vitest'
import { MAX_MEMBERS, members } from '../../../../src/core/membership.ts'
import type { Groups } from '../../../../src/features/groups/groups.ts'
import { type Desk } from '../../../support/desk.ts'
import { act, bring, desks, GROUP, membershipOf, party } from '../../../support/party.ts'
import { identityOf } from '../../../support/samples.ts'
import { groupsOf, picture, requestsOf, words } from './people.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
let groups: Groups
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  groups = groupsOf(alice)
})

const requests = (self = alice) => requestsOf(self)

describe('a new group', () => {
  test('begins with alice alone, and everybody whom she wants is asked in their chat with her', async () => {
    const group = await groups.create({ name: 'Band', picture, people: [bob.me, cem.me] })
    expect(membershipOf(alice, group)).toMatchObject({
      era: { generation: 1, epoch: 0 },
      organiser: alice.me,
    })
    expect(members(membershipOf(alice, group))).toEqual([alice.me])
    expect(alice.ledger.state.conversations.get(group)?.circle).toEqual({ kind: 'group', name: 'Band' })
    expect((await alice.store.get('pictures', group))?.picture).toEqual(picture)
    expect(await requests()).toEqual([
      [bob.me, 'asked'],
      [cem.me, 'asked'],
    ])
    for (const other of [bob, cem])
      expect(await words(alice, other)).toEqual([{ kind: 'invitation', group, name: 'Band' }])
    expect(await words(alice, dora)).toEqual([])
  })

  test('is another one each time, and has no picture unless it is given one', async () => {
    const one = await groups.create({ name: 'Band', people: [] })
    const other = await groups.create({ name: 'Band', people: [] })
    expect(one).not.toBe(other)
    expect(await alice.store.all('pictures')).toEqual([])
  })
})

describe('into her group alice may ask', () => {
  beforeEach(() => party([alice, bob, cem]))

  test('whoever is not in it yet', async () => {
    expect(await groups.invite(GROUP, [dora.me, bob.me])).toBeUndefined()
    expect(await requests()).toEqual([[dora.me, 'asked']])
    expect([await words(alice, dora), await words(alice, bob)]).toEqual([
      [{ kind: 'invitation', group: GROUP, name: 'Choir' }],
      [],
    ])
  })

  test('as many as there is room for, whoever has not answered included', async () => {
    await act(alice, (draft) => {
      for (let n = 0; n < MAX_MEMBERS - 4; n++)
        draft.put('requests', { group: GROUP, identity: identityOf(100 + n), at: 'asked' })
    })
    expect(await groups.invite(GROUP, [dora.me, identityOf(99)])).toBe('full')
    expect(await words(alice, dora)).toEqual([])
    expect(await groups.invite(GROUP, [dora.me])).toBeUndefined()
    expect(await groups.invite(GROUP, [dora.me])).toBeUndefined()
  })

  test('and nobody else may', async () => {
    expect(await groupsOf(bob).invite(GROUP, [alice.me])).toBe('not-organiser')
    expect(await requests(bob)).toEqual([])
  })
})

describe('bob, who was asked,', () => {
  let his: ReturnType<typeof groupsOf>
  beforeEach(async () => {
    await groups.create({ name: 'Band', people: [bob.me] })
    await bring(alice, bob, bob)
    his = groupsOf(bob)
  })
  const invitation = async () => {
    const [one] = await bob.store.all('invitations')
    return one
  }

  test('says yes, and knocks from then on', async () => {
    const { id = '' } = (await invitation()) ?? {}
    await his.answer(id, 'join')
    expect([(await invitation())?.at, his.refreshed()]).toEqual(['accepted', 1])
    await his.answer(id, 'decline')
    expect((await invitation())?.at).toBe('accepted')
    expect(await words(bob, alice)).toEqual([])
  })

  test('says no, and alice hears of it', async () => {
    const { id = '', group } = (await invitation()) ?? {}
    await his.answer(id, 'decline')
    expect(await invitation()).toBeUndefined()
    expect(await words(bob, alice)).toEqual([{ kind: 'declined', group }])
    await bring(bob, alice, alice)
    expect(await requests()).toEqual([[bob.me, 'declined']])
  })

  test('answers nothing that he was not asked', async () => {
    await his.answer('something', 'join')
    expect((await invitation())?.at).toBe('asked')
  })

  test('forgets it', async () => {
    const { id = '' } = (await invitation()) ?? {}
    await his.forget(id)
    expect(await invitation()).toBeUndefined()
  })

  test('is turned away by alice alone', async () => {
    const invite = '00'.repeat(16)
    await act(bob, (draft) => {
      draft.put('invitations', { id: invite, name: 'Band', organiser: alice.me, at: 'accepted' })
    })
    const frame = { type: 'turned-away', invite, reason: 'full' } as never
    const at = async () => (await bob.store.get('invitations', invite))?.at
    await his.turnedAway(cem.me, frame)
    expect(await at()).toBe('accepted')
    await his.turnedAway(alice.me, frame)
    expect(await bob.store.get('invitations', invite)).toMatchObject({ at: 'refused', refusal: 'full' })
  })
})
