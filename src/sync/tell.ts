import type { Line } from '../core/conversation.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { Draft } from './draft.ts'

/** Says in the chat, at the place of a record, what it did. */
export function tell(draft: Draft, stored: StoredRecord, line: Line): void {
  draft.put('records', { ...stored, line })
}
