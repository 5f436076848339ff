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
  ['مهدی\u200cپور', 'مهدی\u200cپور'],
  ['', 'Nameless'],
  ['\u200b\u200d\ufeff', 'Nameless'],
  ['\u3164', 'Nameless'],
  ['\u115f\u1160\uffa0\u2800\ufe0f', 'Nameless'],
  ['A\u{e0041}\u{e007f}nn', 'Ann'],
  ['Ann ❤\ufe0f', 'Ann ❤\ufe0f'],
])('%j is shown as %j', (written, shown) => {
  expect(cleanName(written)).toBe(shown)
})

/** Full of what is taken out, and of what is left where that was. */
const odd = fc.string({
  unit: fc.constantFrom('a', ' ', '\n', '\u200b', '\u200c', '\u200d', '\u202e', '\ufeff', '\u00a0'),
})

test('cleaning a clean name changes nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), odd), (name) => {
      expect(cleanName(cleanName(name))).toBe(cleanName(name))
    }),
  )
})
