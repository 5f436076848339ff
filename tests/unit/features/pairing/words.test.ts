import { expect, it } from 'vitest'
import type { Refusal } from '../../../../src/features/pairing/pairing.ts'
import { refusalText } from '../../../../src/features/pairing/words.ts'

const REFUSALS: { [P in Refusal['problem']]: Refusal & { problem: P } } = {
  'not-an-invite': { problem: 'not-an-invite' },
  truncated: { problem: 'truncated' },
  damaged: { problem: 'damaged' },
  'newer-version': { problem: 'newer-version' },
  'other-host': { problem: 'other-host', host: 'https://chat.example.org:8443' },
  own: { problem: 'own' },
  expired: { problem: 'expired' },
}

it('has its own sentence for every refusal', () => {
  const texts = Object.values(REFUSALS).map(refusalText)
  expect(new Set(texts).size).toBe(texts.length)
  for (const text of texts) expect(text).toMatch(/^[A-Z].*\.$/)
})

it('says where an invitation of another server belongs', () => {
  expect(refusalText(REFUSALS['other-host'])).toBe(
    'This is an invitation of chat.example.org:8443. Open it there.',
  )
})
