import { beforeEach, describe, expect, test } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import { inviteId } from '../../../src/core/ids.ts'
import type { SharedKey } from '../../../src/core/membership.ts'
import { inviteIdOf } from '../../../src/crypto/invite.ts'
import { admit, type Answer } from '../../../src/sync/admit.ts'
import { holdPsk } from '../../../src/sync/pair.ts'
import { placeOf, say, type Desk } from '../../support/desk.ts'
import {
  act,
  ask,
  bring,
  desks,
  enterWith,
  found,
  GROUP,
  keysBetween,
  membershipOf,
  SECRET,
} from '../../support/party.ts'
import { addressOfNumber, bytesOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk
beforeEach(async () => {
  ;[alice, bob] = await desks('Alice', 'Bob')
})

const chat = () => placeOf(alice, bob)
const keys = (self: Desk, place = chat()) => self.ledger.state.mls.get(place)?.generation
const invite = inviteId(toHex(SECRET.id))
const first = () => ({ conversation: chat(), generation: 1 })
/** Alice opened Bob's invite; each holds its secret. */
async function invited(opened: SharedKey = SECRET, shown: SharedKey = SECRET): Promise<void> {
  await act(alice, (draft) => {
    holdPsk(draft, chat(), { opened })
  })
  await act(bob, (draft) => {
    holdPsk(draft, chat(), { shown })
  })
}

describe('between two, bob, who showed the invite,', () => {
  test('takes the first welcome with its secret, and knows the era at once', async () => {
    await invited()
    const answer = await ask(bob, alice, { ...first(), invite })
    if (!answer) throw new Error('no answer')
    await enterWith(bob, alice, answer)
    const { last, organiser, era } = membershipOf(bob, alice)
    expect([keys(bob), era, organiser]).toEqual([1, { generation: 1, epoch: 1 }, alice.me])
    expect(last).toEqual(membershipOf(alice, bob).last)
  })

  test('takes none without it', async () => {
    await invited()
    const answer = await ask(bob, alice, first())
    if (!answer) throw new Error('no answer')
    await enterWith(bob, alice, answer)
    expect([keys(bob), membershipOf(bob, alice).organiser]).toEqual([undefined, undefined])
  })

  test('takes none with another secret', async () => {
    await invited({ ...SECRET, secret: bytesOf(32, 9) })
    const answer = await ask(bob, alice, { ...first(), invite })
    if (!answer) throw new Error('no answer')
    await enterWith(bob, alice, answer)
    expect(keys(bob)).toBeUndefined()
  })

  test('needs no secret for any later generation', async () => {
    await keysBetween(alice, bob)
    await bring(alice, bob, bob)
    for (const self of [alice, bob]) {
      await act(self, (draft) => {
        draft.remove('mls', chat())
      })
    }
    const answer = await ask(alice, bob, { conversation: chat(), generation: 2 })
    if (!answer) throw new Error('no answer')
    await enterWith(alice, bob, answer)
    expect([keys(alice), keys(bob)]).toEqual([2, 2])
    expect(membershipOf(alice, bob)).toMatchObject({ organiser: bob.me, era: { generation: 2, epoch: 1 } })
    await say(bob, alice, 'hello again')
    await bring(bob, alice, alice)
    expect([membershipOf(alice, bob).open, alice.suspicions]).toEqual([[], []])
  })
})

test('the secret of an invite is held for the first group alone', async () => {
  await invited()
  expect(membershipOf(alice, bob).psks).toEqual({ opened: SECRET })
  await act(alice, (draft) => {
    holdPsk(draft, chat(), { shown: SECRET })
  })
  expect(membershipOf(alice, bob).psks).toEqual({ opened: SECRET, shown: SECRET })
  await keysBetween(alice, bob)
  const before = membershipOf(alice, bob)
  await act(alice, (draft) => {
    holdPsk(draft, chat(), { shown: { ...SECRET, id: bytesOf(16, 9) } })
  })
  expect(membershipOf(alice, bob)).toEqual(before)
})

describe('bob, who found the code of a group on a wall,', () => {
  const secret = bytesOf(16, 0x77)
  const code = inviteIdOf(secret)
  beforeEach(async () => {
    await found(alice)
    const expires = alice.clock.now + 1_000
    await act(alice, (draft) => {
      const group = { conversation: GROUP, admit: 'all' } as const
      draft.put('invites', { secret, expires, via: 'qr', state: 'live', group })
    })
    await act(bob, (draft) => {
      const poster = { secret, address: addressOfNumber(1), expires }
      draft.put('invitations', { id: code, name: 'Choir', organiser: alice.me, at: 'accepted', poster })
    })
  })
  const knock = async (): Promise<Answer> => {
    const answer = await ask(bob, alice, { invite: code })
    if (!answer) throw new Error('no answer')
    return answer
  }

  test('is let into whatever group it is', async () => {
    await enterWith(bob, alice, await knock())
    expect([keys(bob, GROUP), membershipOf(bob).organiser]).toEqual([1, alice.me])
    expect(await bob.store.all('invitations')).toEqual([])
  })

  test('is let in by nobody but whom it names', async () => {
    await act(bob, (draft) => {
      const known = draft.get('invitations', code)
      if (known) draft.put('invitations', { ...known, organiser: bob.me })
    })
    await enterWith(bob, alice, await knock())
    expect(keys(bob, GROUP)).toBeUndefined()
  })

  test('is not let in with what he showed for another code', async () => {
    const answer = await knock()
    await act(bob, (draft) => {
      const [own] = draft.all('keyPackages')
      if (!own) throw new Error('nothing was shown')
      draft.remove('keyPackages', own.purpose)
      draft.put('keyPackages', { ...own, purpose: own.purpose.replace(code, '00'.repeat(16)) })
    })
    await enterWith(bob, alice, answer)
    expect(keys(bob, GROUP)).toBeUndefined()
  })

  test('gets in with a key package of his own alone', async () => {
    const { shown } = await alice.author.mls.keyPackage()
    const stolen = { peer: bob.me, to: { invite: code }, keyPackage: shown }
    expect(await act(alice, (draft) => admit(draft, alice.author, stolen))).toBeUndefined()
  })
})
