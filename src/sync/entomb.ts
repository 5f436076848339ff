import type { Conversation } from '../core/conversation.ts'
import { comparePlaces } from '../core/clock.ts'
import { withFound } from '../core/feed.ts'
import { feedKey, recordKey, type FeedRecord } from '../core/record.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { Draft } from './draft.ts'

/**
 * Leaves of a record what its signature covers, and nothing of what it said. 'deleted': its author took it back, and
 * the chat says so. 'gone': its time was over, or this person does not want it here; nothing is left to be seen.
 */
export async function entomb(draft: Draft, key: string, how: 'deleted' | 'gone'): Promise<void> {
  const row = await draft.record(key)
  if (!row) return
  const { message, missing: _, ...rest } = row
  draft.remove('vanishings', key)
  draft.remove('concealed', key)
  discardFile(draft, row)
  for (const { incarnation, seq } of message?.edits ?? []) {
    const { conversation, author } = row.record
    await entomb(draft, recordKey({ conversation, author, incarnation, seq }), how)
  }
  const record = tombstone(row.record)
  if (!message) draft.put('records', { ...rest, record })
  else if (how === 'deleted' && !message.hidden) {
    const { author, seq, clock } = message
    draft.put('records', { ...rest, record, message: { author, seq, clock, body: undefined, deleted: true } })
    change(draft, row, (chat) => withoutWords(chat, row))
  } else {
    draft.put('records', { ...rest, record })
    // Edits that come later are taken away as well.
    if (how === 'deleted') draft.put('marks', { target: key, marks: { deleted: true } })
    if (!message.hidden) change(draft, row, (chat) => withoutMessage(chat, row, draft.self.identity))
  }
}

/** The bytes of its file go as soon as this is on the disk (features/files). */
function discardFile(draft: Draft, { record, message }: StoredRecord): void {
  if (message?.body?.kind !== 'file') return
  draft.put('discards', { file: message.body.manifest.file, author: record.author })
}

/** Off this screen, while others are still to get it; what is left goes then (hide.ts). */
export function conceal(draft: Draft, row: StoredRecord): void {
  if (!row.message || row.message.hidden) return
  draft.put('records', { ...row, message: { ...row.message, hidden: true } })
  draft.put('concealed', { record: recordKey(row.record) })
  change(draft, row, (chat) => withoutMessage(chat, row, draft.self.identity))
}

/** Why there is nothing left of it is known now. */
export function explain(draft: Draft, { missing: _, ...row }: StoredRecord): void {
  draft.put('records', row)
  const feed = draft.get('feeds', feedKey(row.record))
  if (feed) draft.put('feeds', withFound(feed, row.record.seq))
}

export function tombstone(record: FeedRecord): FeedRecord {
  if (record.form === 'tombstone') return record
  const { content: _, ...signed } = record
  return { ...signed, form: 'tombstone' }
}

function change(draft: Draft, { record }: StoredRecord, edit: (chat: Conversation) => Conversation): void {
  const chat = draft.get('conversations', record.conversation)
  if (chat) draft.put('conversations', edit(chat))
}

function withoutWords(chat: Conversation, { message }: StoredRecord): Conversation {
  if (!message || !chat.newest || comparePlaces(message, chat.newest) !== 0) return chat
  return { ...chat, last: { author: message.author, text: 'Message deleted' } }
}

function withoutMessage(chat: Conversation, { message }: StoredRecord, me: string): Conversation {
  if (!message) return chat
  const { last, ...rest } = chat
  const newest = chat.newest !== undefined && comparePlaces(message, chat.newest) === 0
  const unseen = message.author !== me && (!chat.read || comparePlaces(message, chat.read) > 0)
  return {
    ...rest,
    ...(last && !newest && { last }),
    messages: Math.max(0, chat.messages - 1),
    unread: unseen ? Math.max(0, chat.unread - 1) : chat.unread,
  }
}
