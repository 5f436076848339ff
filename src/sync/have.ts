import { equal } from '../core/bytes.ts'
import { haveOf, type Have } from '../core/feed.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { feedKey } from '../core/record.ts'
import { NOWHERE } from '../core/status.ts'
import type { Frame } from '../protocol/frame.ts'
import { MAX_HAVE } from '../protocol/limits.ts'
import type { Change } from '../store/store.ts'
import { reachKey } from '../store/tables.ts'
import type { State } from './ledger.ts'

/** Everything this device holds of a conversation, as `have` frames that fit. */
export function fullVector(state: State, conversation: ConversationId): Frame[] {
  const entries = [...state.feeds.values()].filter((feed) => feed.conversation === conversation).map(haveOf)
  const frames: Frame[] = []
  for (let at = 0; at === 0 || at < entries.length; at += MAX_HAVE) {
    const part = at + MAX_HAVE < entries.length ? 'more' : 'last'
    frames.push({ type: 'have', part, entries: entries.slice(at, at + MAX_HAVE) })
  }
  return frames
}

/** What a `have` of a peer proves. */
export interface Confirmed {
  readonly changes: Change[]
  /** The peer holds records of our present incarnation that we do not: this device was set back. */
  readonly setBack: boolean
  /** Feeds whose heads differ at the same seq: somebody told two different stories. */
  readonly forks: number
}

/** The delivery receipt: what of ours is on the peer's disk. A device speaks in it for itself alone. */
export function confirmed(state: State, peer: IdentityKey, entries: readonly Have[]): Confirmed {
  const conversation = state.contacts.get(peer)?.conversation
  const changes: Change[] = []
  let setBack = false
  let forks = 0
  for (const entry of entries) {
    if (entry.conversation !== conversation) continue
    const feed = state.feeds.get(feedKey(entry))
    const held = feed?.seq ?? 0
    const fork = feed?.seq === entry.seq && !equal(feed.head.slice(0, 8), entry.head)
    if (fork) forks += 1
    if (entry.author !== state.self.identity) continue
    // Ours differ only if this device was set back and went on: what it said since is not what they hold.
    if ((fork || entry.seq > held) && entry.incarnation === state.self.incarnation.id) setBack = true
    if (fork) continue
    const { conversation: id, author, incarnation } = entry
    const feedId = { conversation: id, author, incarnation }
    const reach = state.reaches.get(reachKey({ feed: feedId, peer })) ?? { feed: feedId, peer, ...NOWHERE }
    const delivered = Math.min(entry.seq, held)
    if (delivered > reach.delivered) {
      const sent = Math.max(reach.sent, delivered)
      changes.push({ table: 'reaches', put: { ...reach, delivered, sent } })
    }
  }
  return { changes, setBack, forks }
}
