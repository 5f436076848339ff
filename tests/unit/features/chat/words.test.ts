import { describe, expect, it } from 'vitest'
import type { Contact } from '../../../../src/core/contact.ts'
import type { Conversation } from '../../../../src/core/conversation.ts'
import type { Entry } from '../../../../src/features/chat/conversations.svelte.ts'
import { connectionWords, entryLabel, noticeOf, previewText } from '../../../../src/features/chat/words.ts'
import { REMEMBERED_MS } from '../../../../src/core/invite.ts'
import { chatOf, invitedContact, keyOf, ME, metContact } from '../../../e2e/gallery/people.ts'

function entryOf(contact: Contact, more: Partial<Conversation> = {}): Entry {
  const { name, identity } = contact
  return { conversation: chatOf(name, 0, more), contact, title: name, face: identity }
}

const NOW = invitedContact('Ann').expires - 1

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
    expect(noticeOf(invitedContact('Ann'), NOW)?.text).toMatch(/^Waiting for Ann to come online/)
    expect(noticeOf(invitedContact('Ann', 'used'), NOW)?.text).toMatch(/^This invitation was already used/)
    expect(noticeOf(invitedContact('Ann', 'expired'), NOW)?.text).toBe(
      'This invitation has run out. Ask Ann for a new one.',
    )
    expect(noticeOf(metContact('Ann', 'verified'), NOW)).toBeUndefined()
  })

  it('do not wait for ever for somebody who never came back', () => {
    const ann = invitedContact('Ann')
    const later = ann.expires + REMEMBERED_MS + 1
    expect(noticeOf(ann, later)?.text).toMatch(/^This invitation has run out/)
    expect(previewText(entryOf(ann), ME, later)).toBe('The invitation has ended')
  })

  it('say that somebody stood between, also before the two have met', () => {
    const ann = { ...invitedContact('Ann'), alarm: 'intercepted' } as const
    const notice = noticeOf(ann, NOW)
    expect(notice?.kind).toBe('danger')
    expect(notice?.text).toContain('between you and Ann')
  })

  it('do not claim a way before it is known', () => {
    expect(connectionWords({ at: 'linked', path: undefined }, 'Ann').word).toBe('Connecting')
  })

  it.each(['intercepted', 'broken', 'key-changed', 'they-must-update', 'we-must-update'] as const)(
    'have a sentence for the alarm "%s"',
    (alarm) => {
      expect(noticeOf({ ...metContact('Ann', 'verified'), alarm }, NOW)?.text).toContain('Ann')
    },
  )

  it('name a chat with its unread messages', () => {
    expect(entryLabel('Ann', 0)).toBe('Ann')
    expect(entryLabel('Ann', 2)).toBe('Ann, 2 unread')
  })

  it('preview what was said last, or what was not sent yet', () => {
    const ann = metContact('Ann', 'verified')
    const words = (more: Partial<Conversation>) => previewText(entryOf(ann, more), ME, NOW)
    expect(words({ last: { author: keyOf('Ann'), text: 'Hi' } })).toBe('Hi')
    expect(words({ last: { author: ME, text: 'Hi' } })).toBe('You: Hi')
    expect(words({ draft: 'Dear' })).toBe('Draft: Dear')
    expect(words({})).toBe('Say hello')
    expect(previewText(entryOf(invitedContact('Ann')), ME, NOW)).toBe('Waiting to meet')
  })
})
