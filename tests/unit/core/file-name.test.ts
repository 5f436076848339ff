import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanFileName, extensionOf } from '../../../src/core/file-name.ts'

test.each([
  ['holiday.jpg', 'holiday.jpg'],
  ['Übersicht – März.pdf', 'Übersicht – März.pdf'],
  ['夏の写真.png', '夏の写真.png'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ann\\secret.txt', 'secret.txt'],
  ['..', 'file'],
  ['', 'file'],
  ['   ', 'file'],
  ['/', 'file'],
  ['.bashrc', 'bashrc'],
  ['report.pdf. . ', 'report.pdf'],
  ['con', '_con'],
  ['AUX.txt', '_AUX.txt'],
  ['LPT1', '_LPT1'],
  ['console.txt', 'console.txt'],
  ['photo\u202Egnp.js', 'photognp.js'],
  ['invoice.pdf\u0000.exe', 'invoice.pdf.exe'],
  ['zero\u200Bwidth.txt', 'zerowidth.txt'],
  ['line\nbreak\tand\u0085more.txt', 'linebreakandmore.txt'],
  ['a<b>c:d"e|f?g*.txt', 'a_b_c_d_e_f_g_.txt'],
  ['half \ud800 pair.txt', 'half \ufffd pair.txt'],
])('%j is shown and saved as %j', (given, clean) => {
  expect(cleanFileName(given)).toBe(clean)
})

test('a long name keeps its extension', () => {
  const clean = cleanFileName(`${'a'.repeat(300)}.tar.gz`)
  expect(clean).toBe(`${'a'.repeat(117)}.gz`)
})

test('a long name is never cut in the middle of a character', () => {
  expect(cleanFileName(`${'x'.repeat(115)}😀😀😀.png`).isWellFormed()).toBe(true)
})

test('a dot in the middle of a sentence is no extension', () => {
  expect(extensionOf('v1.2 of my very important plan')).toBe('')
  expect(extensionOf('photo.jpeg')).toBe('.jpeg')
})

test('whatever a stranger calls a file, it is one visible line without a path, and cleaning twice changes nothing', () => {
  const nasty = fc.string({
    unit: fc.constantFrom(...'a./\\ .:\u0000\u202e\u200bCON1é\ud83d\ude00\n~'.split('')),
    maxLength: 200,
  })
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 300 })), (name) => {
      const clean = cleanFileName(name)
      expect(clean.length).toBeGreaterThan(0)
      expect(clean.length).toBeLessThanOrEqual(120)
      expect(clean).not.toMatch(/[/\\\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]/u)
      expect(clean).not.toMatch(/^[\s.]|[\s.]$/)
      expect(clean.isWellFormed()).toBe(true)
      expect(cleanFileName(clean)).toBe(clean)
    }),
    { numRuns: 2_000 },
  )
})
