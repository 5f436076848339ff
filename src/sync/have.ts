import { equal } from '../core/bytes.ts'
import { emptyFeed, haveOf, type Feed, type Have } from '../core/feed.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { feedKey } from '../core/record.ts'
import { NOWHERE } from '../core/status.ts'
import type { Frame } from '../protocol/frame.ts'
import { MAX_HAVE } from '../protocol/limits.ts'
import type { Change } from '../store/store.ts'
import { reachKey } from '../store/tables.ts'
import type { State } from './ledger.ts'
import { headAt, takenUp, type ReadRecord } from './set-back.ts'

/** Everything this device holds of a conversation, as `have` frames that fit. */
export function fullVector(state: State, conversation: ConversationId): Frame[] {
  const held = [...state.feeds.values()].filter((feed) => feed.conversation === conversation && feed.seq > 0)
  const entries = held.map(haveOf)
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
export async function confirmed(
  state: State,
  from: { peer: IdentityKey; entries: readonly Have[] },
  read: ReadRecord,
): Promise<Confirmed> {
  const conversation = state.contacts.get(from.peer)?.conversation
  const changes: Change[] = []
  let [setBack, forks] = [false, 0]
  for (const entry of from.entries) {
    if (entry.conversation !== conversation) continue
    const feed = state.feeds.get(feedKey(entry)) ?? emptyFeed(entry)
    const head = await headAt(feed, entry.seq, read)
    const fork = head !== undefined && !equal(head.slice(0, 8), entry.head)
    if (fork) forks += 1
    if (entry.author !== state.self.identity) continue
    // What they hold of ours and we do not was said before this device was set back, and maybe we went on otherwise.
    if (head === undefined || fork) setBack ||= entry.incarnation === state.self.incarnation.id
    else changes.push(...reached(state, from.peer, entry), ...(await taken(feed, entry, read)))
  }
  return { changes, setBack, forks }
}

function reached(state: State, peer: IdentityKey, entry: Have): Change[] {
  const { conversation, author, incarnation, seq: delivered } = entry
  const feed = { conversation, author, incarnation }
  const reach = state.reaches.get(reachKey({ feed, peer })) ?? { feed, peer, ...NOWHERE }
  if (delivered <= reach.delivered) return []
  return [{ table: 'reaches', put: { ...reach, delivered, sent: Math.max(reach.sent, delivered) } }]
}

/** They hold no more of it than what we agree on: what follows here is the one and only. */
function taken(feed: Feed, entry: Have, read: ReadRecord): Promise<Change[]> | [] {
  return feed.tail !== undefined && entry.seq === feed.seq ? takenUp(feed, read) : []
}
