import { beforeEach, describe, expect, test } from 'vitest'
import type { Body, Target } from '../../../src/core/body.ts'
import { recordKey } from '../../../src/core/record.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import type { StoredRecord } from '../../../src/store/tables.ts'
import { createActs } from '../../../src/sync/acts.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { noDelivery, placeOf, read, rowAt, rowsOf, say, take, type Desk } from '../../support/desk.ts'
import { bring, desks, GROUP, party } from '../../support/party.ts'

let alice: Desk, bob: Desk, cem: Desk
beforeEach(async () => {
  const people = await desks('Alice', 'Bob', 'Cem')
  await party(people)
  ;[alice, bob, cem] = people
})

const named = ({ author, incarnation, seq }: Target): Target => ({ author, incarnation, seq })
const edit = (target: Target, text: string): Body => ({ kind: 'edit', target: named(target), text })
const remove = (target: Target): Body => ({ kind: 'delete', target: named(target) })
const react = (target: Target, emoji: string): Body => ({ kind: 'react', target: named(target), emoji })

async function one(...said: [Desk, string | Body]): Promise<RecordOnWire> {
  const [self, body] = said
  const [record] = (await say(self, GROUP, body)).slice(-1)
  if (!record) throw new Error('nothing was said')
  return record
}
const shown = async (self: Desk, record: RecordOnWire) => (await rowAt(self, record)).message
const bodyHere = ({ record }: StoredRecord) => record.form

describe('an edit', () => {
  test('shows in place of what was said, and the record stays what it was', async () => {
    const said = await one(bob, 'helo')
    await one(bob, edit(said, 'hello'))
    await bring(bob, alice)
    expect((await shown(alice, said))?.edits?.map(({ text }) => text)).toEqual(['hello'])
    expect(await shown(alice, said)).toEqual(await shown(bob, said))
    expect(await read(alice, GROUP)).toEqual(['helo'])
  })

  test('is nobody else’s to make', async () => {
    const said = await one(bob, 'hello')
    await bring(bob, alice)
    await one(alice, edit(said, 'I am a fool'))
    await bring(alice, bob)
    for (const self of [alice, bob]) expect(await shown(self, said)).not.toHaveProperty('edits')
  })

  test('of a later life counts for what was said in an earlier one', async () => {
    const said = await one(bob, 'helo')
    await bring(bob, alice)
    await createActs(bob.ledger, bob.author, noDelivery(bob)).beginAgain()
    await one(bob, edit(said, 'hello'))
    await bring(bob, alice)
    expect((await shown(alice, said))?.edits).toHaveLength(1)
  })

  test('is no message of its own, and makes nothing unread', async () => {
    const said = await one(bob, 'helo')
    await bring(bob, alice)
    const before = alice.ledger.state.conversations.get(GROUP)
    await one(bob, edit(said, 'hello'))
    await bring(bob, alice)
    expect(alice.ledger.state.conversations.get(GROUP)).toMatchObject({
      ...{ messages: before?.messages, unread: before?.unread },
    })
  })
})

describe('a reaction', () => {
  test('of each person is shown, and the last of each', async () => {
    const said = await one(bob, 'hello')
    await bring(bob, alice)
    await one(alice, react(said, '👍'))
    await one(alice, react(said, '❤️'))
    await one(bob, react(said, '🎉'))
    await bring(bob, alice)
    await bring(alice, bob)
    for (const self of [alice, bob]) {
      const { reactions = [] } = (await shown(self, said)) ?? {}
      expect(new Map(reactions.map(({ author, emoji }) => [author, emoji]))).toEqual(
        new Map([
          [alice.me, '❤️'],
          [bob.me, '🎉'],
        ]),
      )
    }
  })

  test('that comes before what it is about waits for it, unseen', async () => {
    const said = await one(bob, 'hello')
    await bring(bob, cem)
    const reaction = await one(cem, react(said, '👍'))
    await take(alice, cem, [reaction])
    const waiting = await alice.store.all('marks')
    expect(waiting.map(({ target }) => target)).toEqual([recordKey(said)])
    expect((await rowAt(alice, reaction)).message).toBeUndefined()
    await bring(bob, alice)
    expect((await shown(alice, said))?.reactions).toHaveLength(1)
    expect(await alice.store.all('marks')).toEqual([])
  })
})

describe('what bob takes back', () => {
  test('leaves nothing of what was said, nor of its edits, and the chat says so', async () => {
    const said = await one(bob, 'secret')
    const edits = [await one(bob, edit(said, 'secret 1')), await one(bob, edit(said, 'secret 2'))]
    await bring(bob, alice)
    await one(alice, react(said, '👍'))
    await one(bob, remove(said))
    await bring(bob, alice)
    for (const self of [alice, bob]) {
      const rows = await Promise.all([said, ...edits].map((record) => rowAt(self, record)))
      expect(rows.map(bodyHere)).toEqual(Array(3).fill('tombstone'))
      const { clock } = (await shown(self, said)) ?? {}
      expect(await shown(self, said)).toEqual({
        ...{ author: bob.me, seq: said.seq, clock, body: undefined, deleted: true },
      })
      expect(self.ledger.state.conversations.get(GROUP)?.last?.text).toBe('Message deleted')
    }
  })

  test('stays taken back, whatever is edited afterwards: that leaves nothing either', async () => {
    const said = await one(bob, 'secret')
    await one(bob, remove(said))
    const late = await one(bob, edit(said, 'secret again'))
    await bring(bob, alice)
    for (const self of [alice, bob]) expect(bodyHere(await rowAt(self, late))).toBe('tombstone')
    await bring(alice, cem)
    expect(bodyHere(await rowAt(cem, late))).toBe('tombstone')
  })

  test('is not taken back by anybody else', async () => {
    const said = await one(bob, 'hello')
    await bring(bob, alice)
    await one(alice, remove(said))
    await bring(alice, bob)
    for (const self of [alice, bob]) expect(await read(self, GROUP)).toEqual(['hello'])
  })

  test('before it came is a place in the feed and nothing more, and so are its edits that waited', async () => {
    const said = await one(bob, 'secret')
    const first = await one(bob, edit(said, 'secret 1'))
    const before = (await rowsOf(bob, GROUP)).filter(({ record }) => record.author === bob.me)
    // In another life, whose feed comes first.
    await createActs(bob.ledger, bob.author, noDelivery(bob)).beginAgain()
    const records = await say(bob, GROUP, edit(said, 'secret 2'), remove(said), edit(said, 'secret 3'))
    const fresh = await lateComer()
    await take(fresh, bob, records)
    const all = (await rowsOf(fresh, GROUP)).filter(({ record }) => record.incarnation !== said.incarnation)
    const forms = all.filter(({ record }) => record.author === bob.me).map(bodyHere)
    expect(forms).toEqual(['record', 'record', 'tombstone', 'record', 'tombstone'])
    await take(
      fresh,
      cem,
      before.map(({ record }) => toWire(record)),
    )
    expect(await shown(fresh, said)).toMatchObject({ body: undefined, deleted: true })
    expect(bodyHere(await rowAt(fresh, said))).toBe('tombstone')
    expect(bodyHere(await rowAt(fresh, first))).toBe('tombstone')
  })
})

/** Alice, with nothing of what Bob said in his first life. */
async function lateComer(): Promise<Desk> {
  await alice.ledger.transact(async (draft) => {
    for (const { record } of await rowsOf(alice, GROUP)) {
      if (record.author !== bob.me) continue
      draft.remove('records', recordKey(record))
      draft.remove('feeds', `${placeOf(alice, GROUP)}/${record.author}/${record.incarnation}`)
    }
  })
  return alice
}
