import { beforeEach, expect, test } from 'vitest'
import { fileId } from '../../../src/core/ids.ts'
import { recordKey } from '../../../src/core/record.ts'
import { pairConversation } from '../../../src/crypto/address.ts'
import { retires, verifyIncarnation } from '../../../src/crypto/incarnation.ts'
import { createActs, type Acts } from '../../../src/sync/acts.ts'
import { openLedger } from '../../../src/sync/ledger.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { acquaint, desk, noDelivery, read, rowsOf, say, take, type Desk } from '../../support/desk.ts'
import { bytesOf } from '../../support/samples.ts'

interface Stage {
  readonly alice: Desk
  readonly bob: Desk
  readonly acts: Acts
  readonly chat: ReturnType<typeof pairConversation>
}

let stage: Stage
beforeEach(async () => {
  const [alice, bob] = [await desk('Alice', 1), await desk('Bob', 2)]
  await acquaint(alice, bob)
  stage = {
    alice,
    bob,
    acts: createActs(alice.ledger, alice.author, noDelivery(alice)),
    chat: pairConversation(alice.me, bob.me),
  }
})

test('what alice says is on her disk when it is accepted, behind who she is', async () => {
  const { alice, acts, chat } = stage
  await acts.say(chat, { kind: 'text', text: 'one' })
  await acts.say(chat, { kind: 'text', text: 'two' })
  expect(await read(alice)).toEqual(['one', 'two'])
  const rows = await rowsOf(alice)
  const kinds = rows.map(({ record }) => (record.form === 'record' ? record.content.kind : ''))
  expect(kinds).toEqual(['incarnation', 'profile', 'text', 'text'])
  expect((await openLedger(alice.store))?.state.feeds).toEqual(alice.ledger.state.feeds)
})

test('ten things said at once are accepted one after another', async () => {
  const { alice, acts, chat } = stage
  const words = Array.from({ length: 10 }, (_, n) => `word ${n}`)
  await Promise.all(words.map((text) => acts.say(chat, { kind: 'text', text })))
  expect(await read(alice)).toEqual(words)
})

test('an answer stands behind what it answers, though the clock of bob is ahead and was set back since', async () => {
  const { alice, bob, acts, chat } = stage
  bob.clock.now += 60_000
  await take(alice, bob, await say(bob, alice, 'a question'))
  await acts.say(chat, { kind: 'text', text: 'an answer' })
  alice.clock.now -= 1_800_000
  await acts.say(chat, { kind: 'text', text: 'and more' })
  expect(await read(alice)).toEqual(['a question', 'an answer', 'and more'])
})

test('reading clears the count, and what comes afterwards counts anew', async () => {
  const { alice, bob, acts, chat } = stage
  await take(alice, bob, await say(bob, alice, 'one'))
  await acts.markRead(chat)
  expect(alice.ledger.state.conversations.get(chat)).toMatchObject({
    unread: 0,
    read: { author: bob.me, seq: 3 },
  })
  await take(alice, bob, await say(bob, alice, 'two'))
  expect(alice.ledger.state.conversations.get(chat)).toMatchObject({ unread: 1, read: { seq: 3 } })
})

test('a draft is kept, and forgotten when it is empty; neither moves the chat', async () => {
  const { alice, acts, chat } = stage
  const before = alice.ledger.state.conversations.get(chat)
  await acts.saveDraft(chat, 'half a sen')
  expect((await alice.store.get('conversations', chat))?.draft).toBe('half a sen')
  await acts.saveDraft(chat, '')
  expect(await alice.store.get('conversations', chat)).toEqual(before)
})

test('a new name reaches everybody', async () => {
  const { alice, bob, acts } = stage
  await acts.rename('Alison')
  expect((await alice.store.get('self', 'self'))?.name).toBe('Alison')
  const profiles = (await alice.store.all('records')).filter(
    ({ record }) => record.form === 'record' && record.content.kind === 'profile',
  )
  expect(profiles.length).toBeGreaterThan(0)
  expect(bob.ledger.state.contacts.get(alice.me)?.name).toBe('Alice')
})

test('a new incarnation is later than the last, though the clock was set back, and begins its feeds anew', async () => {
  const { alice, acts, chat } = stage
  await acts.say(chat, { kind: 'text', text: 'one' })
  const before = alice.ledger.state.self.incarnation
  alice.clock.now -= 86_400_000
  await acts.beginAgain()
  const { incarnation } = alice.ledger.state.self
  expect(retires(incarnation, before)).toBe(true)
  expect(await verifyIncarnation(alice.me, incarnation)).toBe(true)
  alice.clock.now += 86_400_000
  await acts.say(chat, { kind: 'text', text: 'two' })
  expect(await read(alice)).toEqual(['one', 'two'])
  const feeds = [...alice.ledger.state.feeds.values()]
  // Nobody confirmed the earlier one: all of it may be different elsewhere.
  expect(feeds.map(({ seq, tail }) => [seq, tail])).toEqual([
    [0, 3],
    [3, undefined],
  ])
})

test('a name from an earlier incarnation, come late, does not replace the present one', async () => {
  const { alice, bob, acts } = stage
  await acts.rename('Old Alice')
  const earlier = await recordsOf(alice)
  await acts.beginAgain()
  await acts.rename('New Alice')
  const later = (await recordsOf(alice)).filter(({ incarnation }) => incarnation !== earlier[0]?.incarnation)
  await meetAgain(bob, alice)
  await take(bob, alice, later)
  await take(bob, alice, earlier)
  expect(bob.ledger.state.contacts.get(alice.me)?.name).toBe('New Alice')
})

test('a text that no receiver would take is refused at once, not accepted and never shown to anybody', async () => {
  const { acts, chat, alice } = stage
  await expect(acts.say(chat, { kind: 'text', text: 'x'.repeat(32_769) })).rejects.toThrow()
  expect(await read(alice)).toEqual([])
})

/** As BIND does: the incarnation that speaks now is known before its records come. */
async function meetAgain(self: Desk, other: Desk): Promise<void> {
  const contact = self.ledger.state.contacts.get(other.me)
  if (contact?.stage !== 'met') throw new Error('they never met')
  const { incarnation } = other.ledger.state.self
  await self.ledger.transact((draft) => {
    draft.put('contacts', { ...contact, incarnation })
  })
}

async function recordsOf(self: Desk) {
  return (await rowsOf(self)).map(({ record }) => toWire(record))
}

test('a file that is gone is said in its message, beside what was said about it meanwhile', async () => {
  const { alice, acts, chat } = stage
  const manifest = { file: fileId('00'.repeat(16)), name: 'a.txt', type: '', size: 1, key: bytesOf(32, 1) }
  await acts.say(chat, { kind: 'file', manifest: { ...manifest, blockSize: 1024 } })
  const [row] = (await rowsOf(alice)).filter(({ message }) => message)
  if (!row) throw new Error('no file')
  const { seq, author, incarnation } = row.record
  const target = { author, incarnation, seq }
  const react = acts.say(chat, { kind: 'react', target, emoji: '👍' })
  await Promise.all([react, acts.fileGone(recordKey(row.record))])
  const message = async () => (await alice.store.get('records', recordKey(row.record)))?.message
  expect(await message()).toMatchObject({ failed: 'file-gone', reactions: [{ emoji: '👍' }] })
  await Promise.all([acts.say(chat, { kind: 'delete', target }), acts.fileGone(recordKey(row.record))])
  expect(await message()).toMatchObject({ deleted: true, body: undefined })
  expect(await message()).not.toHaveProperty('failed')
})

test('words take the place of the draft in the same transaction, a file leaves it alone', async () => {
  const { alice, acts, chat } = stage
  const draft = () => alice.ledger.state.conversations.get(chat)?.draft
  await acts.saveDraft(chat, 'Dear Bob')
  const file = fileId('00'.repeat(16))
  const manifest = { file, name: 'a.txt', type: '', size: 1, key: bytesOf(32, 1), blockSize: 1024 }
  await acts.say(chat, { kind: 'file', manifest })
  expect(draft()).toBe('Dear Bob')
  const heard: boolean[] = []
  alice.store.watch(({ records }) => heard.push(records.length > 0 && draft() === undefined))
  await acts.say(chat, { kind: 'text', text: 'Dear Bob' })
  await acts.saveDraft(chat, '')
  expect(heard).toEqual([true])
})
