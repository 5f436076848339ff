import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanName } from '../../../src/core/name.ts'

test.each([
  ['Ann', 'Ann'],
  ['  Ann  Müller ', 'Ann Müller'],
  ['Ann\nis verified', 'Ann is verified'],
  ['Ann\u202e', 'Ann'],
  ['\u200bAnn\u0000', 'Ann'],
  ['👩\u200d🔬', '👩\u200d🔬'],
  ['', 'Nameless'],
  ['\u200b\u200d\ufeff', 'Nameless'],
])('%j is shown as %j', (written, shown) => {
  expect(cleanName(written)).toBe(shown)
})

test('cleaning a clean name changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(cleanName(cleanName(name))).toBe(cleanName(name))
    }),
  )
})
