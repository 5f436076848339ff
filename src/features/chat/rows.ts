import { comparePlaces, type Place } from '../../core/clock.ts'
import type { Message } from '../../core/conversation.ts'
import type { IdentityKey } from '../../core/ids.ts'
import { recordKey } from '../../core/record.ts'
import type { Status } from '../../core/status.ts'
import { startOfDay } from '../../ui/time.ts'
import type { Told } from './history.ts'
import { sameQuote, type Quote } from './quote.ts'

/** Messages of one person stand together as long as no more than this lies between two of them, milliseconds. */
const GROUP_GAP_MS = 5 * 60_000

export interface MessageRow {
  readonly kind: 'message'
  readonly key: string
  readonly message: Message
  /** 1 for the first message of the chat, also when that is not loaded; undefined while it is still being counted. */
  readonly position: number | undefined
  /** Of our own messages only. */
  readonly status: Status | undefined
  readonly joinedAbove: boolean
  readonly joinedBelow: boolean
  /** What it answers. */
  readonly quote: Quote | undefined
}

/** What stands on the screen from top to bottom. */
export type Row =
  | { readonly kind: 'start'; readonly key: 'start' }
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: 'unread'; readonly count: number }
  /** What happened to the chat itself. */
  | { readonly kind: 'told'; readonly key: string; readonly told: Told }
  | MessageRow

/** Where reading stopped last time. */
export interface Divider {
  /** Undefined when nothing was read yet. */
  readonly after: Place | undefined
  readonly count: number
}

export interface RowsInput {
  /** In order; a part of the chat, or all of it. */
  readonly messages: readonly Message[]
  /** In order; what happened meanwhile. */
  readonly told: readonly Told[]
  /** Number of messages above these; undefined while that is not known. */
  readonly above: number | undefined
  /** Nothing older is left to load. */
  readonly complete: boolean
  /** Nothing newer is left to load. */
  readonly ended: boolean
  readonly me: IdentityKey
  readonly divider: Divider | undefined
  /** How far one of our own messages has come. */
  statusOf(message: Message): Status
  quoteOf(message: Message): Quote | undefined
}

export function rowsOf(input: RowsInput): Row[] {
  const { messages, above } = input
  const items = merged(messages, input.told)
  const firstNew = messages[dividerIn(input)]
  const rows: Row[] = input.complete ? [{ kind: 'start', key: 'start' }] : []
  const days = items.map(({ clock }) => startOfDay(clock))
  const joint = (index: number): boolean =>
    items[index] !== firstNew && days[index] === days[index - 1] && together(items[index - 1], items[index])
  let count = 0
  items.forEach((item, index) => {
    const key = 'line' in item ? item.key : recordKey(item.record)
    if (days[index] !== days[index - 1]) rows.push({ kind: 'day', key: `day-${key}`, at: item.clock })
    if ('line' in item) {
      rows.push({ kind: 'told', key: `told-${key}`, told: item })
      return
    }
    count++
    if (item === firstNew) rows.push({ kind: 'unread', key: 'unread', count: input.divider?.count ?? 0 })
    rows.push({
      ...{ kind: 'message', key, message: item },
      position: above === undefined ? undefined : above + count,
      status: item.author === input.me ? input.statusOf(item) : undefined,
      joinedAbove: joint(index),
      joinedBelow: joint(index + 1),
      quote: input.quoteOf(item),
    })
  })
  return rows
}

type Item = Message | Told

/** Both in order, as one. */
function merged(messages: readonly Message[], told: readonly Told[]): readonly Item[] {
  return told.length === 0 ? messages : [...messages, ...told].sort(comparePlaces)
}

/** Nothing about the row looks different. */
export function alike(a: Row, b: Row): boolean {
  if (a.kind === 'unread' && b.kind === 'unread') return a.count === b.count
  if (a.kind === 'told' && b.kind === 'told') return a.told.line === b.told.line
  if (a.kind !== 'message' || b.kind !== 'message') return a.key === b.key
  const joints = a.joinedAbove === b.joinedAbove && a.joinedBelow === b.joinedBelow
  const same = a.message === b.message && a.position === b.position && a.status === b.status
  return joints && same && sameQuote(a.quote, b.quote)
}

/** Above which message the divider stands; -1 where it belongs outside of what is loaded. */
function dividerIn({ messages, me, divider, complete, ended }: RowsInput): number {
  const at = divider ? firstUnread(messages, me, divider.after) : -1
  return at > 0 || complete || ended ? at : -1
}

/** Index of the first message of somebody else behind `after`; -1 without one. */
function firstUnread(messages: readonly Message[], me: IdentityKey, after: Place | undefined): number {
  return messages.findIndex((message) => isUnread(message, me, after))
}

export function isUnread(message: Message, me: IdentityKey, after: Place | undefined): boolean {
  return message.author !== me && (after === undefined || comparePlaces(message, after) > 0)
}

/** Whether two messages of one day, one under the other, belong together. */
function together(above: Item | undefined, here: Item | undefined): boolean {
  if (!above || !here || 'line' in above || 'line' in here) return false
  return above.author === here.author && here.clock - above.clock <= GROUP_GAP_MS
}

/** The indexes that always stay in the page: those from the `count`-th newest message on. */
export function newestRows(rows: readonly Row[], count: number): number[] {
  let left = count
  let from = rows.length
  while (from > 0 && left > 0) {
    from--
    if (rows[from]?.kind === 'message') left--
  }
  return Array.from({ length: rows.length - from }, (_, i) => from + i)
}

/** How many unread messages stand below the row at `lastVisible`. */
export function unreadBelow(
  rows: readonly Row[],
  lastVisible: number,
  unread: (message: Message) => boolean,
): number {
  return rows.slice(lastVisible + 1).filter((row) => row.kind === 'message' && unread(row.message)).length
}
