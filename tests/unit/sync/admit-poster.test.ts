import { beforeEach, describe, expect, test } from 'vitest'
import type { Request } from '../../../src/core/group.ts'
import type { ShownInvite } from '../../../src/core/invite.ts'
import { MAX_MEMBERS, members } from '../../../src/core/membership.ts'
import { inviteIdOf } from '../../../src/crypto/invite.ts'
import type { Joining } from '../../../src/protocol/frame.ts'
import type { Answer } from '../../../src/sync/admit.ts'
import { cardOf } from '../../../src/sync/organise.ts'
import { desk, type Desk } from '../../support/desk.ts'
import { act, ask, desks, GROUP, membershipOf, party } from '../../support/party.ts'
import { bytesOf, identityOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
})

const present = () => members(membershipOf(alice))
const request = (at: Request['at'], more: Partial<Request> = {}) =>
  act(alice, (draft) => {
    draft.put('requests', { group: GROUP, identity: dora.me, at, ...more })
  })
const requests = async () => (await alice.store.all('requests')).map(({ at }) => at)
const name = (answer: Answer | undefined) => (answer?.type === 'turned-away' ? answer.reason : answer?.type)
/** There are so many people already. */
const crowded = (many: number) =>
  act(alice, (draft) => {
    const membership = draft.get('memberships', GROUP)
    if (!membership) return
    const more = Array.from({ length: many - membership.seats.length }, (_, n) => identityOf(100 + n))
    const seats = [...membership.seats, ...more.map((identity) => ({ identity, since: membership.era }))]
    draft.put('memberships', { ...membership, seats })
  })

describe('with the code of her group', () => {
  const secret = bytesOf(16, 0x77)
  const to: Joining = { invite: inviteIdOf(secret) }
  const hang = (change: Partial<ShownInvite> = {}) =>
    act(alice, (draft) => {
      const group = { conversation: GROUP, admit: 'ask' as const }
      const expires = alice.clock.now + 1_000
      draft.put('invites', { secret, expires, via: 'qr', state: 'live', group, ...change } as ShownInvite)
    })
  const all = { group: { conversation: GROUP, admit: 'all' as const } }
  const come = async () => name(await ask(dora, alice, to))

  test('everybody is let in if alice wants it so', async () => {
    await hang(all)
    expect([await come(), present().length]).toEqual(['welcome', 4])
  })

  test('somebody waits for alice to decide, who is told who it is', async () => {
    await hang()
    const eve = await desk('Eve', 9)
    const card = await act(eve, (draft) => cardOf(draft, eve.me))
    if (!card) throw new Error('nobody')
    await act(alice, (draft) => {
      draft.put('requests', { group: GROUP, identity: eve.me, at: 'called', card })
    })
    expect(await ask(eve, alice, to)).toBeUndefined()
    const [asked] = await alice.store.all('requests')
    expect(asked).toEqual({ group: GROUP, identity: eve.me, at: 'wishes', card, invite: inviteIdOf(secret) })
    await act(alice, (draft) => {
      if (asked) draft.put('requests', { ...asked, at: 'admitted' })
    })
    expect(name(await ask(eve, alice, to))).toBe('welcome')
    expect([present().includes(eve.me), await requests()]).toEqual([true, []])
  })

  test('no more than 64 wait for her at once; who is waiting already may ask again', async () => {
    await hang()
    await act(alice, (draft) => {
      for (let n = 0; n < 64; n++)
        draft.put('requests', { group: GROUP, identity: identityOf(100 + n), at: 'wishes' })
    })
    expect(await come()).toBeUndefined()
    expect(await requests()).toHaveLength(64)
    await act(alice, (draft) => {
      draft.remove('requests', `${GROUP}/${identityOf(100)}`)
    })
    await come()
    await come()
    const waiting = await alice.store.all('requests')
    expect(waiting.filter(({ identity }) => identity === dora.me)).toHaveLength(1)
  })

  test('nobody is let in of whom nothing is known', async () => {
    await hang(all)
    const eve = await desk('Eve', 9)
    expect(await ask(eve, alice, to)).toBeUndefined()
    expect(present()).toHaveLength(3)
  })

  test('whoever was turned away hears so', async () => {
    await hang()
    await request('turned-away')
    expect([await come(), present().length]).toEqual(['declined', 3])
  })

  test('whoever comes too late hears so: it ran out, was withdrawn, or the group was handed over', async () => {
    await hang({ ...all, expires: alice.clock.now - 1 })
    expect(await come()).toBe('over')
    await hang({ ...all, state: 'withdrawn' })
    expect(await come()).toBe('over')
    await hang(all)
    await act(alice, (draft) => {
      const membership = draft.get('memberships', GROUP)
      if (membership) draft.put('memberships', { ...membership, organiser: bob.me })
    })
    expect([await come(), present().length]).toEqual(['over', 3])
  })

  test('whoever finds it full hears so', async () => {
    await hang(all)
    await crowded(MAX_MEMBERS)
    expect([await come(), present().length]).toEqual(['full', MAX_MEMBERS])
  })

  test('a member who comes with it gets new keys, and no second seat', async () => {
    await hang()
    expect(name(await ask(bob, alice, to))).toBe('welcome')
    expect(present()).toHaveLength(3)
  })

  test('that nobody made, or with the invite of a person, nobody is let in', async () => {
    expect(await come()).toBeUndefined()
    await hang({ group: undefined } as never)
    expect(await come()).toBeUndefined()
    expect(present()).toHaveLength(3)
  })
})
