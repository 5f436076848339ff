import { expect, test } from 'vitest'
import { emptyFeed } from '../../../src/core/feed.ts'
import type { Content, FeedRecord } from '../../../src/core/record.ts'
import { createSigner, deriveIdentity } from '../../../src/crypto/identity.ts'
import { innerOf, nextHead, signRecord, verifyRecord } from '../../../src/crypto/record.ts'
import { bytesOf, conversationOf, feedIdOf, identityOf, incarnationIdOf } from '../../support/samples.ts'

const content: Content = { kind: 'text', clock: 1000, body: bytesOf(5, 1), salt: bytesOf(8, 2) }
const place = {
  ...{ conversation: conversationOf(1), incarnation: incarnationIdOf(1), seq: 3 },
  era: { generation: 1, epoch: 2 },
}
const alice = deriveIdentity(bytesOf(16, 1))
const signer = await createSigner(alice)
const record = await signRecord(signer, place, content)

test('a record is what alice signed, whole or as a tombstone', async () => {
  const { content: _, ...signed } = record
  expect(await verifyRecord(record)).toBe(true)
  expect(await verifyRecord({ ...signed, form: 'tombstone' })).toBe(true)
})

const changes: Record<string, FeedRecord> = {
  conversation: { ...record, conversation: conversationOf(2) },
  author: { ...record, author: identityOf(2) },
  incarnation: { ...record, incarnation: incarnationIdOf(2) },
  seq: { ...record, seq: 4 },
  generation: { ...record, era: { generation: 2, epoch: 2 } },
  epoch: { ...record, era: { generation: 1, epoch: 3 } },
  'generation and epoch changed about': { ...record, era: { generation: 2, epoch: 1 } },
  inner: { ...record, inner: bytesOf(32, 1) },
  signature: { ...record, signature: record.signature.with(0, 1 ^ (record.signature[0] ?? 0)) },
  kind: { ...record, content: { ...content, kind: 'file' } },
  clock: { ...record, content: { ...content, clock: 1001 } },
  body: { ...record, content: { ...content, body: bytesOf(5, 2) } },
  salt: { ...record, content: { ...content, salt: bytesOf(8, 3) } },
  'content and what commits to it': {
    ...record,
    content: { ...content, clock: 1001 },
    inner: innerOf({ ...content, clock: 1001 }),
  },
}
test.each(Object.entries(changes))(
  'a record with another %s is not what alice signed',
  async (_, changed) => {
    expect(await verifyRecord(changed)).toBe(false)
  },
)

test('a head commits to all records before it, in their order', () => {
  const feed = emptyFeed(feedIdOf(1))
  const after = (...inners: number[]) =>
    inners.reduce((now, n) => ({ ...now, seq: now.seq + 1, head: nextHead(now, bytesOf(32, n)) }), feed).head
  const heads = [after(1), after(2), after(1, 2), after(2, 1), after(1, 1), after(1, 2, 3)]
  expect(new Set(heads.map((head) => Buffer.from(head).toString('hex'))).size).toBe(6)
})
