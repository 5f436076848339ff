import { describe, expect, it } from 'vitest'
import type { Contact } from '../../../../src/core/contact.ts'
import type { Conversation } from '../../../../src/core/conversation.ts'
import { entriesOf, type Entry } from '../../../../src/features/chat/conversations.svelte.ts'
import { entryLabel, entryNotes, previewText, typingText } from '../../../../src/features/chat/list-words.ts'
import {
  apartNotice,
  connectionWords,
  forkNotice,
  noticeOf,
  spanText,
} from '../../../../src/features/chat/words.ts'
import { peopleOf } from '../../../../src/features/people.ts'
import { REMEMBERED_MS } from '../../../../src/core/invite.ts'
import { chatOf, invitedContact, keyOf, ME, metContact } from '../../../e2e/gallery/people.ts'

function entryOf(contact: Contact, more: Partial<Conversation> = {}): Entry {
  const entry = entriesOf([chatOf(contact.name, 0, more)], peopleOf(ME, [contact]))[0]
  if (!entry) throw new Error('no entry')
  return entry
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

  it('say in a group and in the notes who wrote last', () => {
    const ann = metContact('Ann', 'verified')
    const preview = (circle: Conversation['circle'], author = keyOf('Ann')): string | undefined => {
      const chat = chatOf('Choir', 0, { circle, last: { author, text: 'Hi' } })
      const [entry] = entriesOf([chat], peopleOf(ME, [ann]))
      return entry && previewText(entry, ME, NOW)
    }
    expect(preview({ kind: 'group', name: 'Choir' })).toBe('Ann: Hi')
    expect(preview({ kind: 'group', name: 'Choir' }, ME)).toBe('You: Hi')
    expect(preview({ kind: 'group', name: 'Choir' }, keyOf('Nobody'))).toBe('Somebody: Hi')
    expect(preview({ kind: 'self' }, ME)).toBe('Hi')
  })

  it('are silent where the newest message is gone', () => {
    expect(previewText(entryOf(metContact('Ann', 'verified'), { messages: 3 }), ME, NOW)).toBe('')
  })

  it('use the name that this person gave', () => {
    const ann = { ...invitedContact('Ann'), alias: 'Aunt Ann' }
    expect(noticeOf(ann, NOW)?.text).toMatch(/^Waiting for Aunt Ann/)
  })

  it('say who writes', () => {
    const nameOf = (who: string): string => (who === keyOf('Ann') ? 'Ann' : 'Cem')
    const [ann, cem, dora] = ['Ann', 'Cem', 'Dora'].map(keyOf)
    const text = (who: (typeof ann)[], group: boolean) =>
      typingText(
        who.flatMap((one) => one ?? []),
        { group, nameOf },
      )
    expect(text([], true)).toBeUndefined()
    expect(text([ann], false)).toBe('typing…')
    expect(text([ann], true)).toBe('Ann is typing…')
    expect(text([ann, cem], true)).toBe('Ann and Cem are typing…')
    expect(text([ann, cem, dora], true)).toBe('3 people are typing…')
  })

  it('name how long messages stay', () => {
    expect([3_600, 86_400, 604_800, 1_209_600, 129_600, 90].map(spanText)).toEqual([
      '1 hour',
      '1 day',
      '1 week',
      '2 weeks',
      '36 hours',
      '90 seconds',
    ])
  })

  it('tell of the small marks in the list', () => {
    const conversation = chatOf('Ann', 0, { muted: true, pinned: true, mentioned: true })
    expect(entryNotes({ conversation, hint: 'met as Anna' }, { presence: 'Away' })).toBe(
      'met as Anna, You were mentioned, Away, Pinned, Muted',
    )
    expect(entryNotes({ conversation: chatOf('Ann', 0, {}), hint: undefined }, { presence: undefined })).toBe(
      '',
    )
  })

  it('warn where two stories were told', () => {
    expect(forkNotice(['Ann', 'Cem'])).toMatchObject({ kind: 'danger' })
    expect(forkNotice(['Ann', 'Cem']).text).toContain('Ann and Cem')
  })

  it('warn where somebody has other keys, and say what to do', () => {
    expect(apartNotice(['Ann'])).toMatchObject({ kind: 'danger' })
    expect(apartNotice(['Ann']).text).toMatch(/^Ann and you .* Ask them in another way/)
    expect(apartNotice(['Ann', 'Cem']).text).toContain('Ask each of them')
  })
})
