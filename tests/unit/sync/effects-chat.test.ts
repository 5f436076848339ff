import { beforeEach, describe, expect, test } from 'vitest'
import type { Body, Picture } from '../../../src/core/body.ts'
import type { Conversation, Line } from '../../../src/core/conversation.ts'
import { recordKey } from '../../../src/core/record.ts'
import { createActs } from '../../../src/sync/acts.ts'
import {
  acquaint,
  desk,
  noDelivery,
  placeOf,
  rowAt,
  rowsOf,
  say,
  take,
  type Desk,
  type Place,
} from '../../support/desk.ts'
import { act, bring, desks, feedIn, GROUP, gossip, party } from '../../support/party.ts'
import { bytesOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk, cem: Desk
beforeEach(async () => {
  const people = await desks('Alice', 'Bob', 'Cem')
  await party(people)
  ;[alice, bob, cem] = people
})

const all = () => gossip([alice, bob, cem])
const chat = (self: Desk, place: Place = GROUP): Conversation => {
  const found = self.ledger.state.conversations.get(placeOf(self, place))
  if (!found) throw new Error('there is no such chat')
  return found
}
async function lines(self: Desk, kind: Line['line'], place: Place = GROUP): Promise<Line[]> {
  return (await rowsOf(self, place)).flatMap(({ line }) => (line?.line === kind ? [line] : []))
}
const vanish = (seconds: number): Body => ({ kind: 'vanish', seconds })
const picture: Picture = { type: 'image/webp', bytes: bytesOf(9, 1) }

describe('a pinned message', () => {
  test('stands at the head for everybody, whoever pinned it, and the chat tells who', async () => {
    const [said] = (await say(bob, GROUP, 'the plan')).slice(-1)
    if (!said) throw new Error('nothing was said')
    const { author, incarnation, seq } = said
    const target = { author, incarnation, seq }
    await say(bob, GROUP, { kind: 'pin', target, pinned: true })
    await all()
    for (const self of [alice, bob, cem]) {
      expect(chat(self).pin?.value).toEqual(target)
      expect(await lines(self, 'pinned')).toEqual([{ line: 'pinned', by: bob.me, target }])
    }
    cem.clock.now += 5
    await say(cem, GROUP, { kind: 'pin', target, pinned: false })
    await all()
    for (const self of [alice, bob, cem]) {
      expect(chat(self).pin?.value).toBeUndefined()
      expect(await lines(self, 'pinned')).toHaveLength(1)
    }
  })

  test('is the one that was pinned last, in whatever order that comes', async () => {
    const pin = (self: Desk): Body => {
      const { author, incarnation } = feedIn(self)
      return { kind: 'pin', target: { author, incarnation, seq: 1 }, pinned: true }
    }
    cem.clock.now += 5
    const late = await say(cem, GROUP, pin(cem))
    const early = await say(bob, GROUP, pin(bob))
    await take(alice, cem, late)
    await take(alice, bob, early)
    expect(chat(alice).pin?.value?.author).toBe(cem.me)
    expect(await lines(alice, 'pinned')).toHaveLength(1)
  })
})

describe('that messages disappear', () => {
  test('is said by either of two, and the later word counts, whichever comes first', async () => {
    bob.clock.now += 5
    await say(bob, alice, vanish(60))
    await say(alice, bob, vanish(5))
    await gossip([alice, bob], placeOf(alice, bob))
    expect([chat(alice, bob).vanish?.value, chat(bob, alice).vanish?.value]).toEqual([60, 60])
    alice.clock.now += 9
    await say(alice, bob, vanish(0))
    await gossip([alice, bob], placeOf(alice, bob))
    expect([chat(alice, bob).vanish?.value, chat(bob, alice).vanish?.value]).toEqual([0, 0])
  })

  test('is said in a group by its organiser alone', async () => {
    await say(bob, GROUP, vanish(60))
    await all()
    for (const self of [alice, bob, cem]) expect(chat(self)).not.toHaveProperty('vanish')
    await say(alice, GROUP, vanish(30))
    await all()
    for (const self of [alice, bob, cem]) {
      expect(chat(self).vanish?.value).toBe(30)
      expect(await lines(self, 'vanish')).toEqual([{ line: 'vanish', by: alice.me, seconds: 30 }])
    }
  })

  test('is noted on each device by its own age, from when the message came', async () => {
    alice.clock.age = 1_000
    const records = await say(bob, GROUP, { kind: 'text', text: 'psst', vanish: 60 })
    await take(alice, bob, records)
    const last = records.at(-1)
    if (!last) throw new Error('nothing was said')
    const key = recordKey(last)
    expect(await alice.store.all('vanishings')).toEqual([{ record: key, at: 61_000 }])
    expect(await bob.store.all('vanishings')).toEqual([{ record: key, at: 60_000 }])
    expect((await rowAt(alice, last)).message?.vanishAt).toBe(61_000)
  })

  test('goes for all that is said from then on, unless it says itself', async () => {
    await say(alice, GROUP, vanish(30))
    const { say: speak } = createActs(alice.ledger, alice.author, noDelivery(alice))
    await speak(GROUP, { kind: 'text', text: 'soon gone' })
    await speak(GROUP, { kind: 'text', text: 'gone at once', vanish: 1 })
    const last = (await rowsOf(alice, GROUP)).slice(-2).map(({ message }) => message?.vanishAt)
    expect(last).toEqual([30_000, 1_000])
  })
})

describe('what a group is called and looks like', () => {
  const info = (name: string, more: { picture?: Picture } = {}): Body => ({ kind: 'info', name, ...more })

  test('is told by its organiser', async () => {
    await say(alice, GROUP, info('Band', { picture }))
    await all()
    for (const self of [alice, bob, cem]) {
      expect(chat(self).circle).toEqual({ kind: 'group', name: 'Band' })
      expect((await self.store.get('pictures', GROUP))?.picture).toEqual(picture)
      expect(await lines(self, 'renamed')).toEqual([{ line: 'renamed', by: alice.me, name: 'Band' }])
    }
    await say(alice, GROUP, info('Band'))
    await all()
    for (const self of [alice, bob, cem]) {
      expect(await self.store.get('pictures', GROUP)).toBeUndefined()
      expect(await lines(self, 'renamed')).toHaveLength(1)
    }
  })

  test('is told by nobody else', async () => {
    await say(bob, GROUP, info('Bob and the others', { picture }))
    await all()
    for (const self of [alice, bob, cem]) {
      expect(chat(self).circle).toEqual({ kind: 'group', name: 'Choir' })
      expect(await self.store.all('pictures')).toEqual([])
    }
  })

  test('means nothing in a chat of two', async () => {
    await say(bob, alice, info('Us', { picture }))
    await bring(bob, alice, alice)
    expect(chat(alice, bob).circle).toEqual({ kind: 'pair', peer: bob.me })
    expect(await alice.store.all('pictures')).toEqual([])
  })

  test('is what was told last, though an earlier word comes later', async () => {
    const place = { clock: alice.clock.now + 60_000, author: alice.me, seq: 99, generation: 1 }
    await act(bob, (draft) => {
      draft.put('conversations', { ...chat(bob), circle: { kind: 'group', name: 'Band' }, named: place })
    })
    await say(alice, GROUP, info('Orchestra', { picture }))
    await bring(alice, bob)
    expect(chat(bob).circle).toEqual({ kind: 'group', name: 'Band' })
    expect(await bob.store.all('pictures')).toEqual([])
  })
})

test('a card introduces somebody, and is a message like others', async () => {
  const dora = await desk('Dora', 9)
  await acquaint(bob, dora)
  const contact = bob.ledger.state.contacts.get(dora.me)
  if (contact?.stage !== 'met') throw new Error('they never met')
  const { identity, name, address, knockKey, incarnation } = contact
  const card = { identity, name, address, knockKey, incarnation }
  await say(bob, alice, { kind: 'card', card })
  await bring(bob, alice, alice)
  expect(chat(alice, bob)).toMatchObject({ messages: 1, unread: 1, last: { text: 'Dora' } })
  expect(alice.ledger.state.contacts.has(dora.me)).toBe(false)
})
