import { beforeEach, describe, expect, test } from 'vitest'
import { inviteIdOf } from '../../../../src/crypto/invite.ts'
import type { Groups } from '../../../../src/features/groups/groups.ts'
import { createDoors } from '../../../../src/features/pairing/doors.ts'
import { createPairing } from '../../../../src/features/pairing/pairing.ts'
import { readInvite } from '../../../../src/protocol/invite.ts'
import type { Bound } from '../../../../src/net/bind.ts'
import { profileOf } from '../../../../src/sync/profile.ts'
import type { Invite } from '../../../../src/core/invite.ts'
import { desk, type Desk } from '../../../support/desk.ts'
import { act, ask, desks, enterWith, GROUP, membershipOf, party } from '../../../support/party.ts'
import { identityOf } from '../../../support/samples.ts'
import { groupsOf, ORIGIN } from './people.ts'

const DAY = 86_400_000
let alice: Desk, bob: Desk, eve: Desk
let groups: Groups
beforeEach(async () => {
  ;[alice, bob] = await desks('Alice', 'Bob')
  eve = await desk('Eve', 9)
  await party([alice, bob])
  groups = groupsOf(alice)
})

const invite = (text: string): Invite => {
  const read = readInvite(text, ORIGIN)
  if (!('invite' in read)) throw new Error(read.problem)
  return read.invite
}
const doors = (self: Desk) => [...createDoors(self.ledger, () => self.clock.now).all()]
const pairing = (self: Desk) => {
  const { ledger, author } = self
  return createPairing({
    ledger,
    origin: ORIGIN,
    now: author.now,
    randomBytes: author.randomBytes,
    refresh: () => {},
  })
}
const hang = (admit: 'ask' | 'all' = 'ask', via: 'qr' | 'link' = 'qr') => groups.poster(GROUP, { via, admit })
/** As if BIND had proved who it is. */
function bound(who: Desk): Bound {
  const { self } = who.ledger.state
  return {
    ...{
      result: 'bound',
      identity: who.me,
      incarnation: self.incarnation,
      version: 2,
      profile: profileOf(self),
    },
    tell: () => Promise.resolve(),
    told: () => Promise.resolve(undefined),
  }
}
/** Eve, who read it, stands at Alice's door. */
async function arrive(): Promise<string> {
  const [door] = doors(alice).filter(({ expects }) => expects === undefined)
  if (!door) throw new Error('no open door')
  return pairing(alice).meet(door, bound(eve))
}
const request = () => alice.store.get('requests', `${GROUP}/${eve.me}`)

describe('the code of a group', () => {
  test('names the group and its organiser, for thirty days, on a wall or as a link', async () => {
    const { text, expires } = await hang()
    expect(expires).toBe(alice.clock.now + 30 * DAY)
    expect(invite(text)).toMatchObject({ name: 'Choir', identity: alice.me, group: true, expires })
    expect(text.startsWith(ORIGIN.toUpperCase())).toBe(true)
    const link = await hang('ask', 'link')
    expect(invite(link.text)).toEqual(invite(text))
  })

  test('stays the same until it runs out or is withdrawn', async () => {
    const first = await hang()
    alice.clock.now += 29 * DAY
    expect(await hang()).toEqual(first)
    alice.clock.now += DAY
    const second = await hang()
    expect(invite(second.text).secret).not.toEqual(invite(first.text).secret)
    await groups.withdraw(GROUP)
    const third = await hang()
    expect(invite(third.text).secret).not.toEqual(invite(second.text).secret)
    expect((await alice.store.all('invites')).map(({ state }) => state).sort()).toEqual([
      ...['live', 'withdrawn', 'withdrawn'],
    ])
  })

  test('lets in whoever comes, or after alice was asked, as she wants it last', async () => {
    await hang('all')
    await hang('ask')
    const [shown] = await alice.store.all('invites')
    expect(shown?.group).toEqual({ conversation: GROUP, admit: 'ask' })
  })

  test('is not what alice shows for herself', async () => {
    await hang()
    const own = await pairing(alice).show('qr')
    expect(invite(own.text)).not.toHaveProperty('group')
    expect(await alice.store.all('invites')).toHaveLength(2)
  })
})

describe('eve, who found it,', () => {
  let hers: ReturnType<typeof groupsOf>
  beforeEach(() => {
    hers = groupsOf(eve)
  })

  test('knocks with it, and goes on as long as it is good', async () => {
    const found = invite((await hang()).text)
    await hers.knock(found)
    expect(await eve.store.all('invitations')).toMatchObject([
      { id: inviteIdOf(found.secret), name: 'Choir', organiser: alice.me, at: 'accepted' },
    ])
    expect(hers.refreshed()).toBe(1)
    expect(doors(eve)).toMatchObject([{ expects: alice.me, address: found.address, secret: found.secret }])
    eve.clock.now += 31 * DAY + 1
    expect(doors(eve)).toEqual([])
  })

  test('is heard, and known by name in case she asks; no chat is made, and the code is not used up', async () => {
    await hang()
    expect(await arrive()).toBe('welcome')
    expect(await request()).toMatchObject({ at: 'called', card: { name: 'Eve' } })
    expect(await arrive()).toBe('welcome')
    expect([alice.ledger.state.contacts.has(eve.me), alice.ledger.state.conversations.size]).toEqual([
      false,
      2,
    ])
    await groups.withdraw(GROUP)
    expect(await arrive()).toBe('expired')
  })

  test('who asked already is not forgotten when she comes again', async () => {
    const found = invite((await hang()).text)
    await arrive()
    expect(await ask(eve, alice, { invite: inviteIdOf(found.secret) })).toBeUndefined()
    await arrive()
    expect((await request())?.at).toBe('wishes')
  })

  test('is not heard while 64 others stand at the door', async () => {
    await hang()
    await act(alice, (draft) => {
      for (let n = 0; n < 64; n++)
        draft.put('requests', { group: GROUP, identity: identityOf(100 + n), at: 'called' })
    })
    await arrive()
    expect(await request()).toBeUndefined()
  })

  test('is forgotten when alice withdraws the code', async () => {
    const found = invite((await hang()).text)
    await arrive()
    await ask(eve, alice, { invite: inviteIdOf(found.secret) })
    expect((await request())?.at).toBe('wishes')
    await groups.withdraw(GROUP)
    expect(await request()).toBeUndefined()
  })

  test('is let in when alice says so, and turned away when she does not', async () => {
    const found = invite((await hang()).text)
    await hers.knock(found)
    await arrive()
    const to = { invite: inviteIdOf(found.secret) }
    await ask(eve, alice, to)
    await groups.decide(GROUP, eve.me, 'turn-away')
    expect(await ask(eve, alice, to)).toMatchObject({ type: 'turned-away', reason: 'declined' })
    await groups.decide(GROUP, eve.me, 'admit')
    const answer = await ask(eve, alice, to)
    if (answer?.type !== 'welcome') throw new Error('not let in')
    await enterWith(eve, alice, answer)
    expect(membershipOf(eve)).toMatchObject({ organiser: alice.me, era: { generation: 1, epoch: 2 } })
    expect([eve.ledger.state.contacts.get(alice.me)?.stage, await request()]).toEqual(['fellow', undefined])
  })

  test('is nobody whom alice can decide about before she came', async () => {
    await groups.decide(GROUP, eve.me, 'admit')
    expect(await request()).toBeUndefined()
  })
})

test('who are in a group together are found at the door of each other; who left it is not, after a month', async () => {
  const others = (self: Desk) => doors(self).map(({ expects }) => expects)
  const found = invite((await hang('all')).text)
  await groupsOf(eve).knock(found)
  await arrive()
  const answer = await ask(eve, alice, { invite: inviteIdOf(found.secret) })
  if (!answer) throw new Error('not let in')
  await enterWith(eve, alice, answer)
  expect(others(eve).sort()).toEqual([alice.me, bob.me].sort())
  await act(eve, (draft) => {
    const membership = membershipOf(eve)
    const ended = { until: membership.era, cuts: [], at: eve.clock.now, left: true }
    const seats = membership.seats.map((seat) => (seat.identity === bob.me ? { ...seat, ended } : seat))
    draft.put('memberships', { ...membership, seats })
  })
  expect(others(eve)).toContain(bob.me)
  eve.clock.now += 30 * DAY
  expect(others(eve)).toEqual([alice.me])
  await groupsOf(eve).meet(bob.me)
  expect(others(eve).sort()).toEqual([alice.me, bob.me].sort())
})
