import type { Message } from '../../core/conversation.ts'
import type { IdentityKey, IncarnationId } from '../../core/ids.ts'
import { members, readersOf, type Membership } from '../../core/membership.ts'
import { feedKey, feedOf, type FeedId } from '../../core/record.ts'
import { deliveredAt, NOWHERE, statusOf, type Reach, type Status } from '../../core/status.ts'
import type { Store } from '../../store/store.ts'
import { reachKey } from '../../store/tables.ts'

/** How far our own feeds of a chat have come. */
export interface Progress {
  readonly membership: Membership | undefined
  /** By reachKey. */
  readonly reaches: ReadonlyMap<string, Reach>
  /** Up to which seq a feed left this device, by the life that wrote it. */
  readonly left: ReadonlyMap<IncarnationId, number>
}

export const NO_PROGRESS: Progress = { membership: undefined, reaches: new Map(), left: new Map() }

/** Reads what concerns these messages of ours; there is one feed per life of our device. */
export async function readProgress(
  store: Pick<Store, 'get'>,
  own: readonly Message[],
  membership: Membership | undefined,
): Promise<Progress> {
  const feeds = new Map(own.map(({ record }) => [record.incarnation, feedOf(record)]))
  const people = membership ? members(membership) : []
  const pairs = [...feeds.values()].flatMap((feed) => people.map((peer) => ({ feed, peer })))
  const reaches = pairs.map(async ({ feed, peer }) => {
    const key = reachKey({ feed, peer })
    return [key, (await store.get('reaches', key)) ?? NOWHERE] as const
  })
  const left = [...feeds.values()].map(async (feed: FeedId) => {
    return [feed.incarnation, (await store.get('feeds', feedKey(feed)))?.left ?? 0] as const
  })
  return {
    membership,
    reaches: new Map(await Promise.all(reaches)),
    left: new Map(await Promise.all(left)),
  }
}

/** How far one of our messages has come with one of its readers. */
export interface ReaderProgress {
  readonly who: IdentityKey
  readonly status: Exclude<Status, 'Failed'>
  /** When it came to them, if that is still known, milliseconds since 1970. */
  readonly deliveredAt: number | undefined
}

export interface MessageProgress {
  readonly status: Status
  readonly readers: readonly ReaderProgress[]
}

/** What kind of chat it is, and whether its people tell each other what they read. */
export interface Manners {
  readonly group: boolean
  readonly receipts: boolean
}

/** How far one of our own messages has come with everybody it is for. */
export function progressOf(
  { record, failed }: Pick<Message, 'record' | 'failed'>,
  { membership, reaches, left }: Progress,
  { group, receipts }: Manners,
): MessageProgress {
  const { seq } = record
  // Who does not tell is not told either.
  const told = ({ read: _, ...reach }: Reach): Reach => reach
  const readers = (membership ? readersOf(membership, record) : []).map((who) => {
    const reach = reaches.get(reachKey({ feed: feedOf(record), peer: who })) ?? NOWHERE
    return { who, reach: receipts ? reach : told(reach) }
  })
  const all = statusOf(
    seq,
    readers.map(({ reach }) => reach),
  )
  // In a group others pass on what left this device.
  const gone = group && seq <= (left.get(record.incarnation) ?? 0)
  return {
    status: failed !== undefined ? 'Failed' : all === 'Waiting' && gone ? 'Sent' : all,
    readers: readers.map(({ who, reach }) => {
      const status = statusOf(seq, [reach])
      const one = status === 'Waiting' && gone ? 'Sent' : status
      return { who, status: one as ReaderProgress['status'], deliveredAt: deliveredAt(seq, reach) }
    }),
  }
}
