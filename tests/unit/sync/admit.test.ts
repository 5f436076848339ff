import { beforeEach, describe, expect, test } from 'vitest'
import type { Request } from '../../../src/core/group.ts'
import { MAX_MEMBERS, members } from '../../../src/core/membership.ts'
import type { Joining } from '../../../src/protocol/frame.ts'
import { admit, type Answer } from '../../../src/sync/admit.ts'
import { placeOf, rowsOf, say, type Desk } from '../../support/desk.ts'
import { act, ask, bring, desks, GROUP, letIn, membershipOf, party, removeFrom } from '../../support/party.ts'
import { bytesOf, identityOf } from '../../support/samples.ts'
import { lines } from './rosters.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
})

const JOIN: Joining = { conversation: GROUP, generation: 0 }
const present = () => members(membershipOf(alice))
const request = (at: Request['at'], more: Partial<Request> = {}) =>
  act(alice, (draft) => {
    draft.put('requests', { group: GROUP, identity: dora.me, at, ...more })
  })
const requests = async () => (await alice.store.all('requests')).map(({ at }) => at)
/** Alice's answer to a key package. */
const shown = (keyPackage: Uint8Array<ArrayBuffer>, peer = dora.me, to = JOIN): Promise<Answer | undefined> =>
  act(alice, (draft) => admit(draft, alice.author, { peer, to, keyPackage }))
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

describe('into her group alice lets', () => {
  test.each(['asked', 'admitted'] as const)('dora, whom she has %s, and is done with it', async (at) => {
    await request(at)
    const answer = await ask(dora, alice, JOIN)
    expect(answer).toMatchObject({ type: 'welcome', conversation: GROUP, generation: 1 })
    if (answer?.type !== 'welcome') return
    expect(answer.start).toMatchObject({ name: 'Choir', era: { generation: 1, epoch: 3 } })
    expect(answer.start?.seats.map(({ card }) => card.name)).toEqual(['Alice', 'Bob', 'Cem', 'Dora'])
    expect([present().length, await requests()]).toEqual([4, []])
  })

  test.each(['declined', 'called', 'wishes', 'turned-away', 'leaves'] as const)(
    'nobody who merely is %s',
    async (at) => {
      await request(at)
      expect(await ask(dora, alice, JOIN)).toBeUndefined()
      expect([present().length, await requests()]).toEqual([3, [at]])
    },
  )

  test('nobody whom she never asked', async () => {
    expect(await ask(dora, alice, JOIN)).toBeUndefined()
    expect(present()).toHaveLength(3)
  })

  test('nobody who comes with the key package of somebody else, an old one, or none', async () => {
    await request('asked')
    const { shown: stolen } = await bob.author.mls.keyPackage()
    dora.clock.now -= 40 * 86_400_000
    const { shown: old } = await dora.author.mls.keyPackage()
    for (const odd of [stolen, old, bytesOf(40, 1)]) expect(await shown(odd)).toBeUndefined()
    expect(present()).toHaveLength(3)
  })

  test('nobody twice with the same key package', async () => {
    await request('asked')
    const { shown: own } = await dora.author.mls.keyPackage()
    expect(name(await shown(own))).toBe('welcome')
    await removeFrom(alice, dora)
    await request('asked')
    expect(await shown(own)).toBeUndefined()
    expect(present()).toHaveLength(3)
  })

  test('nobody in place of its organiser', async () => {
    await act(bob, (draft) => {
      draft.put('requests', { group: GROUP, identity: dora.me, at: 'asked' })
    })
    const { shown: own } = await dora.author.mls.keyPackage()
    const asked = act(bob, (draft) => admit(draft, bob.author, { peer: dora.me, to: JOIN, keyPackage: own }))
    expect(await asked).toBeUndefined()
  })

  test('thirty-two people, and no more', async () => {
    await request('asked')
    await crowded(MAX_MEMBERS)
    expect(await ask(dora, alice, JOIN)).toBeUndefined()
    expect([present().length, await requests()]).toEqual([MAX_MEMBERS, ['asked']])
  })

  test('dora with the picture that hangs there', async () => {
    const picture = { type: 'image/webp' as const, bytes: bytesOf(9, 1) }
    await say(alice, GROUP, { kind: 'info', name: 'Choir', picture })
    const before = (await rowsOf(alice, GROUP)).length
    await letIn(alice, dora)
    await bring(alice, dora)
    expect(await dora.store.get('pictures', GROUP)).toMatchObject({ picture })
    expect((await rowsOf(alice, GROUP)).length).toBe(before + 2)
  })

  test('dora, who hears that messages disappear, and the others do not hear it again', async () => {
    await say(alice, GROUP, { kind: 'vanish', seconds: 60 })
    await letIn(alice, dora)
    await bring(alice, dora)
    await bring(alice, bob)
    for (const self of [dora, bob]) {
      expect(self.ledger.state.conversations.get(GROUP)?.vanish?.value).toBe(60)
      expect((await lines(self)).filter(({ line }) => line === 'vanish')).toHaveLength(1)
    }
  })
})

describe('a member', () => {
  test('who lost the keys is added anew, as often as it takes, and stays where they were', async () => {
    for (const epoch of [3, 4]) {
      const answer = await ask(bob, alice, { conversation: GROUP, generation: 1 })
      expect(answer).toMatchObject({ type: 'welcome', start: { era: { generation: 1, epoch } } })
    }
    const { seats } = membershipOf(alice)
    expect([present().length, seats.find(({ identity }) => identity === bob.me)?.since]).toEqual([
      ...[3, { generation: 1, epoch: 1 }],
    ])
  })

  test('who never heard of being let in may ask once more as one who was asked', async () => {
    expect(name(await ask(bob, alice, JOIN))).toBe('welcome')
  })

  test('of another generation is not', async () => {
    expect(await ask(bob, alice, { conversation: GROUP, generation: 2 })).toBeUndefined()
  })

  test('who was removed is not', async () => {
    await removeFrom(alice, bob)
    expect(await ask(bob, alice, { conversation: GROUP, generation: 1 })).toBeUndefined()
  })
})

test('into the notes to oneself nobody is let', async () => {
  const chat = placeOf(alice, alice)
  expect(await ask(dora, alice, { conversation: chat, generation: 1 })).toBeUndefined()
})
