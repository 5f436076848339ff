import type { Target } from '../core/body.ts'
import { wholeTo, type Feed } from '../core/feed.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { seatOf } from '../core/membership.ts'
import { recordKey } from '../core/record.ts'
import type { Timers } from '../core/timers.ts'
import { MAX_SEEN } from '../protocol/limits.ts'
import { append } from './append.ts'
import type { Author } from './author.ts'
import type { Delivery } from './delivery.ts'
import type { Draft } from './draft.ts'
import type { Ledger } from './ledger.ts'

/** Members whom this device does not meet are told through others what it has of theirs (PROTOCOL §5, `seen`). */
export interface Reports {
  /** Something was written. */
  look(): void
  close(): void
}

/** At most so often, milliseconds. */
const EVERY_MS = 5 * 60_000

export function createReports(deps: {
  readonly ledger: Ledger
  readonly author: Author
  readonly delivery: Delivery
  readonly timers: Timers
  /** True while there is a link to them: `have` tells them more, and at once. */
  linked(who: IdentityKey): boolean
  failed(error: unknown): void
}): Reports {
  const { ledger, author, delivery, timers, linked, failed } = deps
  let stop: (() => void) | undefined

  const report = async (): Promise<void> => {
    for (const conversation of ledger.state.memberships.keys()) {
      if (ledger.state.conversations.get(conversation)?.circle.kind !== 'group') continue
      if (untold(ledger, conversation, linked).length === 0) continue
      await delivery.carry(conversation, (draft) => tell(draft, author, { conversation, linked }))
    }
  }
  return {
    look: () => {
      stop ??= timers.after(EVERY_MS, () => {
        stop = undefined
        report().catch(failed)
      })
    },
    close: () => stop?.(),
  }
}

/** Feeds of members who are away, beyond what they were told. */
function untold(
  { state }: Ledger,
  conversation: ConversationId,
  linked: (who: IdentityKey) => boolean,
): Feed[] {
  const membership = state.memberships.get(conversation)
  if (!membership || !seatOf(membership, state.self.identity)) return []
  return [...(state.feedsOf.get(conversation)?.values() ?? [])].filter(
    (feed) =>
      wholeTo(feed) > (feed.told ?? 0) &&
      !linked(feed.author) &&
      seatOf(membership, feed.author) !== undefined,
  )
}

async function tell(
  draft: Draft,
  author: Author,
  { conversation, linked }: { conversation: ConversationId; linked: (who: IdentityKey) => boolean },
): Promise<void> {
  const feeds: Target[] = []
  for (const feed of draft.feedsOf(conversation)) {
    const { told = 0 } = feed
    const seq = wholeTo(feed)
    if (feed.author === draft.self.identity || seq <= told || linked(feed.author)) continue
    draft.put('feeds', { ...feed, told: seq })
    // Reports are not reported on: two who never meet would go on for ever.
    if (await saysSomething(draft, { ...feed, seq }))
      feeds.push({ author: feed.author, incarnation: feed.incarnation, seq })
  }
  if (feeds.length === 0) return
  await append(draft, author, { conversation, bodies: [{ kind: 'seen', feeds: feeds.slice(0, MAX_SEEN) }] })
}

async function saysSomething(draft: Draft, feed: Feed): Promise<boolean> {
  for (let seq = feed.seq; seq > (feed.told ?? 0); seq--) {
    const row = await draft.record(recordKey({ ...feed, seq }))
    if (row?.message) return true
    // Whoever came late has no more of it, however far the feed is said to go.
    if (!row) return false
  }
  return false
}
