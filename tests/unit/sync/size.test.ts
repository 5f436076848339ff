import { expect, test } from 'vitest'
import { FIRST_ERA } from '../../../src/core/era.ts'
import { signRecord } from '../../../src/crypto/record.ts'
import { createMls } from '../../../src/crypto/ts-mls.ts'
import { encodeBody } from '../../../src/protocol/body.ts'
import { encodeFrame } from '../../../src/protocol/frame.ts'
import { toWire } from '../../../src/sync/receive.ts'
import { seal } from '../../../src/sync/seal.ts'
import { desk } from '../../support/desk.ts'
import { bytesOf, conversationOf } from '../../support/samples.ts'

test('a text of twenty letters takes 256 bytes on its first trip, sealed by the real MLS, and fewer in the open', async () => {
  const alice = await desk('Alice', 1)
  const mls = createMls(alice.signer, { now: alice.author.now })
  const state = await mls.create(bytesOf(8, 1))
  const content = {
    ...{ kind: 'text' as const, clock: alice.clock.now, salt: bytesOf(8, 1) },
    body: encodeBody({ kind: 'text', text: 'a message of twenty.' }),
  }
  const { id: incarnation } = alice.ledger.state.self.incarnation
  const place = { conversation: conversationOf(1), incarnation, seq: 1_000, era: FIRST_ERA }
  const record = await signRecord(alice.signer, place, content)
  const held = { conversation: place.conversation, generation: 0, state, used: [] }
  const { sealed } = await seal(held, record, mls)
  expect(encodeFrame({ type: 'sealed', sealed }).length).toBeLessThanOrEqual(256)
  expect(encodeFrame({ type: 'record', record: toWire(record) }).length).toBeLessThanOrEqual(180)
})
