import { describe, expect, it } from 'vitest'
import { isEmojiOnly, piecesOf } from '../../../../src/features/chat/links.ts'

const hrefs = (text: string) => piecesOf(text).flatMap(({ href }) => href ?? [])

describe('links in a message', () => {
  it('are found without changing a letter of it', () => {
    const text = 'See https://example.org/a?b=c, or write to ann@example.org.\nBye'
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text)
    expect(hrefs(text)).toEqual(['https://example.org/a?b=c', 'mailto:ann@example.org'])
  })

  it('get https where the scheme is missing', () => {
    expect(hrefs('example.org')).toEqual(['https://example.org'])
  })

  it('are few in one message, and not looked for without end', () => {
    const flood = 'a.co '.repeat(6_553)
    expect(hrefs(flood)).toHaveLength(100)
    expect(hrefs(`${'word '.repeat(6_000)}a.co`)).toEqual([])
    expect(
      piecesOf(flood)
        .map(({ text }) => text)
        .join(''),
    ).toBe(flood)
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://example.org/x',
    'vbscript:x',
  ])('are never made of %s', (text) => {
    for (const href of hrefs(text)) expect(href).toMatch(/^(https?:\/\/|mailto:)/)
  })
})

describe('emoji alone', () => {
  it.each([
    ['❤️', true],
    ['👩‍👩‍👧‍👦 🎺', true],
    ['👍👍👍👍', false],
    ['ok 👍', false],
    ['12', false],
    ['', false],
  ])('%s: %s', (text, large) => {
    expect(isEmojiOnly(text)).toBe(large)
  })

  it('are told from what only begins like them, at once', () => {
    const began = performance.now()
    expect(isEmojiOnly(`${'\u200d'.repeat(39)}a`)).toBe(false)
    expect(isEmojiOnly(`${'\u{1f3fb}'.repeat(19)}a`)).toBe(false)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
