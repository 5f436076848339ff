import { beforeEach, describe, expect, test } from 'vitest'
import { haveOf, type Have } from '../../../src/core/feed.ts'
import { feedKey, feedOf } from '../../../src/core/record.ts'
import { reachKey } from '../../../src/store/tables.ts'
import { createActs, type Acts } from '../../../src/sync/acts.ts'
import { confirm } from '../../../src/sync/have.ts'
import { keyPackageFor } from '../../../src/sync/key-packages.ts'
import {
  acquaint,
  desk,
  noDelivery,
  placeOf,
  read,
  rowsOf,
  say,
  take,
  type Desk,
} from '../../support/desk.ts'
import { act, feedIn, keysBetween } from '../../support/party.ts'
import { bytesOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk, acts: Acts
beforeEach(async () => {
  ;[alice, bob] = [await desk('Alice', 1), await desk('Bob', 2)]
  await acquaint(alice, bob)
  acts = createActs(alice.ledger, alice.author, noDelivery(alice))
})

/** Alice, as she was before her disk was set back: the same life, and other words. */
async function before(...texts: string[]) {
  const twin = await desk('Alice', 1)
  await acquaint(twin, bob)
  return say(twin, bob, ...texts)
}
const feeds = () => [...alice.ledger.state.feeds.values()].filter(({ author }) => author === alice.me)
async function confirmed(peer: Desk, entries: Have[], believed = true) {
  return act(alice, (draft) => confirm(draft, { peer: peer.me, entries, believed }, alice.clock.now))
}
/** As if somebody had so much of it on their disk. */
async function held(peer: Desk, seq: number): Promise<void> {
  await act(alice, (draft) => {
    draft.put('reaches', { feed: feedOf(feedIn(alice, bob)), peer: peer.me, delivered: seq, sent: seq })
  })
}

describe('a device that begins again', () => {
  test('goes back to what others are known to hold, and keeps the rest as a tail', async () => {
    await say(alice, bob, 'one', 'two', 'three')
    const [old] = feeds()
    if (!old) throw new Error('nothing was said')
    await held(bob, 3)
    await acts.beginAgain()
    const [row] = (await rowsOf(alice)).filter(({ record }) => record.seq === 3)
    expect(feeds()).toEqual([
      { ...old, seq: 3, left: 3, tail: 5, head: row?.head, clock: row?.order, era: row?.record.era },
    ])
    expect(await read(alice)).toEqual(['one', 'two', 'three'])
  })

  test('leaves alone what others hold to the end', async () => {
    await say(alice, bob, 'one')
    const all = feeds()
    await held(bob, 3)
    await acts.beginAgain()
    expect(feeds()).toEqual(all)
  })

  test('gives up its keys and what it showed to get some: they may have been used', async () => {
    await keysBetween(alice, bob)
    await act(alice, (draft) => keyPackageFor(draft, alice.author, 'something'))
    await acts.beginAgain()
    for (const table of ['mls', 'keyPackages'] as const) expect(await alice.store.all(table)).toEqual([])
  })

  test('does so once for each life', async () => {
    const { id } = alice.ledger.state.self.incarnation
    await acts.beginAgain({ instead: id })
    const { incarnation } = alice.ledger.state.self
    await acts.beginAgain({ instead: id })
    expect(alice.ledger.state.self.incarnation).toEqual(incarnation)
    expect(incarnation.id).not.toBe(id)
  })

  test('is later than another life of it that was seen', async () => {
    const after = alice.clock.now + 5_000
    await acts.beginAgain({ after })
    expect(alice.ledger.state.self.incarnation.madeAt).toBe(after + 1)
  })
})

describe('whoever says without end that alice was set back', () => {
  test('keeps none of her words back, and none of what stands before the first', async () => {
    const feed = feedIn(alice, bob)
    const claim = { ...feed, seq: 1_000_000, head: bytesOf(8, 1) }
    expect((await confirmed(bob, [claim], false)).setBack).toBe(true)
    expect(feeds().every(({ claimed }) => claimed === undefined)).toBe(true)
    await confirmed(bob, [claim])
    const [first] = await say(alice, bob, 'one')
    expect(first?.seq).toBe(1)
    expect('content' in (first?.part ?? {}) && first).toMatchObject({
      part: { content: { kind: 'incarnation' } },
    })
  })
})

describe('what bob gives back', () => {
  test('is compared with the tail: what is the same stays, as if nothing had happened', async () => {
    const records = await say(alice, bob, 'one', 'two')
    await take(bob, alice, records)
    const rows = await rowsOf(alice)
    await acts.beginAgain()
    expect(feeds()).toMatchObject([{ seq: 0, tail: 4 }])
    expect((await take(alice, bob, records)).stored).toEqual([])
    expect(await rowsOf(alice)).toEqual(rows)
    const [theirs] = [...bob.ledger.state.feeds.values()]
    expect(feeds()).toEqual([{ ...theirs, left: 0 }])
    expect(alice.ledger.state.conversations.get(placeOf(alice, bob))?.messages).toBe(2)
  })

  test('takes the place of what lay there, which is said again in the new life', async () => {
    const hers = await before('as bob knows it', 'and more')
    await take(bob, alice, hers)
    await say(alice, bob, 'as alice knows it', 'and else')
    await acts.beginAgain()
    alice.clock.now += 60_000
    await take(alice, bob, hers)
    expect(await read(alice)).toEqual(['as bob knows it', 'and more', 'as alice knows it', 'and else'])
    expect(alice.ledger.state.conversations.get(placeOf(alice, bob))).toMatchObject({
      messages: 4,
      unread: 0,
    })
    const fresh = (await rowsOf(alice)).filter(
      ({ record }) => record.incarnation === alice.ledger.state.self.incarnation.id,
    )
    expect(fresh.map(({ record }) => record.seq)).toEqual([1, 2, 3, 4])
    const [theirs] = [...bob.ledger.state.feeds.values()]
    const old = feeds().find(({ incarnation }) => incarnation === theirs?.incarnation)
    expect(old).toEqual({ ...theirs, left: 0 })
  })

  test('makes what follows it the tail of another story, whose heads are told anew', async () => {
    const hers = await before('as bob knows it')
    await take(bob, alice, hers)
    await say(alice, bob, 'as alice knows it', 'and what only she knows')
    await acts.beginAgain()
    await take(alice, bob, hers)
    const [old] = feeds()
    if (!old) throw new Error('no feed')
    expect([old.seq, old.tail]).toEqual([3, 4])
    await confirmed(bob, [haveOf(old)])
    expect(feeds()[0]).toMatchObject({ seq: 4 })
    expect(feeds()[0]).not.toHaveProperty('tail')
    const last = (await rowsOf(alice)).find(
      ({ record }) => record.seq === 4 && record.incarnation === old.incarnation,
    )
    expect(last?.head).toEqual(feeds()[0]?.head)
  })
})

describe('the tail', () => {
  test('is taken up when bob holds nothing beyond what is agreed', async () => {
    await say(alice, bob, 'one', 'two')
    const [whole] = feeds()
    if (!whole) throw new Error('nothing was said')
    await held(bob, 2)
    await acts.beginAgain()
    const [cut] = feeds()
    if (!cut) throw new Error('no feed')
    await confirmed(bob, [haveOf(cut)])
    expect(feeds()).toEqual([{ ...whole, left: 2, claimed: 2 }])
  })

  test('waits while anybody claims to hold more', async () => {
    const records = await say(alice, bob, 'one', 'two')
    const [whole] = feeds()
    if (!whole) throw new Error('nothing was said')
    await acts.beginAgain()
    await confirmed(bob, [haveOf(whole)])
    await take(alice, bob, records.slice(0, 3))
    const [part] = feeds()
    if (!part) throw new Error('no feed')
    await confirmed(bob, [haveOf(part)])
    expect(feeds()).toMatchObject([{ seq: 3, tail: 4, claimed: 4 }])
  })
})

describe('a claim', () => {
  test('of more than ever left in this life tells that this device was set back', async () => {
    await say(alice, bob, 'one')
    const [own] = feeds()
    if (!own) throw new Error('nothing was said')
    expect(await confirmed(bob, [haveOf(own)])).toEqual({ setBack: true, doubtful: [] })
    await act(alice, (draft) => {
      draft.put('feeds', { ...own, left: own.seq })
    })
    expect(await confirmed(bob, [haveOf(own)])).toEqual({ setBack: false, doubtful: [] })
    const key = reachKey({ feed: feedOf(own), peer: bob.me })
    expect(await alice.store.get('reaches', key)).toMatchObject({ delivered: own.seq })
  })

  test('of an earlier life tells no such thing', async () => {
    await say(alice, bob, 'one')
    const [own] = feeds()
    if (!own) throw new Error('nothing was said')
    await acts.beginAgain()
    expect(await confirmed(bob, [{ ...haveOf(own), seq: 99 }])).toEqual({ setBack: false, doubtful: [] })
    expect(alice.ledger.state.feeds.get(feedKey(own))?.claimed).toBe(99)
  })

  test('about the feeds of others concerns nobody but them, unless it is another story', async () => {
    const records = await say(bob, alice, 'one')
    await take(alice, bob, records)
    const his = alice.ledger.state.feeds.get(feedKey(feedIn(bob, alice)))
    if (!his) throw new Error('nothing was said')
    const claimOf = (seq: number) => ({ ...haveOf(his), seq })
    const claim = (seq: number) => confirmed(bob, [claimOf(seq)])
    const quiet = { setBack: false, doubtful: [] }
    expect([await claim(3), await claim(99)]).toEqual([quiet, quiet])
    expect(await claim(2)).toEqual({ setBack: false, doubtful: [claimOf(2)] })
    expect(await alice.store.all('reaches')).toEqual([])
  })
})
