import { describe, expect, it } from 'vitest'
import type { Message } from '../../../../src/core/conversation.ts'
import { identityKey } from '../../../../src/core/ids.ts'
import type { Told } from '../../../../src/features/chat/history.ts'
import { linesOf } from '../../../../src/features/chat/lines.svelte.ts'
import { newestRows, rowsOf, unreadBelow, type Row } from '../../../../src/features/chat/rows.ts'
import { keyOf, ME, recordOf } from '../../../e2e/gallery/people.ts'

const MINUTE = 60_000
const NOON = new Date(2026, 10, 21, 12).getTime()
const ANN = keyOf('Ann')

let seq = 0
function said(author: string, clock: number): Message {
  const { record, message } = recordOf(
    'Ann',
    identityKey(author),
    { seq: ++seq, clock },
    { kind: 'text', text: 'x' },
  )
  if (record.form !== 'record' || !message) throw new Error('not a message')
  return { ...message, record }
}

function rows(messages: Message[], more: Partial<Parameters<typeof rowsOf>[0]> = {}): Row[] {
  return rowsOf({
    ...{ messages, told: [], above: 0, complete: true, ended: true, me: ME, divider: undefined },
    ...{ statusOf: () => 'Waiting', quoteOf: () => undefined },
    ...more,
  })
}

const kinds = (found: Row[]) => found.map(({ kind }) => kind)
const joints = (found: Row[]) =>
  found.flatMap((row) => (row.kind === 'message' ? [[row.joinedAbove, row.joinedBelow]] : []))

describe('what stands on the screen', () => {
  it('begins with the start of the chat once all of it is loaded', () => {
    expect(kinds(rows([said(ANN, NOON)]))).toEqual(['start', 'day', 'message'])
    expect(kinds(rows([said(ANN, NOON)], { complete: false }))).toEqual(['day', 'message'])
  })

  it('separates days', () => {
    const yesterday = NOON - 24 * 60 * MINUTE
    expect(kinds(rows([said(ANN, yesterday), said(ANN, NOON), said(ANN, NOON + 1)]))).toEqual([
      'start',
      'day',
      'message',
      'day',
      'message',
      'message',
    ])
  })

  it('puts messages of one person within five minutes together', () => {
    const found = rows([
      said(ANN, NOON),
      said(ANN, NOON + 5 * MINUTE),
      said(ANN, NOON + 11 * MINUTE),
      said(ME, NOON + 12 * MINUTE),
    ])
    expect(joints(found)).toEqual([
      [false, true],
      [true, false],
      [false, false],
      [false, false],
    ])
  })

  it('never joins across midnight', () => {
    const midnight = new Date(2026, 10, 21).getTime()
    expect(joints(rows([said(ANN, midnight - 1), said(ANN, midnight)]))).toEqual([
      [false, false],
      [false, false],
    ])
  })

  it('counts positions from the first message of the chat, loaded or not', () => {
    const positions = (found: Row[]) => found.flatMap((row) => (row.kind === 'message' ? [row.position] : []))
    const messages = [said(ANN, NOON), said(ANN, NOON + 1)]
    expect(positions(rows(messages, { above: 498, complete: false }))).toEqual([499, 500])
    expect(positions(rows(messages, { above: undefined, complete: false }))).toEqual([undefined, undefined])
  })

  it('puts the divider above the first unread message of somebody else, and parts the group there', () => {
    const [read, mine, unread] = [said(ANN, NOON), said(ME, NOON + 1), said(ANN, NOON + 2)]
    const found = rows([read, mine, unread, said(ANN, NOON + 3)], { divider: { after: read, count: 2 } })
    expect(kinds(found)).toEqual(['start', 'day', 'message', 'message', 'unread', 'message', 'message'])
    expect(joints(found).slice(2)).toEqual([
      [false, true],
      [true, false],
    ])
  })

  it('puts the divider at the top where nothing was read yet', () => {
    expect(kinds(rows([said(ANN, NOON)], { divider: { after: undefined, count: 1 } }))).toEqual([
      'start',
      'day',
      'unread',
      'message',
    ])
  })
})

describe('in the middle of a chat', () => {
  const [read, unread] = [said(ANN, NOON), said(ANN, NOON + 1)]
  const inside = { complete: false, ended: false, divider: { after: read, count: 1 } }

  it('the divider stands where reading stopped, if that is there', () => {
    expect(kinds(rows([read, unread], inside))).toContain('unread')
  })

  it('is no divider where everything is unread, since it belongs further up', () => {
    expect(kinds(rows([unread, said(ANN, NOON + 2)], inside))).not.toContain('unread')
  })
})

describe('what happened to the chat itself', () => {
  const line = { line: 'left', who: ANN } as const
  const told = (clock: number): Told => ({ key: 'a', line, clock, author: ANN, seq: ++seq })

  it('stands at its place, and keeps apart what would belong together', () => {
    const found = rows([said(ANN, NOON), said(ANN, NOON + 2)], { told: [told(NOON + 1)] })
    expect(kinds(found)).toEqual(['start', 'day', 'message', 'told', 'message'])
    expect(joints(found)).toEqual([
      [false, false],
      [false, false],
    ])
  })

  it('is no message: it is not counted', () => {
    const found = rows([said(ANN, NOON), said(ANN, NOON + 2)], { told: [told(NOON + 1)], above: 7 })
    const positions = found.flatMap((row) => (row.kind === 'message' ? [row.position] : []))
    expect(positions).toEqual([8, 9])
  })

  it('begins a day where it is the first', () => {
    const day = 24 * 60 * MINUTE
    const found = rows([said(ANN, NOON + day)], { told: [told(NOON), told(NOON + day - 1)] })
    expect(kinds(found)).toEqual(['start', 'day', 'told', 'day', 'told', 'message'])
  })
})

it('a row is drawn again when what it answers changes', () => {
  const answer = said(ANN, NOON)
  const [at, key, author] = ['here', 'k', ANN] as const
  const quote = (text: string): Row[] => rows([answer], { quoteOf: () => ({ at, key, author, text }) })
  const lines = linesOf(quote('one'), [])
  const before = lines.at(-1)?.row
  expect(linesOf(quote('one'), lines).at(-1)?.row).toBe(before)
  expect(linesOf(quote('two'), lines).at(-1)?.row).not.toBe(before)
})

describe('what always stays in the page', () => {
  it('is the newest messages with everything between them', () => {
    const found = rows([said(ANN, NOON - 24 * 60 * MINUTE), said(ANN, NOON), said(ANN, NOON + 1)])
    expect(newestRows(found, 1)).toEqual([5])
    expect(newestRows(found, 3)).toEqual([2, 3, 4, 5])
    expect(newestRows(found, 200)).toEqual([0, 1, 2, 3, 4, 5])
    expect(newestRows([], 200)).toEqual([])
  })
})

describe('the count on the button to the latest', () => {
  it('goes down while one scrolls', () => {
    const found = rows([said(ANN, NOON), said(ME, NOON + 1), said(ANN, NOON + 2)])
    const theirs = ({ author }: Message) => author === ANN
    expect([1, 2, 3, 4].map((last) => unreadBelow(found, last, theirs))).toEqual([2, 1, 1, 0])
  })
})

it('a row keeps its line, and a row that did not change stays the very same', () => {
  const [first, second] = [said(ANN, NOON), said(ANN, NOON + 1)]
  const before = linesOf(rows([first]), [])
  const was = before.map(({ row }) => row)
  const after = linesOf(rows([first, second]), before)
  expect(after.slice(0, 3)).toEqual(before)
  expect(after.slice(0, 2).map(({ row }) => row)).toEqual(was.slice(0, 2))
  expect(after[2]?.row).not.toBe(was[2])
  const [row] = after.slice(-1).map((line) => line.row)
  expect(linesOf(rows([first, second]), after).at(-1)?.row).toBe(row)
})
