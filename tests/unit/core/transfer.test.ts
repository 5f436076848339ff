import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AHEAD_BLOCKS, CREDIT_BLOCKS } from '../../../src/core/transfer.ts'
import { blocksOf, isLast, plainLength, sealedLength } from '../../../src/core/transfer-layout.ts'
import {
  stepReceiving,
  type Piece,
  type Receiving,
  type ReceivingEvent,
} from '../../../src/core/transfer-receiving.ts'
import {
  hasCredit,
  stepSending,
  type Sending,
  type SendingEvent,
} from '../../../src/core/transfer-sending.ts'

const MIB = 1_048_576
const layout = { size: 20 * MIB + 5, blockSize: MIB }
const total = blocksOf(layout)

function send(state: Sending, ...events: SendingEvent[]): Sending {
  return events.reduce((now, event) => stepSending(now, event, total).state, state)
}

function receive(state: Receiving, ...events: ReceivingEvent[]): Receiving {
  return events.reduce((now, event) => stepReceiving(now, event, layout).state, state)
}

const piece = (block: number, offset = 0, length = sealedLength(layout, block) - offset): ReceivingEvent => ({
  event: 'piece',
  piece: { ticket: 7, block, offset, length, sealed: sealedLength(layout, block) },
})

const fetching = receive({ at: 'offered' }, { event: 'accepted' }, { event: 'asked', ticket: 7 })

test('a file is cut into blocks that add up to it', () => {
  fc.assert(
    fc.property(fc.nat({ max: 50_000 }), fc.integer({ min: 1, max: 5_000 }), (size, blockSize) => {
      const blocks = blocksOf({ size, blockSize })
      const lengths = Array.from({ length: blocks }, (_, block) => plainLength({ size, blockSize }, block))
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(size)
      expect(isLast({ size, blockSize }, blocks - 1)).toBe(true)
      expect(lengths.slice(0, -1).every((length) => length === blockSize)).toBe(true)
    }),
  )
})

test('an empty file is one empty block', () => {
  expect(blocksOf({ size: 0, blockSize: MIB })).toBe(1)
  expect(sealedLength({ size: 0, blockSize: MIB }, 0)).toBe(16)
})

test('Alice sends no more than eight blocks ahead of what Bob wrote', () => {
  let state = send({ at: 'waiting', written: 0 }, { event: 'wanted', ticket: 1, from: 0 })
  let sent = 0
  while (state.at === 'serving' && hasCredit(state, total)) {
    state = send(state, { event: 'sent', ticket: 1 })
    sent++
  }
  expect(sent).toBe(AHEAD_BLOCKS)
  state = send(state, { event: 'wrote', ticket: 1, blocks: 3 })
  expect(state.at === 'serving' && hasCredit(state, total)).toBe(true)
})

test('Bob cannot claim to have written what Alice did not send, nor take back what he wrote', () => {
  const state = send(
    { at: 'waiting', written: 0 },
    { event: 'wanted', ticket: 1, from: 0 },
    { event: 'sent', ticket: 1 },
    { event: 'sent', ticket: 1 },
    { event: 'wrote', ticket: 1, blocks: 1 },
  )
  for (const blocks of [0, 1, 3, total, 0xffff_ffff]) {
    const step = stepSending(state, { event: 'wrote', ticket: 1, blocks }, total)
    expect(step.state).toBe(state)
    expect(step.effects).toEqual([{ do: 'count' }])
  }
  expect(stepSending(state, { event: 'wrote', ticket: 2, blocks: 2 }, total).state).toBe(state)
})

test('a want beyond the end is dropped, at the end it means that all is there', () => {
  const waiting: Sending = { at: 'waiting', written: 0 }
  expect(stepSending(waiting, { event: 'wanted', ticket: 1, from: total + 1 }, total).effects).toEqual([
    { do: 'count' },
  ])
  expect(send(waiting, { event: 'wanted', ticket: 1, from: total })).toEqual({ at: 'complete' })
})

test('who asks for a cancelled or lost file hears what became of it', () => {
  const want = { event: 'wanted', ticket: 1, from: 0 } as const
  expect(stepSending({ at: 'cancelled', by: 'us' }, want, total).effects).toEqual([
    { do: 'say', step: { step: 'cancel' } },
  ])
  expect(stepSending({ at: 'gone', reason: 'changed' }, want, total).effects).toEqual([
    { do: 'say', step: { step: 'gone', reason: 'changed' } },
  ])
})

test('after a lost link Alice waits and remembers how far Bob had come', () => {
  const state = send(
    { at: 'waiting', written: 0 },
    { event: 'wanted', ticket: 1, from: 4 },
    { event: 'sent', ticket: 1 },
    { event: 'wrote', ticket: 1, blocks: 5 },
    { event: 'interrupted' },
  )
  expect(state).toEqual({ at: 'waiting', written: 5 })
})

test('Bob takes pieces only where the next one must begin', () => {
  const after = receive(fetching, piece(0, 0, 100_000))
  expect(after).toMatchObject({ block: 0, offset: 100_000 })
  const wrong: Piece[] = [
    { ticket: 7, block: 0, offset: 0, length: 100_000, sealed: MIB + 16 },
    { ticket: 7, block: 1, offset: 0, length: 100_000, sealed: MIB + 16 },
    { ticket: 8, block: 0, offset: 100_000, length: 100_000, sealed: MIB + 16 },
    { ticket: 7, block: 0, offset: 100_000, length: 100_000, sealed: MIB + 17 },
    { ticket: 7, block: 0, offset: 100_000, length: MIB, sealed: MIB + 16 },
    { ticket: 7, block: 0, offset: 100_000, length: 5, sealed: MIB + 16 },
    { ticket: 7, block: 0xffff_ffff, offset: 0, length: 100_000, sealed: MIB + 16 },
  ]
  for (const hostile of wrong) {
    const step = stepReceiving(after, { event: 'piece', piece: hostile }, layout)
    expect(step).toEqual({ state: after, effects: [{ do: 'count' }] })
  }
})

test('Bob keeps no more than sixteen blocks that are not written', () => {
  let state = fetching
  let kept = 0
  for (let block = 0; block < total; block++) {
    const step = stepReceiving(state, piece(block), layout)
    if (step.effects.some((effect) => effect.do === 'keep')) kept++
    state = step.state
  }
  expect(kept).toBe(CREDIT_BLOCKS)
})

test('Bob says that it is complete only once that is kept', () => {
  const nearly = receive(
    fetching,
    ...Array.from({ length: CREDIT_BLOCKS }, (_, block) => piece(block)),
    { event: 'wrote', ticket: 7, blocks: CREDIT_BLOCKS },
    ...Array.from({ length: total - CREDIT_BLOCKS }, (_, i) => piece(CREDIT_BLOCKS + i)),
  )
  const step = stepReceiving(nearly, { event: 'wrote', ticket: 7, blocks: total }, layout)
  expect(step.state).toEqual({ at: 'complete' })
  expect(step.effects).toEqual([
    { do: 'end' },
    { do: 'save', then: { step: 'wrote', ticket: 7, blocks: total } },
  ])
})

test('what arrives after Bob cancelled is dropped', () => {
  const cancelled = receive(fetching, piece(0), { event: 'cancelled', by: 'us' })
  expect(cancelled).toEqual({ at: 'cancelled', by: 'us' })
  const step = stepReceiving(cancelled, piece(1), layout)
  expect(step).toEqual({ state: cancelled, effects: [{ do: 'count' }] })
  expect(receive(cancelled, { event: 'wrote', ticket: 7, blocks: 1 })).toBe(cancelled)
  expect(receive(cancelled, { event: 'lost', reason: 'missing' })).toBe(cancelled)
})

test('nothing is fetched before Bob consents', () => {
  expect(receive({ at: 'offered' }, { event: 'asked', ticket: 7 })).toEqual({ at: 'offered' })
})

test('no order of events makes Bob claim a block twice or go back', () => {
  const events = fc.oneof(
    fc.record({ event: fc.constant('asked' as const), ticket: fc.constant(7) }),
    fc.nat({ max: total }).map((block) => piece(Math.min(block, total - 1))),
    fc.record({
      event: fc.constant('wrote' as const),
      ticket: fc.constant(7),
      blocks: fc.nat({ max: total }),
    }),
    fc.constant({ event: 'interrupted' } as const),
  )
  fc.assert(
    fc.property(fc.array(events, { maxLength: 60 }), (story) => {
      let state = fetching
      let written = 0
      for (const event of story) {
        state = stepReceiving(state, event, layout).state
        const now = 'written' in state ? state.written : total
        expect(now).toBeGreaterThanOrEqual(written)
        written = now
      }
    }),
  )
})
