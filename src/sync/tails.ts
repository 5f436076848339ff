import type { Feed } from '../core/feed.ts'
import type { ConversationId } from '../core/ids.ts'
import type { State } from './ledger.ts'

/** Our feeds that have a tail (set-back.ts), by feedKey. */
export function tails(state: State, conversation: ConversationId): Map<string, Feed> {
  const feeds = state.feedsOf.get(conversation) ?? new Map<string, Feed>()
  return new Map([...feeds].filter(([, feed]) => feed.tail !== undefined))
}
