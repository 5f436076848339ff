import { feedKey } from '../../src/core/record.ts'
import type { Link } from '../../src/net/link.ts'
import type { Frame } from '../../src/protocol/frame.ts'
import { Session } from '../../src/sync/session/session.ts'
import { ownFeed } from '../../src/sync/draft.ts'
import { placeOf, type Desk, type Place } from './desk.ts'

/** One session of ours; the test plays the other side. */
export interface Wire {
  readonly session: Session
  readonly link: Link
  /** What Alice says on the link. */
  readonly said: Frame[]
  readonly events: string[]
  room: { waiting: number; counts: boolean }
  hear(frame: Frame): Promise<void>
  /** The seqs of the records that were given. */
  records(): number[]
}

/** Alice's side of a link to Bob, whose part the test plays. */
export function wire(self: Desk, peer: Desk): Wire {
  const said: Frame[] = []
  const events: string[] = []
  const room = { waiting: 0, counts: true }
  const link: Link = {
    ...{ peer: peer.me, incarnation: peer.ledger.state.self.incarnation.id, dialler: self.me },
    send: (frame) => said.push(frame),
    get waiting() {
      return room.waiting
    },
    path: () => Promise.resolve('local'),
    probe: () => undefined,
    listen: () => undefined,
    close: () => events.push('closed'),
  }
  const { now } = self.author
  const session = new Session(
    {
      ...{ ledger: self.ledger, store: self.store },
      author: { ...self.author, suspicious: (what) => events.push(what) },
      timers: { now, elapsed: () => self.clock.age, after: () => () => undefined },
      stored: (_, records) => events.push(`stored ${String(records.length)}`),
      advanced: (_, feeds) => {
        if (feeds.length > 0) events.push(`advanced ${String(feeds.length)}`)
      },
      believes: () => true,
      setBack: () => events.push('set back'),
      apart: () => events.push('apart'),
      unfit: () => events.push('unfit'),
      begun: () => events.push('begun'),
      known: () => events.push('known'),
      counts: () => room.counts,
      failed: (_, error) => events.push(String(error)),
    },
    link,
  )
  return {
    ...{ session, link, said, events, room },
    hear: async (frame) => {
      if (frame.type === 'have') session.have(frame)
      if (frame.type === 'record' || frame.type === 'sealed') session.brought(frame)
      if (frame.type === 'lack') session.lack(frame.feed)
      if (frame.type === 'want') session.want(frame)
      await rest(self)
    },
    records: () => said.flatMap((frame) => (frame.type === 'record' ? [frame.record.seq] : [])),
  }
}

/** Until everything that was begun is on the disk. */
export async function rest({ ledger }: Desk): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  await ledger.settled()
}

/** As if all of it had left this device before. */
export async function allLeft(self: Desk, place: Place): Promise<void> {
  await self.ledger.transact((draft) => {
    const feed = draft.get('feeds', feedKey(ownFeed(draft, placeOf(self, place))))
    if (feed) draft.put('feeds', { ...feed, left: feed.seq })
  })
}
