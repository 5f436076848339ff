import { expect, test } from 'vitest'
import type { Ended, EndReason } from '../../../../src/core/call.ts'
import { callId, identityKey } from '../../../../src/core/ids.ts'
import { duration, ending, troubleWords } from '../../../../src/features/calls/words.ts'

function ended(reason: EndReason, by: Ended['by'], lasted?: number): Ended {
  const about = { call: callId('1'.repeat(32)), peer: identityKey('b'.repeat(64)), video: false }
  return { at: 'ended', ...about, reason, by, ...(lasted === undefined ? {} : { lasted }) }
}

test.each([
  ['declined', 'them', 'Bob declined the call'],
  ['busy', 'them', 'Bob is in another call'],
  ['no-answer', 'them', 'Bob did not answer'],
  ['unreachable', 'them', 'Bob could not be reached'],
  ['cancelled', 'us', 'Call cancelled'],
  ['cancelled', 'them', 'Missed voice call from Bob'],
  ['failed', 'us', 'The call could not be connected. One of the two networks may not allow it.'],
] as const)('a call that was %s by %s: "%s"', (reason, by, sentence) => {
  expect(ending(ended(reason, by), 'Bob')).toBe(sentence)
})

test('whoever declines need not be told', () => {
  expect(ending(ended('declined', 'us'), 'Bob')).toBeUndefined()
})

test('the end of a talk tells how long it was', () => {
  expect(ending(ended('hung-up', 'them', 65_400), 'Bob')).toBe('Call ended · 1:05')
  expect(ending(ended('lost', 'us', 3_725_000), 'Bob')).toBe('The connection was lost · 1:02:05')
  expect(duration(0)).toBe('0:00')
})

test('every trouble with a device has a sentence of its own', () => {
  const sentences = (['audio', 'video'] as const).flatMap((kind) =>
    (['refused', 'missing', 'taken', 'unplugged', 'failed'] as const).map((trouble) =>
      troubleWords(kind, trouble, 'Bob'),
    ),
  )
  expect(new Set(sentences).size).toBe(10)
})
