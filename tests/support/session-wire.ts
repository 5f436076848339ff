import type { Link } from '../../src/net/link.ts'
import type { Frame } from '../../src/protocol/frame.ts'
import { Session } from '../../src/sync/session.ts'
import type { Desk } from './desk.ts'

/** One session of ours; the test plays the other side. */
interface Wire {
  readonly session: Session
  /** What Alice says on the link. */
  readonly said: Frame[]
  readonly events: string[]
  room: { waiting: number; counts: boolean }
  hear(frame: Frame): Promise<void>
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
  const session = new Session(
    {
      ...{ ledger: self.ledger, store: self.store, author: self.author },
      stored: (_, records) => events.push(`stored ${String(records.length)}`),
      setBack: () => events.push('set back'),
      suspicious: (what, times) => events.push(`${what} ${String(times)}`),
      counts: () => room.counts,
      failed: (_, error) => events.push(String(error)),
    },
    link,
  )
  return {
    ...{ session, said, events, room },
    hear: async (frame) => {
      if (frame.type === 'have') session.have(frame)
      if (frame.type === 'record') session.record(frame.record)
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
