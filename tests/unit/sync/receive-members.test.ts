import { beforeEach, describe, expect, test } from 'vitest'
import type { Era } from '../../../src/core/era.ts'
import { feedKey } from '../../../src/core/record.ts'
import { signRecord } from '../../../src/crypto/record.ts'
import { encodeBody } from '../../../src/protocol/body.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import { createActs } from '../../../src/sync/acts.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { noDelivery, read, rowAt, say, take, type Desk } from '../../support/desk.ts'
import {
  bring,
  desks,
  feedIn,
  GROUP,
  gossip,
  heldOf,
  letIn,
  membershipOf,
  party,
  removeFrom,
} from '../../support/party.ts'
import { bytesOf } from '../../support/samples.ts'

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
beforeEach(async () => {
  const people = await desks('Alice', 'Bob', 'Cem', 'Dora')
  ;[alice, bob, cem, dora] = people
  await party([alice, bob, cem])
})

async function one(self: Desk, text: string): Promise<RecordOnWire> {
  const [record] = (await say(self, GROUP, text)).slice(-1)
  if (!record) throw new Error('nothing was said')
  return record
}
const formHere = async (self: Desk, record: RecordOnWire) => (await rowAt(self, record)).record.form

/** What Bob may sign: his next record, as of that era. */
async function signed(era: Era, text: string): Promise<RecordOnWire> {
  const content = {
    ...{ kind: 'text' as const, clock: bob.clock.now + 99, salt: bytesOf(8, 1) },
    body: encodeBody({ kind: 'text', text }),
  }
  const at = { ...feedIn(bob), seq: heldOf(bob, bob) + 1, era }
  return toWire(await signRecord(bob.signer, at, content))
}

describe('a record of', () => {
  test('an era that we have not heard of is taken: what began it comes by itself', async () => {
    await letIn(alice, dora)
    await bring(alice, bob)
    const said = await one(bob, 'welcome, Dora')
    expect(said.era).toEqual({ generation: 1, epoch: 3 })
    await take(cem, bob, [said])
    expect(membershipOf(cem).era).toEqual({ generation: 1, epoch: 2 })
    expect([await read(cem, GROUP), cem.suspicions]).toEqual([['welcome, Dora'], []])
  })

  test('a generation that nobody can have got to is not taken, and nothing of it is kept', async () => {
    const rows = (await cem.store.all('records')).length
    const far = await signed({ generation: 2 ** 31, epoch: 0 }, 'from the far future')
    for (let times = 0; times < 3; times++) await take(cem, bob, [far])
    expect(await cem.store.all('records')).toHaveLength(rows)
    expect(cem.suspicions).toEqual(['refused', 'refused', 'refused'])
    await take(cem, bob, [await one(bob, 'from now')])
    expect(await read(cem, GROUP)).toEqual(['from now'])
  })

  test('an earlier era than the one before it in its feed is refused', async () => {
    await one(bob, 'now')
    await bring(bob, alice)
    await take(alice, bob, [await signed({ generation: 1, epoch: 1 }, 'then')])
    expect([await read(alice, GROUP), alice.suspicions]).toEqual([['now'], ['refused']])
    await take(alice, bob, [await signed({ generation: 1, epoch: 2 }, 'and now')])
    expect(await read(alice, GROUP)).toEqual(['now', 'and now'])
  })

  test('a time before dora came is nothing but a place for her, though she is given all of it', async () => {
    await letIn(alice, dora)
    const said = await one(bob, 'who knows of Dora?')
    expect(said.era).toEqual({ generation: 1, epoch: 2 })
    await take(dora, bob, [said])
    expect([await read(dora, GROUP), dora.suspicions]).toEqual([[], []])
    expect((await rowAt(dora, said)).missing).toBeUndefined()
    expect([await formHere(dora, said), heldOf(dora, bob)]).toEqual(['tombstone', said.seq])
  })

  test('a time before dora came is whole if it says who speaks: all that follows rests on it', async () => {
    await letIn(alice, dora)
    await createActs(bob.ledger, bob.author, noDelivery(bob)).beginAgain()
    const records = await say(bob, GROUP, 'another me')
    await take(dora, bob, records)
    const forms = await Promise.all(records.map((record) => formHere(dora, record)))
    expect(forms).toEqual(['record', 'tombstone', 'tombstone'])
  })
})

describe('somebody who was removed', () => {
  test('brings nothing any more, not even what others wrote', async () => {
    await removeFrom(alice, bob)
    const said = await one(cem, 'hello')
    expect((await take(alice, bob, [said])).stored).toEqual([])
    expect(alice.suspicions).toEqual(['refused'])
    await take(alice, cem, [said])
    expect(await read(alice, GROUP)).toEqual(['hello'])
  })

  test('wrote nothing above the cut, whoever brings it, and what lies below it still comes', async () => {
    const before = await one(bob, 'before')
    await bring(bob, alice)
    await removeFrom(alice, bob)
    const after = await one(bob, 'after')
    await bring(alice, cem)
    await take(cem, alice, [before, after])
    expect([await read(cem, GROUP), cem.suspicions]).toEqual([['before'], ['refused']])
  })

  test('is given nothing of what came later, and takes nothing', async () => {
    await removeFrom(alice, bob)
    const after = await one(alice, 'Bob is gone')
    await bring(alice, bob)
    expect(membershipOf(bob).seats.find(({ identity }) => identity === bob.me)?.ended).toBeDefined()
    expect([await read(bob, GROUP), bob.suspicions]).toEqual([[], ['refused']])
    expect(heldOf(bob, alice)).toBe(after.seq - 1)
  })

  test('and came again has a feed without holes, in which nothing of the time between is to be read', async () => {
    await one(bob, 'before')
    await bring(bob, alice)
    await removeFrom(alice, bob)
    const between = await one(bob, 'between')
    await bring(alice, cem)
    await bring(alice, bob)
    await letIn(alice, bob)
    await one(bob, 'again')
    await gossip([alice, bob, cem])
    for (const self of [alice, cem]) {
      expect(await read(self, GROUP)).toEqual(['before', 'again'])
      const row = await rowAt(self, between)
      expect([row.record.form, row.missing, heldOf(self, bob)]).toEqual([
        ...['tombstone', undefined, heldOf(bob, bob)],
      ])
    }
  })
})

test('a device that was set back takes its own words from any member', async () => {
  await one(bob, 'mine')
  await bring(bob, cem)
  const rows = await bob.store.all('records')
  await bob.ledger.transact((draft) => {
    const feed = draft.get('feeds', feedKey(feedIn(bob)))
    for (const { record } of rows) {
      if (record.author !== bob.me || record.conversation !== GROUP) continue
      draft.remove('records', `${feedKey(record)}/${String(record.seq)}`)
    }
    if (feed) draft.remove('feeds', feedKey(feed))
  })
  const theirs = (await cem.store.all('records')).filter(({ record }) => record.author === bob.me)
  const own = rows.filter(({ record }) => record.author === bob.me && record.conversation === GROUP)
  const lost = [...own.slice(0, 2), ...theirs].map(({ record }) => toWire(record))
  await take(
    bob,
    cem,
    lost.sort((a, b) => a.seq - b.seq),
  )
  expect(await read(bob, GROUP)).toEqual(['mine'])
  expect(bob.ledger.state.conversations.get(GROUP)?.unread).toBe(0)
})
