import { beforeEach, describe, expect, test } from 'vitest'
import { feedOf } from '../../../../src/core/record.ts'
import { confirmed, NOWHERE } from '../../../../src/core/status.ts'
import { createActs } from '../../../../src/sync/acts.ts'
import { type Signs } from '../../../../src/features/signs/signs.ts'
import type { FeedPlace, Frame } from '../../../../src/protocol/frame.ts'
import { reachKey } from '../../../../src/store/tables.ts'
import { stage } from './people.ts'
import { noDelivery, placeOf, say, take, type Desk, type Place } from '../../../support/desk.ts'
import { act, feedIn, GROUP, gossip, heldOf } from '../../../support/party.ts'
import { rest } from '../../../support/session-wire.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
let signs: Signs
let said: [string, Frame][]
let failures: unknown[]
beforeEach(async () => {
  const here = await stage()
  ;({ signs, said, failures } = here)
  ;[alice, bob, cem, dora] = here.people
})

const to = () => said.splice(0).map(([name]) => name)

describe('what was read', () => {
  const allow = (place: Place = GROUP) =>
    act(alice, (draft) => {
      const chat = draft.get('conversations', placeOf(alice, place))
      if (chat) draft.put('conversations', { ...chat, receipts: true })
    })
  const readIt = (place: Place = GROUP) =>
    createActs(alice.ledger, alice.author, noDelivery(alice)).markRead(placeOf(alice, place))
  beforeEach(async () => {
    await say(bob, GROUP, 'hello')
    await gossip([alice, bob, cem])
  })

  test('is told to each about their own words, once, where alice wants it so', async () => {
    signs.tell()
    await allow()
    signs.tell()
    expect(to()).toEqual([])
    await readIt()
    signs.tell()
    const feeds = (self: Desk): FeedPlace[] => [{ ...feedOf(feedIn(self)), seq: heldOf(alice, self) }]
    expect(said).toEqual([
      ['Bob', { type: 'read', feeds: feeds(bob) }],
      ['Cem', { type: 'read', feeds: feeds(cem) }],
    ])
    to()
    signs.tell()
    expect(to()).toEqual([])
  })

  test('is told to whoever comes later', async () => {
    await allow()
    signs.onLinked(bob.me)
    expect(to()).toEqual([])
    await readIt()
    signs.onLinked(bob.me)
    expect(said.map(([name, { type }]) => [name, type])).toEqual([['Bob', 'read']])
    to()
    signs.onLinked(dora.me)
    expect(to()).toEqual([])
  })

  test('is told again after something new was read', async () => {
    await allow()
    await readIt()
    signs.tell()
    to()
    await take(alice, bob, await say(bob, GROUP, 'and more'))
    signs.tell()
    expect(to()).toEqual([])
    await readIt()
    signs.tell()
    expect(to()).toEqual(['Bob', 'Cem'])
  })
})

describe('that bob read what alice wrote', () => {
  const place = (more: Partial<FeedPlace> = {}): FeedPlace => ({
    ...feedOf(feedIn(alice)),
    seq: heldOf(alice, alice),
    ...more,
  })
  const read = async (...feeds: FeedPlace[]) => {
    signs.onFrame(bob.me, { type: 'read', feeds })
    await rest(alice)
    return (await alice.store.get('reaches', key()))?.read
  }
  const key = () => reachKey({ feed: feedOf(feedIn(alice)), peer: bob.me })
  const receipts = (receipts: boolean) =>
    act(alice, (draft) => {
      const { receipts: _, ...chat } = draft.get('conversations', GROUP) ?? never()
      draft.put('conversations', receipts ? { ...chat, receipts } : chat)
    })
  beforeEach(async () => {
    await say(alice, GROUP, 'one', 'two')
    await receipts(true)
    await act(alice, (draft) => {
      const reach = { feed: feedOf(feedIn(alice)), peer: bob.me, ...NOWHERE }
      draft.put('reaches', confirmed(reach, heldOf(alice, alice), 5))
    })
  })

  test('is noted, and never less than before', async () => {
    const last = heldOf(alice, alice)
    expect(await read(place({ seq: last - 1 }))).toBe(last - 1)
    expect(await read(place({ seq: last - 2 }))).toBe(last - 1)
    expect([await read(place()), failures]).toEqual([last, []])
  })

  test('is not noted where alice does not tell, either', async () => {
    await receipts(false)
    expect(await read(place())).toBeUndefined()
  })

  test('is not believed of what was never written, or never came to him', async () => {
    const last = heldOf(alice, alice)
    expect(await read(place({ seq: last + 1 }))).toBeUndefined()
    await act(alice, (draft) => {
      const reach = draft.get('reaches', key())
      if (reach) draft.put('reaches', { ...reach, delivered: last - 1 })
    })
    expect(await read(place())).toBeUndefined()
    expect(await read(place({ seq: last - 1 }))).toBe(last - 1)
  })

  test('says nothing about what others wrote, or about another chat', async () => {
    // Even if something were known of how far he holds them.
    await act(alice, (draft) => {
      for (const feed of [feedOf(feedIn(cem)), { ...feedOf(feedIn(alice)), author: bob.me }])
        draft.put('reaches', { feed, peer: bob.me, delivered: 9, sent: 9 })
    })
    const odd = [
      place({ ...feedIn(cem), seq: 1 }),
      place({ conversation: placeOf(alice, bob) }),
      place({ author: bob.me, seq: 1 }),
    ]
    expect(await read(...odd)).toBeUndefined()
    expect((await alice.store.all('reaches')).flatMap((reach) => reach.read ?? [])).toEqual([])
  })
})

function never(): never {
  throw new Error('there is no such chat')
}
