import { expect, it } from 'vitest'
import { suggestName } from '../../../../src/features/onboarding/names.ts'
import { MAX_INVITE_NAME } from '../../../../src/protocol/limits.ts'

it('suggests two words that fit into an invitation', () => {
  for (let i = 0; i < 1; i += 0.01) {
    const name = suggestName(() => i)
    expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
    expect(name.length).toBeLessThanOrEqual(MAX_INVITE_NAME)
  }
})
