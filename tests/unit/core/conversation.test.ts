import { expect, test } from 'vitest'
import type { MessageBody } from '../../../src/core/body.ts'
import {
  preview,
  textNow,
  withMessage,
  type Conversation,
  type Message,
} from '../../../src/core/conversation.ts'
import { fileId } from '../../../src/core/ids.ts'
import { bytesOf, conversationOf, identityOf, incarnationIdOf } from '../../support/samples.ts'
import { cardOf } from './membership/stories.ts'

const [alice, bob] = [identityOf(1), identityOf(2)]
const seen = { me: alice, now: 1_000 }
const circle = { kind: 'pair', peer: bob } as const
const chat: Conversation = { id: conversationOf(1), circle, local: 7, active: 100, unread: 0, messages: 0 }

function said(author: typeof alice, clock: number, text: string, seq = 1): Omit<Message, 'record'> {
  return { author, clock, seq, body: { kind: 'text', text } }
}

test('a message of bob moves the chat up, is counted as unread, and is what the list shows', () => {
  expect(withMessage(chat, said(bob, 200, 'hello'), seen)).toEqual({
    ...{ ...chat, active: 200, unread: 1, messages: 1 },
    newest: { clock: 200, author: bob, seq: 1 },
    last: { author: bob, text: 'hello' },
  })
})

test("alice's own words are not unread", () => {
  expect(withMessage(chat, said(alice, 200, 'hello'), seen).unread).toBe(0)
})

test('what comes late is counted, and takes neither the last line nor the place in the list', () => {
  const now = withMessage(chat, said(bob, 300, 'newest', 2), seen)
  const later = withMessage(now, said(bob, 200, 'late', 1), seen)
  expect(later).toEqual({ ...now, unread: 2, messages: 2 })
})

test('whatever the order of arrival, the list shows the same last line', () => {
  const all = [said(alice, 5, 'a'), said(bob, 5, 'b'), said(bob, 9, 'c', 2), said(alice, 9, 'd', 2)]
  const last = (order: typeof all) => order.reduce((now, one) => withMessage(now, one, seen), chat).last
  expect(last(all)).toEqual({ author: bob, text: 'c' })
  expect(last([...all].reverse())).toEqual({ author: bob, text: 'c' })
})

test('the list shows a few words of a text, the name of a file or of a person, and what was taken back', () => {
  expect(preview({ kind: 'text', text: 'x'.repeat(500) })).toHaveLength(120)
  const file: MessageBody = {
    kind: 'file',
    manifest: {
      ...{ file: fileId('ab'.repeat(16)), name: 'cat.png', type: 'image/png', size: 5 },
      ...{ key: bytesOf(32, 1), blockSize: 1024 },
    },
  }
  expect(preview(file)).toBe('cat.png')
  expect(preview({ kind: 'card', card: cardOf(bob) })).toBe('somebody')
  expect(preview(undefined)).toBe('Message deleted')
})

test('whose clock is far ahead does not stay at the top of the list', () => {
  expect(withMessage(chat, said(bob, 2 ** 48, 'from the future'), seen).active).toBe(1_000 + 5 * 60_000)
})

test('a chat that was put away comes back with what is new, unless it is muted', () => {
  const away: Conversation = { ...chat, archived: true }
  expect(withMessage(away, said(bob, 200, 'hello'), seen)).not.toHaveProperty('archived')
  const muted = withMessage({ ...away, muted: true }, said(bob, 200, 'hello'), seen)
  expect(muted).toMatchObject({ archived: true, muted: true, unread: 1 })
})

test('whom a message of another names is told so, also if others are named beside', () => {
  const naming = (author: typeof alice, ...whom: (typeof alice)[]) => {
    const mentions = whom.map((who) => ({ at: 0, length: 1, who }))
    return { ...said(author, 200, '@a'), body: { kind: 'text', text: '@a', mentions } as const }
  }
  expect(withMessage(chat, naming(bob, bob, alice), seen).mentioned).toBe(true)
  const named: Conversation = { ...chat, mentioned: true }
  expect(withMessage(named, said(bob, 200, 'hello'), seen).mentioned).toBe(true)
  for (const other of [naming(bob, bob), naming(alice, alice), said(bob, 200, 'hello')])
    expect(withMessage(chat, other, seen)).not.toHaveProperty('mentioned')
})

test('what a text says now is its last edit', () => {
  const body = { kind: 'text', text: 'first' } as const
  const edit = (text: string) => ({ text, clock: 1, incarnation: incarnationIdOf(1), seq: 1 })
  expect(textNow({ body })?.text).toBe('first')
  expect(textNow({ body, edits: [] })?.text).toBe('first')
  expect(textNow({ body, edits: [edit('second'), edit('third')] })?.text).toBe('third')
  expect(textNow({ body: undefined, edits: [edit('second')] })).toBeUndefined()
  expect(textNow({ body: { kind: 'card', card: cardOf(bob) } })).toBeUndefined()
})
