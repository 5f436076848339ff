import { equal } from '../core/bytes.ts'
import { compareEras, sameEra } from '../core/era.ts'
import { emptyFeed, haveOf, type Agreement, type Feed, type Have } from '../core/feed.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { seatOf } from '../core/membership.ts'
import { feedKey, feedOf } from '../core/record.ts'
import { confirmed, NOWHERE } from '../core/status.ts'
import type { Mls } from '../crypto/mls.ts'
import type { Frame } from '../protocol/frame.ts'
import { MAX_HAVE } from '../protocol/limits.ts'
import { reachKey } from '../store/tables.ts'
import type { Draft } from './draft.ts'
import type { State } from './ledger.ts'
import { eraOf } from './seal.ts'
import { headAt, takenUp } from './set-back.ts'

/** Everything this device holds of a conversation, as `have` frames that fit. */
export function fullVector(
  state: State,
  conversation: ConversationId,
  { mls, last, to }: { mls: Mls; last: 'last' | 'ask'; to: IdentityKey },
): Frame[] {
  const feeds = [...(state.feedsOf.get(conversation)?.values() ?? [])]
  const entries = entriesFor(state, to, feeds).filter(({ seq }) => seq > 0)
  const agreement = agreementFor(state, conversation, { mls, to })
  const membership = state.memberships.get(conversation)
  const end = membership && !seatOf(membership, to) ? 'farewell' : last
  const frames: Frame[] = []
  for (let at = 0; at === 0 || at < entries.length; at += MAX_HAVE) {
    const part = at + MAX_HAVE < entries.length ? 'more' : end
    const some = entries.slice(at, at + MAX_HAVE)
    frames.push({ type: 'have', conversation, part, entries: some, ...(agreement && { agreement }) })
  }
  return frames
}

/** What somebody is told of these feeds, all of one conversation. */
export function entriesFor({ self, memberships }: State, peer: IdentityKey, feeds: readonly Feed[]): Have[] {
  return feeds.flatMap((feed) => {
    const membership = memberships.get(feed.conversation)
    if (!membership) return []
    if (seatOf(membership, peer) || feed.author === peer) return [haveOf(feed, peer)]
    // Whoever was removed may still have words of ours that we forgot, and learns nothing of what came after them.
    if (feed.author !== self.identity) return []
    const { ended } = membership.seats.findLast(({ identity }) => identity === peer) ?? {}
    if (feed.incarnation === ended?.ours?.incarnation)
      return [feed.seq > ended.ours.seq ? ended.ours : haveOf(feed)]
    return ended && compareEras(feed.era, ended.until) <= 0 ? [haveOf(feed)] : []
  })
}

/** Which MLS group we are in, for somebody who may know. */
export function agreementFor(
  state: State,
  conversation: ConversationId,
  { mls, to }: { mls: Mls; to: IdentityKey },
): Agreement | undefined {
  const membership = state.memberships.get(conversation)
  return membership && seatOf(membership, to) && agreementOf(state, conversation, mls)
}

/** Which MLS group we are in, if we are in one. */
export function agreementOf(
  { mls: states }: Pick<State, 'mls'>,
  conversation: ConversationId,
  mls: Mls,
): Agreement | undefined {
  const held = states.get(conversation)
  if (!held) return undefined
  const { id, authenticator } = mls.look(held.state)
  return { era: eraOf(mls, held), group: id, authenticator: authenticator.slice(0, 8) }
}

/** Two who are in the same era of the same group have the same secrets, or somebody forked it (RFC 9420 §8.7). */
export function agree(one: Agreement | undefined, other: Agreement | undefined): 'yes' | 'no' | 'elsewhere' {
  if (!one || !other || !sameEra(one.era, other.era) || !equal(one.group, other.group)) return 'elsewhere'
  return equal(one.authenticator, other.authenticator) ? 'yes' : 'no'
}

/** What a `have` of a peer proves. */
export interface Confirmed {
  /** The peer holds records of our present incarnation that we never sent: this device was set back. */
  readonly setBack: boolean
  /** What has another head there than here: its author may have told two different stories, or the peer lies. */
  readonly doubtful: readonly Have[]
}

/** The delivery receipt: what of ours is on the peer's disk. A device speaks in it for itself alone. */
export async function confirm(
  draft: Draft,
  { peer, entries, believed }: { peer: IdentityKey; entries: readonly Have[]; believed: boolean },
  now: number,
): Promise<Confirmed> {
  let setBack = false
  const doubtful: Have[] = []
  for (const entry of entries) {
    const feed = draft.get('feeds', feedKey(entry)) ?? emptyFeed(entry)
    const ours = entry.author === draft.self.identity
    if (!ours && entry.seq > feed.seq) continue
    const head = await headAt(draft, feed, entry.seq)
    const fork = head !== undefined && !equal(head.slice(0, 8), entry.head)
    const present = ours && entry.incarnation === draft.self.incarnation.id
    if (fork && !present) doubtful.push(entry)
    if (!ours) continue
    // Whoever is not believed cannot keep our words back by it.
    const known = present ? believed : isOfOurs(draft, entry)
    if (known && entry.seq > (feed.claimed ?? 0)) draft.put('feeds', { ...feed, claimed: entry.seq })
    // What they hold of ours and we do not, or never sent, was said before this device was set back.
    if (head === undefined || fork || (present && entry.seq > (feed.left ?? 0))) setBack ||= present
    else {
      reached(draft, { peer, entry, now })
      await takeUp(draft, feed, entry)
    }
  }
  return { setBack, doubtful }
}

/** Lives of this person that others may claim to know in a conversation. */
const MAX_CLAIMED = 32

/** A life of ours that this device knows of, or may have forgotten altogether. */
function isOfOurs(draft: Draft, entry: Have): boolean {
  if (draft.get('feeds', feedKey(entry))) return true
  const { identity } = draft.self
  if (!draft.get('conversations', entry.conversation)) return false
  return draft.feedsOf(entry.conversation).filter(({ author }) => author === identity).length < MAX_CLAIMED
}

function reached(draft: Draft, { peer, entry, now }: { peer: IdentityKey; entry: Have; now: number }): void {
  const feed = feedOf(entry)
  const reach = draft.get('reaches', reachKey({ feed, peer })) ?? { feed, peer, ...NOWHERE }
  const whole = entry.whole ?? entry.seq
  if (whole > reach.delivered) draft.put('reaches', confirmed(reach, whole, now))
}

/** Nobody holds more of it than what we agree on: what follows here is the one and only. */
async function takeUp(draft: Draft, before: Feed, { seq }: Have): Promise<void> {
  const feed = draft.get('feeds', feedKey(before)) ?? before
  if (feed.tail !== undefined && seq === feed.seq && (feed.claimed ?? 0) <= feed.seq)
    await takenUp(draft, feed)
}

/** The later of what a peer said about its group. */
export function newerAgreement(
  before: Agreement | undefined,
  next: Agreement | undefined,
): Agreement | undefined {
  return before && next && compareEras(next.era, before.era) < 0 ? before : (next ?? before)
}
