import { beforeEach, describe, expect, test } from 'vitest'
import { LINK_LIFETIME_MS, QR_LIFETIME_MS, REMEMBERED_MS, type Invite } from '../../../../src/core/invite.ts'
import type { IdentityKey } from '../../../../src/core/ids.ts'
import { firstMembership, type Card } from '../../../../src/core/membership.ts'
import { pairConversation } from '../../../../src/crypto/address.ts'
import { makeIncarnation } from '../../../../src/crypto/incarnation.ts'
import { createDoors } from '../../../../src/features/pairing/doors.ts'
import { createPairing, type Meetings, type Pairing } from '../../../../src/features/pairing/pairing.ts'
import type { Bound } from '../../../../src/net/bind.ts'
import type { Door } from '../../../../src/net/doors.ts'
import { profileOf } from '../../../../src/sync/profile.ts'
import { acquaint } from '../../../../src/sync/acquaint.ts'
import { desk, type Desk } from '../../../support/desk.ts'
import { act, GROUP } from '../../../support/party.ts'
import { bytesOf } from '../../../support/samples.ts'

interface Pairer extends Desk {
  readonly pairing: Pairing & Meetings
  doors(): Door[]
}

async function pairer(name: string, n: number): Promise<Pairer> {
  const self = await desk(name, n)
  const { ledger, author, clock } = self
  const now = () => clock.now
  const { randomBytes } = author
  const doors = createDoors(ledger, now)
  const refresh = () => undefined
  const pairing = createPairing({ ledger, origin: 'https://earshot.test', now, randomBytes, refresh })
  return { ...self, pairing, doors: () => [...doors.all()] }
}

let alice: Pairer, bob: Pairer, carol: Pairer
beforeEach(async () => {
  ;[alice, bob, carol] = [await pairer('Alice', 1), await pairer('Bob', 2), await pairer('Carol', 3)]
})

/** Behind which an invite of somebody stands. */
function doorTo(other: Pairer, self: Pairer): Door {
  const door = self.doors().find(({ expects, secret }) => expects === other.me && secret !== undefined)
  if (!door) throw new Error('no invite was opened')
  return door
}

function opened(text: string, by: Pairer): Invite {
  const read = by.pairing.read(text)
  if (!('invite' in read)) throw new Error(read.problem)
  return read.invite
}

/** As if BIND had proved who it is. */
function bound(who: Pairer): Bound {
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

function inviteDoor(self: Pairer): Door {
  const [door] = self.doors().filter(({ expects }) => expects === undefined)
  if (!door) throw new Error('no open door')
  return door
}

/** Who somebody is, as others tell it. */
function cardOf({ me, ledger }: Pairer): Card {
  const { self } = ledger.state
  return { identity: me, ...profileOf(self), incarnation: self.incarnation }
}

const contactOf = (self: Pairer, who: IdentityKey) => self.store.get('contacts', who)

describe('what alice shows', () => {
  test('stays the same while it is good, is new when asked for, and the old one then lets nobody in', async () => {
    const first = await alice.pairing.show('qr')
    expect(await alice.pairing.show('qr')).toEqual(first)
    expect((await alice.pairing.show('link')).text).not.toBe(first.text)
    const second = await alice.pairing.renew('qr')
    expect(second.text).not.toBe(first.text)
    const states = (await alice.store.all('invites')).map(({ via, state }) => `${via} ${state}`)
    expect(states.sort()).toEqual(['link live', 'qr live', 'qr withdrawn'])
  })

  test('is good for ten minutes as a code and for a week as a link, and a code near its end is replaced', async () => {
    const begun = alice.clock.now
    const code = await alice.pairing.show('qr')
    expect(code.expires - begun).toBe(QR_LIFETIME_MS)
    expect((await alice.pairing.show('link')).expires - begun).toBe(LINK_LIFETIME_MS)
    alice.clock.now += QR_LIFETIME_MS - 20_000
    expect((await alice.pairing.show('qr')).text).not.toBe(code.text)
  })

  test('is hers: she herself cannot open it, and bob not after its time', async () => {
    const { text } = await alice.pairing.show('qr')
    expect(alice.pairing.read(text)).toEqual({ problem: 'own' })
    bob.clock.now += QR_LIFETIME_MS + 1
    expect(bob.pairing.read(text)).toEqual({ problem: 'expired' })
  })

  test('is forgotten a day after its end', async () => {
    await alice.pairing.show('qr')
    alice.clock.now += QR_LIFETIME_MS + REMEMBERED_MS
    expect(alice.doors()).toHaveLength(1)
    alice.clock.now += 1_000
    expect(alice.doors()).toEqual([])
    await alice.pairing.show('link')
    expect((await alice.store.all('invites')).map(({ via }) => via)).toEqual(['link'])
  })
})

describe('bob, who opens it', () => {
  test('has the chat at once, and a door to knock at', async () => {
    const invite = opened((await alice.pairing.show('link')).text, bob)
    const { conversation } = await bob.pairing.accept(invite, 'private-invite')
    expect(await contactOf(bob, alice.me)).toMatchObject({
      stage: 'invited',
      name: 'Alice',
      trust: 'private-invite',
    })
    expect(await bob.store.get('conversations', conversation)).toMatchObject({
      circle: { kind: 'pair', peer: alice.me },
      unread: 0,
    })
    expect(bob.doors()).toMatchObject([{ expects: alice.me, address: invite.address }])
  })

  test('is welcomed, and from then on both know each other by the same door', async () => {
    await bob.pairing.accept(opened((await alice.pairing.show('link')).text, bob), 'verified')
    expect(await alice.pairing.meet(inviteDoor(alice), bound(bob))).toBe('welcome')
    await bob.pairing.answered('welcome', bound(alice), doorTo(alice, bob))
    expect(await contactOf(alice, bob.me)).toMatchObject({
      stage: 'met',
      name: 'Bob',
      trust: 'private-invite',
    })
    expect(await contactOf(bob, alice.me)).toMatchObject({ stage: 'met', name: 'Alice', trust: 'verified' })
    const doors = [alice, bob].map((one) => one.doors().find(({ secret }) => secret === undefined)?.keys)
    expect(doors[0]).toEqual(doors[1])
    expect(doors[0]).toBeDefined()
  })

  test('keeps his chat when the invite ended, and goes on with a new one', async () => {
    const { conversation } = await bob.pairing.accept(
      opened((await alice.pairing.show('link')).text, bob),
      'private-invite',
    )
    await bob.pairing.answered('expired', bound(alice), doorTo(alice, bob))
    expect(await contactOf(bob, alice.me)).toMatchObject({ stage: 'invited', ended: 'expired' })
    expect(bob.doors()).toEqual([])
    const again = await bob.pairing.accept(
      opened((await alice.pairing.renew('link')).text, bob),
      'private-invite',
    )
    expect(again.conversation).toBe(conversation)
    expect(await contactOf(bob, alice.me)).not.toHaveProperty('ended')
    expect(bob.doors()).toHaveLength(1)
    expect(await bob.store.all('conversations')).toHaveLength(1)
  })
})

describe('two who open each other’s', () => {
  test('and come at once both hold both secrets, so that one of them can begin the chat', async () => {
    await bob.pairing.accept(opened((await alice.pairing.show('link')).text, bob), 'private-invite')
    await alice.pairing.accept(opened((await bob.pairing.show('link')).text, alice), 'private-invite')
    const [herDoor, hisDoor] = [doorTo(alice, bob), doorTo(bob, alice)]
    expect(await alice.pairing.meet(inviteDoor(alice), bound(bob))).toBe('welcome')
    expect(await bob.pairing.meet(inviteDoor(bob), bound(alice))).toBe('welcome')
    await bob.pairing.answered('welcome', bound(alice), herDoor)
    await alice.pairing.answered('welcome', bound(bob), hisDoor)
    const [hers, his] = [alice, bob].map(({ ledger }) => [...ledger.state.memberships.values()][0]?.psks)
    expect(hers?.opened).toBeDefined()
    expect(hers).toEqual({ opened: his?.shown, shown: his?.opened })
  })
})

describe('somebody whom a group made known', () => {
  const fellow = { stage: 'fellow', trust: 'unverified' } as const
  const conversation = () => pairConversation(alice.me, bob.me)
  const known = () => {
    const { identity, incarnation, ...profile } = cardOf(alice)
    return {
      ...fellow,
      ...profile,
      identity,
      incarnation,
      conversation: conversation(),
      through: { group: GROUP },
    }
  }

  test('keeps the key by which they are met when their invite is opened', async () => {
    await act(bob, (draft) => {
      draft.put('contacts', known())
      draft.put('memberships', firstMembership(GROUP, [alice.me, bob.me], { generation: 1, epoch: 0 }))
    })
    await bob.pairing.accept(opened((await alice.pairing.show('link')).text, bob), 'private-invite')
    expect(await contactOf(bob, alice.me)).toMatchObject({
      ...{ stage: 'met', trust: 'private-invite', knockKey: known().knockKey },
    })
    expect(bob.doors().filter(({ expects }) => expects === alice.me)).toHaveLength(1)
  })

  test('needs no invite any more that was opened before', async () => {
    await bob.pairing.accept(opened((await alice.pairing.show('link')).text, bob), 'private-invite')
    await act(bob, (draft) => acquaint(draft, cardOf(alice), { group: GROUP }))
    expect(await contactOf(bob, alice.me)).toMatchObject({ stage: 'met', trust: 'private-invite' })
  })
})

describe('of two openers', () => {
  test('the first burns it, though both come at once; she is welcome again, the other never', async () => {
    await alice.pairing.show('link')
    const door = inviteDoor(alice)
    const meet = (who: Pairer) => alice.pairing.meet(door, bound(who))
    expect(await Promise.all([meet(bob), meet(carol)])).toEqual(['welcome', 'used'])
    expect([await meet(bob), await meet(carol)]).toEqual(['welcome', 'used'])
    expect((await alice.store.all('contacts')).map(({ identity }) => identity)).toEqual([bob.me])
    await alice.pairing.recognised(bound(bob))
    expect([await meet(bob), await meet(carol)]).toEqual(['used', 'used'])
  })

  test('whoever comes too late, or to a withdrawn one, leaves no trace', async () => {
    await alice.pairing.show('link')
    const door = inviteDoor(alice)
    await alice.pairing.renew('link')
    expect(await alice.pairing.meet(door, bound(bob))).toBe('expired')
    alice.clock.now += LINK_LIFETIME_MS + 1
    expect(await alice.pairing.meet(inviteDoor(alice), bound(carol))).toBe('expired')
    expect(await alice.store.all('contacts')).toEqual([])
  })

  test('somebody without a profile is not met', async () => {
    await alice.pairing.show('link')
    const { profile: _, ...bare } = bound(bob)
    expect(await alice.pairing.meet(inviteDoor(alice), bare)).not.toBe('welcome')
    expect(await alice.store.all('contacts')).toEqual([])
  })
})

describe('between two who know each other', () => {
  beforeEach(async () => {
    await bob.pairing.accept(opened((await alice.pairing.show('link')).text, bob), 'private-invite')
    await alice.pairing.meet(inviteDoor(alice), bound(bob))
    await bob.pairing.answered('welcome', bound(alice), doorTo(alice, bob))
  })

  test('a scan in person raises trust, and a later link never lowers it', async () => {
    const invite = opened((await alice.pairing.show('qr')).text, bob)
    await bob.pairing.accept(invite, 'verified')
    await bob.pairing.accept(invite, 'unverified')
    expect(await contactOf(bob, alice.me)).toMatchObject({ stage: 'met', trust: 'verified' })
    expect(await bob.store.all('conversations')).toHaveLength(1)
  })

  test('an alarm is shown until a right link comes about, and touches no trust', async () => {
    await bob.pairing.alarmed(alice.me, 'intercepted')
    expect(await contactOf(bob, alice.me)).toMatchObject({ alarm: 'intercepted', trust: 'private-invite' })
    await bob.pairing.recognised(bound(alice))
    expect(await contactOf(bob, alice.me)).not.toHaveProperty('alarm')
    await bob.pairing.alarmed(carol.me, 'intercepted')
    expect(await contactOf(bob, carol.me)).toBeUndefined()
  })

  test('an older device of hers that is heard last does not take the place of the newer one', async () => {
    const older = bound(alice)
    const incarnation = await makeIncarnation(alice.signer, bytesOf(8, 7), older.incarnation.madeAt + 1)
    await bob.pairing.recognised({ ...older, incarnation })
    await bob.pairing.recognised(older)
    expect(await contactOf(bob, alice.me)).toMatchObject({ incarnation: { id: incarnation.id } })
  })
})
