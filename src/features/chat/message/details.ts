import type { Message } from '../../../core/conversation.ts'
import type { MessageProgress, ReaderProgress } from '../progress.ts'

/** "Delivered to 3 of 5": how far a message of ours has come, in one line. */
export function summaryOf({ status, readers }: MessageProgress): string {
  if (status === 'Failed') return 'Not sent'
  if (readers.length === 0) return 'Stored on this device'
  const read = readers.filter((reader) => reader.status === 'Read').length
  const delivered = readers.filter((reader) => hasArrived(reader)).length
  if (readers.length === 1) return status
  const all = readers.length
  if (read === all) return `Read by all ${String(all)}`
  const reading = read > 0 ? `, read by ${String(read)}` : ''
  return delivered === all
    ? `Delivered to all ${String(all)}${reading}`
    : `Delivered to ${String(delivered)} of ${String(all)}${reading}`
}

function hasArrived({ status }: ReaderProgress): boolean {
  return status === 'Delivered' || status === 'Read'
}

const FAILURES: Record<NonNullable<Message['failed']>, string> = {
  'file-gone': 'The file is no longer on this device, so it cannot be sent.',
  'contact-deleted': 'You deleted this contact before it could be sent.',
  removed: 'You were no longer in the group when you wrote this, so nobody gets it.',
}

/** Why it can never go. */
export function failureText(failed: NonNullable<Message['failed']>): string {
  return FAILURES[failed]
}

/** What is odd about a message. */
export function oddities({ late, clockWrong }: Message): string[] {
  return [
    ...(late ? ['Sent after its author was removed from the group. It is not passed on to others.'] : []),
    ...(clockWrong
      ? ['The clock of the device it was written on was wrong, so the time may not be right.']
      : []),
  ]
}

/** A message as it once was. */
export interface Version {
  readonly text: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What it said before, the newest first; without what it says now. */
export function formerVersions({ body, clock, edits = [] }: Message): Version[] {
  if (body?.kind !== 'text' || edits.length === 0) return []
  const all = [{ text: body.text, at: clock }, ...edits.map(({ text, clock: at }) => ({ text, at }))]
  return all.slice(0, -1).reverse()
}
