import { beforeEach, expect, test } from 'vitest'
import { emptyFeed } from '../../../src/core/feed.ts'
import { incarnationId } from '../../../src/core/ids.ts'
import { FIRST_ERA } from '../../../src/core/era.ts'
import { feedKey, type Content } from '../../../src/core/record.ts'
import { pairConversation } from '../../../src/crypto/address.ts'
import { makeIncarnation } from '../../../src/crypto/incarnation.ts'
import { innerOf, signRecord } from '../../../src/crypto/record.ts'
import { encodeBody } from '../../../src/protocol/body.ts'
import type { RecordOnWire } from '../../../src/protocol/record.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { acquaint, desk, read, rowsOf, say, take, type Desk } from '../../support/desk.ts'
import { bytesOf, conversationOf, identityOf, incarnationIdOf } from '../../support/samples.ts'

let [alice, bob, carol]: Desk[] = []
beforeEach(async () => {
  ;[alice, bob, carol] = [await desk('Alice', 1), await desk('Bob', 2), await desk('Carol', 3)]
  await acquaint(alice, bob)
  await acquaint(alice, carol)
})

function cast(): [Desk, Desk, Desk] {
  if (!alice || !bob || !carol) throw new Error('nobody on the stage')
  return [alice, bob, carol]
}

function chatOf(self: Desk, other: Desk) {
  return self.store.get('conversations', pairConversation(self.me, other.me))
}

/** Anything that Bob may sign, for his chat with Alice. */
async function signed(by: Desk, seq: number, content: Partial<Content> & Pick<Content, 'kind' | 'body'>) {
  const { conversation } = (await by.store.all('contacts'))[0] ?? {}
  const incarnation = by.ledger.state.self.incarnation.id
  if (!conversation) throw new Error('no chat')
  const whole = { clock: by.clock.now, salt: bytesOf(8, 1), ...content }
  return toWire(await signRecord(by.signer, { conversation, incarnation, seq, era: FIRST_ERA }, whole))
}

test('what bob says stands on the screen of alice once, however often it comes', async () => {
  const [alice, bob] = cast()
  const records = [...(await say(bob, alice, 'one')), ...(await say(bob, alice, 'two'))]
  expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
  expect((await take(alice, bob, records)).stored).toHaveLength(4)
  const again = await take(alice, bob, [...records, ...records])
  expect([again.stored, [...again.lacks], alice.suspicions]).toEqual([[], [], []])
  expect(await read(alice)).toEqual(['one', 'two'])
  expect(await chatOf(alice, bob)).toMatchObject({ unread: 2, messages: 2, last: { text: 'two' } })
})

test('twice within one batch is once', async () => {
  const [alice, bob] = cast()
  const records = await say(bob, alice, 'one')
  const { stored } = await take(
    alice,
    bob,
    records.flatMap((one) => [one, one]),
  )
  expect([stored.length, alice.suspicions]).toEqual([3, []])
})

test('in whatever pieces it comes, both hold the same head', async () => {
  const [alice, bob] = cast()
  const records = [...(await say(bob, alice, 'one')), ...(await say(bob, alice, 'two'))]
  for (const record of records) await take(alice, bob, [record])
  expect(await alice.store.all('feeds')).toEqual(await bob.store.all('feeds'))
  expect((await rowsOf(alice)).map(({ head }) => head)).toEqual((await rowsOf(bob)).map(({ head }) => head))
})

test('what is missing in between is asked for, and taken when it comes', async () => {
  const [alice, bob] = cast()
  const [first, second, third] = await say(bob, alice, 'one')
  if (!first || !second || !third) throw new Error('three were expected')
  const asks = async (...records: RecordOnWire[]) => {
    const { stored, lacks } = await take(alice, bob, records)
    return [stored.length, lacks.get(feedKey(first))?.seq]
  }
  expect(await asks(second)).toEqual([0, 0])
  expect(await asks(first, third)).toEqual([1, 1])
  expect(await asks(second, third)).toEqual([2, undefined])
  expect([await read(alice), alice.suspicions]).toEqual([['one'], []])
})

const tampered: Record<string, (record: RecordOnWire) => RecordOnWire> = {
  'from an author who is not here': (one) => ({ ...one, author: identityOf(9) }),
  'in the name of alice': (one) => ({ ...one, author: cast()[0].me }),
  'for another conversation': (one) => ({ ...one, conversation: conversationOf(9) }),
  'of another incarnation': (one) => ({ ...one, incarnation: incarnationIdOf(9) }),
  'of another era': (one) => ({ ...one, era: { generation: 1, epoch: 0 } }),
  'with another signature': (one) => ({
    ...one,
    signature: one.signature.with(0, 1 ^ (one.signature[0] ?? 0)),
  }),
  'with another body': (one) => ({ ...one, part: { inner: bytesOf(32, 1) } }),
}
test.each(Object.entries(tampered))(
  'a record %s is refused, and nothing of it is kept',
  async (_, tamper) => {
    const [alice, bob] = cast()
    const records = await say(bob, alice, 'one')
    const { stored } = await take(alice, bob, records.map(tamper))
    expect([stored, alice.suspicions[0]]).toEqual([[], 'refused'])
    for (const table of ['records', 'feeds'] as const) expect(await alice.store.all(table)).toEqual([])
  },
)

test("carol can neither bring bob's words to her own chat with alice nor to his", async () => {
  const [alice, bob, carol] = cast()
  const records = await say(bob, alice, 'one')
  const refused = async (brought: RecordOnWire[]) => {
    const { stored } = await take(alice, carol, brought)
    return [stored, alice.suspicions.splice(0)[0]]
  }
  expect(await refused(records)).toEqual([[], 'refused'])
  const elsewhere = (await alice.store.get('contacts', carol.me))?.conversation
  const moved = records.map((one) => ({ ...one, conversation: elsewhere ?? one.conversation }))
  expect(await refused(moved)).toEqual([[], 'refused'])
})

test('nobody whom alice does not know gets anything in', async () => {
  const [alice, bob] = cast()
  const dave = await desk('Dave', 4)
  expect((await take(alice, dave, await say(bob, alice, 'one'))).stored).toEqual([])
  expect(alice.suspicions).toEqual(['refused', 'refused', 'refused'])
})

test("a feed begins with its own incarnation's statement, and with nothing else", async () => {
  const [alice, bob] = cast()
  const { incarnation } = bob.ledger.state.self
  const other = await makeIncarnation(bob.signer, bytesOf(8, 9), 5)
  const starts = [
    await signed(bob, 1, { kind: 'text', body: encodeBody({ kind: 'text', text: 'hi' }) }),
    await signed(bob, 1, { kind: 'incarnation', body: bytesOf(3, 1) }),
    await signed(bob, 1, {
      kind: 'incarnation',
      body: encodeBody({ kind: 'incarnation', incarnation: other }),
    }),
    await signed(bob, 1, {
      kind: 'incarnation',
      body: encodeBody({ kind: 'incarnation', incarnation: { ...incarnation, madeAt: 7 } }),
    }),
  ]
  const odd = ['refused', 'refused', 'refused', 'refused']
  expect([(await take(alice, bob, starts)).stored, alice.suspicions]).toEqual([[], odd])
  const right = await signed(bob, 1, {
    kind: 'incarnation',
    body: encodeBody({ kind: 'incarnation', incarnation }),
  })
  const { part: content, ...rest } = right
  const part = { inner: 'content' in content ? innerOf(content.content) : content.inner }
  const entombed = { ...rest, part: { inner: part.inner } }
  expect([(await take(alice, bob, [entombed])).stored, alice.suspicions.length]).toEqual([[], 5])
  expect((await take(alice, bob, [right])).stored).toHaveLength(1)
})

test('a body that nobody understands is kept in its place and not shown; what follows is', async () => {
  const [alice, bob] = cast()
  const begin = (await say(bob, alice, 'one')).slice(0, 2)
  const odd = await signed(bob, 3, { kind: 'text', body: bytesOf(4, 0xff), clock: bob.clock.now + 5 })
  const next = await signed(bob, 4, {
    kind: 'text',
    body: encodeBody({ kind: 'text', text: 'hi' }),
    clock: bob.clock.now + 9,
  })
  expect((await take(alice, bob, [...begin, odd, next])).stored).toHaveLength(4)
  expect(await read(alice)).toEqual(['hi'])
})

test('clocks that do not rise are shown as wrong, and sorted behind what came before', async () => {
  const [alice, bob] = cast()
  const begin = await say(bob, alice, 'one')
  const text = (word: string) => encodeBody({ kind: 'text' as const, text: word })
  const back = await signed(bob, 4, { kind: 'text', body: text('back'), clock: 5 })
  const { stored } = await take(alice, bob, [...begin, back])
  expect(stored.at(-1)?.message).toMatchObject({ clockWrong: true })
  expect(await read(alice)).toEqual(['one', 'back'])
})

test("bob's new name is learnt from himself alone", async () => {
  const [alice, bob] = cast()
  await take(alice, bob, await say(bob, alice, 'one'))
  const { knockKey } = bob.ledger.state.self
  const { address } = (await alice.store.get('contacts', bob.me)) ?? {}
  if (!address) throw new Error('no address')
  const profile = encodeBody({ kind: 'profile', profile: { name: 'Robert', address, knockKey } })
  await take(alice, bob, [await signed(bob, 4, { kind: 'profile', body: profile, clock: bob.clock.now + 9 })])
  expect(await alice.store.get('contacts', bob.me)).toMatchObject({
    ...{ name: 'Robert', metAs: 'Bob', trust: 'verified' },
  })
  expect(await chatOf(alice, bob)).toMatchObject({ messages: 1 })
})

test('alice, who lost her own words, takes them back from bob, and they are not unread', async () => {
  const [alice, bob] = cast()
  const records = await say(alice, bob, 'mine')
  const lost = await desk('Alice', 1)
  await acquaint(lost, bob)
  expect((await take(lost, bob, records)).stored).toHaveLength(3)
  expect(await read(lost)).toEqual(['mine'])
  expect(await chatOf(lost, bob)).toMatchObject({ unread: 0, messages: 1 })
})

test('so many lives of bob are followed in a chat and no more, but never is the one that he leads now refused', async () => {
  const [alice, bob] = cast()
  const { conversation } = (await bob.store.all('contacts'))[0] ?? {}
  if (!conversation) throw new Error('no chat')
  const life = (n: number) => incarnationId(n.toString(16).padStart(16, '0'))
  await alice.ledger.transact((draft) => {
    for (let n = 0; n < 64; n++) {
      const id = { conversation, author: bob.me, incarnation: life(n) }
      draft.put('feeds', { ...emptyFeed(id), seq: 1 })
    }
  })
  const other = await makeIncarnation(bob.signer, bytesOf(8, 9), 5)
  const body = encodeBody({ kind: 'incarnation', incarnation: other })
  const whole = { kind: 'incarnation', body, clock: 5, salt: bytesOf(8, 1) } as const
  const at = { conversation, incarnation: other.id, seq: 1, era: FIRST_ERA }
  const stranger = toWire(await signRecord(bob.signer, at, whole))
  expect([(await take(alice, bob, [stranger])).stored, alice.suspicions]).toEqual([[], ['refused']])
  await take(alice, bob, await say(bob, alice, 'still me'))
  expect([await read(alice), alice.suspicions]).toEqual([['still me'], ['refused']])
})
