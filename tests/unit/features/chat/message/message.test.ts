import { describe, expect, it } from 'vitest'
import type { Message } from '../../../../../src/core/conversation.ts'
import type { IdentityKey } from '../../../../../src/core/ids.ts'
import { actionsOn, canTakeBack } from '../../../../../src/features/chat/message/actions.ts'
import { findEmoji, GROUPS, readEmoji, stepIn } from '../../../../../src/features/chat/message/emoji.ts'
import { forwarded, found } from '../../../../../src/features/chat/message/forward.ts'
import { mineOf, QUICK, talliesOf, tallyLabel } from '../../../../../src/features/chat/message/reactions.ts'
import { quoteOf, quoteText } from '../../../../../src/features/chat/quote.ts'
import { entriesOf } from '../../../../../src/features/chat/conversations.svelte.ts'
import { peopleOf } from '../../../../../src/features/people.ts'
import { MAX_EMOJI } from '../../../../../src/protocol/limits.ts'
import { toUtf8 } from '../../../../../src/protocol/text.ts'
import {
  chatOf,
  conversationOf,
  incarnationOf,
  keyOf,
  ME,
  metContact,
  recordOf,
  targetOf,
} from '../../../../e2e/gallery/people.ts'

const ANN = keyOf('Ann')

function said(author: IdentityKey, more: Partial<Message> = {}): Message {
  const { record, message } = recordOf('Ann', author, { seq: 1, clock: 1 }, { kind: 'text', text: 'hello' })
  if (!message) throw new Error('not a message')
  return { ...message, record, ...more }
}

describe('what can be done with a message', () => {
  const here = { me: ME, mayWrite: true, pinned: false }

  it('is more with one of our own', () => {
    const all = ['Reply', 'React', 'Copy', 'Forward', 'Pin', 'Edit', 'Details', 'Delete']
    expect(actionsOn(said(ME), here)).toEqual(all)
    expect(actionsOn(said(ANN), here)).toEqual(all.filter((action) => action !== 'Edit'))
    expect(actionsOn(said(ANN), { ...here, pinned: true })).toContain('Unpin')
  })

  it('is little with what was taken back, and where nothing can be written', () => {
    expect(actionsOn(said(ME, { body: undefined, deleted: true }), here)).toEqual(['Details', 'Delete'])
    expect(actionsOn(said(ME), { ...here, mayWrite: false })).toEqual([
      'Copy',
      'Forward',
      'Details',
      'Delete',
    ])
    expect(actionsOn(said(ME, { failed: 'removed' }), here)).not.toContain('Edit')
    expect(actionsOn(said(ANN, { late: true }), here)).not.toContain('Reply')
  })

  it('is taken back by its author alone', () => {
    expect(canTakeBack(said(ME), here)).toBe(true)
    expect(canTakeBack(said(ANN), here)).toBe(false)
    expect(canTakeBack(said(ME, { failed: 'removed' }), here)).toBe(false)
    expect(canTakeBack(said(ME), { ...here, mayWrite: false })).toBe(false)
  })
})

describe('reactions', () => {
  const given = (author: IdentityKey, emoji: string, clock: number) => ({ author, emoji, clock, seq: clock })
  const marks = {
    reactions: [
      given(ANN, '❤️', 1),
      given(keyOf('Ben'), '👍', 2),
      given(ME, '👍', 3),
      given(keyOf('Cem'), '', 4),
    ],
  }

  it('are counted by emoji, the most frequent first; one that was taken back is none', () => {
    expect(talliesOf(marks, ME)).toEqual([
      { emoji: '👍', who: [keyOf('Ben'), ME], mine: true },
      { emoji: '❤️', who: [ANN], mine: false },
    ])
    expect(talliesOf(marks, ME).map(tallyLabel)).toEqual(['👍 2, you reacted', '❤️ 1'])
    expect(talliesOf({}, ME)).toEqual([])
  })

  it('have one of ours at the most', () => {
    expect(mineOf(marks, ME)).toBe('👍')
    expect(mineOf(marks, keyOf('Cem'))).toBeUndefined()
    expect(mineOf({}, ME)).toBeUndefined()
  })
})

describe('the emoji', () => {
  it('have all their groups, names, and fit into a reaction', async () => {
    const all = await readEmoji()
    expect(all.length).toBeGreaterThan(1500)
    for (const { group } of GROUPS) expect(all.some((emoji) => emoji.group === group)).toBe(true)
    for (const { emoji } of all) expect(toUtf8(emoji).length).toBeLessThanOrEqual(MAX_EMOJI)
    for (const emoji of QUICK) expect(all.some((other) => other.emoji === emoji)).toBe(true)
  })

  it('are found by their names first, then by what they are about', async () => {
    const all = await readEmoji()
    const names = (query: string) => findEmoji(all, query).map(({ annotation }) => annotation)
    expect(names('thumbs up')[0]).toBe('thumbs up')
    expect(names('CAT')[0]).toMatch(/cat/)
    expect(names('cheer gr')).toContain('grinning face')
    expect(names('qqqq')).toEqual([])
  })

  it('are walked through by arrows', () => {
    const grid = { count: 20, columns: 7 }
    expect(
      ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'Home', 'End'].map((key) => stepIn(key, 8, grid)),
    ).toEqual([9, 7, 15, 1, 0, 19])
    expect(stepIn('ArrowUp', 3, grid)).toBeUndefined()
    expect(stepIn('ArrowDown', 15, grid)).toBeUndefined()
    expect(stepIn('a', 3, grid)).toBeUndefined()
  })
})

describe('a quote', () => {
  const target = { conversation: conversationOf('Ann'), target: targetOf(ANN, 1) }

  it('holds the first words as they are now', () => {
    const edits = [{ text: 'hello there', clock: 2, incarnation: incarnationOf(ANN), seq: 2 }]
    expect(quoteText(quoteOf(target, said(ANN)))).toBe('hello')
    expect(quoteText(quoteOf(target, said(ANN, { edits })))).toBe('hello there')
  })

  it('says what is not there', () => {
    expect(quoteText(quoteOf(target, said(ANN, { body: undefined })))).toBe('Message deleted')
    expect(quoteText(quoteOf(target, undefined))).toBe('A message you do not have')
    expect(quoteOf(target, said(ANN, { hidden: true })).at).toBe('missing')
  })
})

describe('what is sent on', () => {
  it('is the words as they are now, and nothing of where they stood', () => {
    const reply = targetOf(ANN, 7)
    const message = said(ANN, {
      body: { kind: 'text', text: 'x', reply, vanish: 60, mentions: [{ at: 0, length: 1, who: ME }] },
      edits: [{ text: 'y', clock: 2, incarnation: incarnationOf(ANN), seq: 2 }],
    })
    expect(forwarded(message)).toEqual({ kind: 'text', text: 'y', forwarded: true })
    expect(forwarded(said(ANN, { body: undefined }))).toBeUndefined()
  })

  it('goes to chats that are found by their names', () => {
    const people = peopleOf(ME, [metContact('Ann', 'verified')])
    const entries = entriesOf([chatOf('Ann', 1, {}), chatOf('x', 2, { circle: { kind: 'self' } })], people)
    expect(found(entries, ' aN ').map(({ title }) => title)).toEqual(['Ann'])
    expect(found(entries, '')).toHaveLength(2)
  })
})
