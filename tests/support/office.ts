import type { ConversationId, IdentityKey } from '../../src/core/ids.ts'
import type { Link } from '../../src/net/link.ts'
import type { Frame } from '../../src/protocol/frame.ts'
import { createDelivery, type Delivery, type DeliveryFrame } from '../../src/sync/delivery.ts'
import { fullVector } from '../../src/sync/have.ts'
import type { Brought } from '../../src/sync/receive.ts'
import { placeOf, takeAll, type Desk, type Place } from './desk.ts'
import { GROUP } from './party.ts'
import { rest } from './session-wire.ts'
import { virtualTime, type VirtualTime } from './virtual-time.ts'

/** One person's delivery; the test plays everybody else, who say what their desks hold. */
export interface Office {
  readonly delivery: Delivery
  readonly time: VirtualTime
  readonly events: string[]
  /** A link to somebody. */
  line(peer: Desk): Line
  /** Composes and lets it leave. */
  carry(work: Parameters<Delivery['carry']>[1], place?: Place): Promise<void>
  /** Lets time pass. */
  pass(ms: number): Promise<void>
  rest(): Promise<void>
}

export interface Line {
  readonly link: Link
  readonly said: Frame[]
  room: { waiting: number; counts: boolean }
  hear(...frames: DeliveryFrame[]): Promise<void>
  /** They say all that they hold of a chat, and in which group they are. */
  meet(place?: Place): Promise<void>
  /** What was given: 's' for each sealed, else the seq of the record, in brackets if it is a place alone. */
  given(): string[]
  end(): Promise<void>
}

export function office(self: Desk): Office {
  const time = virtualTime()
  const events: string[] = []
  const rooms = new Map<Link, Line['room']>()
  const settle = () => rest(self)
  const delivery = createDelivery({
    ...{ ledger: self.ledger, store: self.store, author: self.author, timers: time },
    stored: (_, records) => events.push(`stored ${String(records.length)}`),
    believes: () => true,
    setBack: () => events.push('set back'),
    apart: (_, who) => events.push(`apart from ${who}`),
    unfit: () => events.push('unfit'),
    begun: () => events.push('begun'),
    known: () => events.push('known'),
    counts: (link) => rooms.get(link)?.counts ?? false,
    failed: (_, error) => events.push(String(error)),
  })
  self.store.watch(({ tables }) => {
    if (tables.has('records')) delivery.offer()
  })
  const line = (peer: Desk): Line => {
    const said: Frame[] = []
    const room = { waiting: 0, counts: true }
    const link: Link = {
      ...{ peer: peer.me, incarnation: peer.ledger.state.self.incarnation.id, dialler: self.me },
      send: (frame) => said.push(frame),
      get waiting() {
        return room.waiting
      },
      path: () => Promise.resolve('local'),
      ...{ probe: () => undefined, listen: () => undefined },
      close: () => events.push('closed'),
    }
    rooms.set(link, room)
    delivery.linked(link)
    const hear = async (...frames: DeliveryFrame[]): Promise<void> => {
      for (const frame of frames) delivery.frame(link, frame)
      await settle()
      await settle()
    }
    return {
      ...{ link, said, room, hear },
      meet: (place = GROUP) => hear(...vectorOf(peer, placeOf(peer, place))),
      given: () => said.flatMap(nameOf),
      end: async () => {
        delivery.unlinked(link)
        await settle()
      },
    }
  }
  return {
    ...{ delivery, time, events, line, rest: settle },
    carry: async (work, place = GROUP) => {
      await delivery.carry(placeOf(self, place), work)
      await settle()
    },
    pass: async (ms) => {
      const until = time.now() + ms
      do await settle()
      while (time.next(until - time.now()))
    },
  }
}

/** They take in what they were given, as their own devices would. */
export async function arrive(from: Desk, self: Desk, { said }: Line): Promise<void> {
  const items = said.splice(0).flatMap((frame): Brought[] => {
    if (frame.type === 'sealed') return [{ sealed: frame.sealed }]
    return frame.type === 'record' ? [{ record: frame.record }] : []
  })
  await takeAll(self, from, items)
}

/** What they say to `to` when they meet; to anybody if that is nobody. */
export function vectorOf(
  self: Desk,
  conversation: ConversationId,
  to: IdentityKey = self.me,
): (Frame & { type: 'have' })[] {
  const { ledger, author } = self
  return fullVector(ledger.state, conversation, { mls: author.mls, last: 'last', to }).flatMap((frame) =>
    frame.type === 'have' ? [frame] : [],
  )
}

function nameOf(frame: Frame): string[] {
  if (frame.type === 'sealed') return ['s']
  if (frame.type !== 'record') return []
  const { seq, part } = frame.record
  return ['content' in part ? String(seq) : `(${String(seq)})`]
}
