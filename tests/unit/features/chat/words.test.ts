import { describe, expect, it } from 'vitest'
import { connectionWords, entryLabel, noticeOf, previewText } from '../../../../src/features/chat/words.ts'
import { chatOf, invitedContact, keyOf, ME, metContact } from '../../../e2e/gallery/people.ts'

describe('the words about a chat', () => {
  it('name every state of the connection', () => {
    const words = [
      { at: 'offline' } as const,
      { at: 'connecting' } as const,
      ...(['direct', 'local', 'relayed'] as const).map((path) => ({ at: 'linked', path }) as const),
    ].map((state) => connectionWords(state, 'Ann').word)
    expect(words).toEqual(['Offline', 'Connecting', 'Direct', 'Local network', 'Relayed'])
  })

  it('tell what became of an invitation', () => {
    expect(noticeOf(invitedContact('Ann'))?.text).toMatch(/^Waiting for Ann to come online/)
    expect(noticeOf(invitedContact('Ann', 'used'))?.text).toMatch(/^This invitation was already used/)
    expect(noticeOf(invitedContact('Ann', 'expired'))?.text).toBe(
      'This invitation has run out. Ask Ann for a new one.',
    )
    expect(noticeOf(metContact('Ann', 'verified'))).toBeUndefined()
  })

  it.each(['intercepted', 'broken', 'key-changed', 'they-must-update', 'we-must-update'] as const)(
    'have a sentence for the alarm "%s"',
    (alarm) => {
      expect(noticeOf({ ...metContact('Ann', 'verified'), alarm })?.text).toContain('Ann')
    },
  )

  it('name a chat with its unread messages', () => {
    expect(entryLabel('Ann', 0)).toBe('Ann')
    expect(entryLabel('Ann', 2)).toBe('Ann, 2 unread')
  })

  it('preview what was said last, or what was not sent yet', () => {
    const ann = metContact('Ann', 'verified')
    expect(previewText(chatOf('Ann', 0, { last: { author: keyOf('Ann'), text: 'Hi' } }), ann)).toBe('Hi')
    expect(previewText(chatOf('Ann', 0, { last: { author: ME, text: 'Hi' } }), ann)).toBe('You: Hi')
    expect(previewText(chatOf('Ann', 0, { draft: 'Dear' }), ann)).toBe('Draft: Dear')
    expect(previewText(chatOf('Ann', 0, {}), ann)).toBe('Say hello')
  })
})
