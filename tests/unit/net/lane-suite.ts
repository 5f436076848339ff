import type { Bytes } from '../../../src/core/bytes.ts'
import { LaneClosed, type Lane, type LaneOptions, type OpenLane } from '../../../src/net/lane.ts'
import type { Signal } from '../../../src/protocol/signal.ts'

/** What every lane must do. Free of any test runner, so that it runs in a page as well. */
export interface LaneCase {
  readonly name: string
  run(open: OpenLane): Promise<void>
}

interface End {
  readonly lane: Lane
  readonly received: Bytes[]
  readonly log: string[]
  /** Resolves once the condition holds; it is looked at after each event. */
  until(condition: () => boolean): Promise<void>
}

const MESSAGE = 262_144

/** Two ends whose signals reach each other a turn later, unless `tamper` changes or swallows them. */
function pair(
  open: OpenLane,
  tamper: (signal: Signal) => Signal | undefined = (signal) => signal,
): [End, End] {
  const deliver = (to: () => End) => (signal: Signal) => {
    const said = tamper(signal)
    if (said) setTimeout(() => to().lane.signal(structuredClone(said)), 0)
  }
  const alice: End = end(open, { initiator: true, signal: deliver(() => bob) })
  const bob: End = end(open, { initiator: false, signal: deliver(() => alice) })
  return [alice, bob]
}

function end(open: OpenLane, options: Pick<LaneOptions, 'initiator' | 'signal'>): End {
  const received: Bytes[] = []
  const log: string[] = []
  const watchers = new Set<() => void>()
  const note = (event: string): void => {
    log.push(event)
    for (const look of [...watchers]) look()
  }
  const lane = open({
    ...options,
    iceServers: [],
    opened: () => {
      note('opened')
    },
    message: (bytes) => {
      received.push(bytes)
      note('message')
    },
    closed: () => {
      note('closed')
    },
  })
  return {
    ...{ lane, received, log },
    until: (condition) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          reject(new Error(`it never happened; so far: ${log.slice(-5).join(', ')}`))
        }, 10_000)
        const look = (): void => {
          if (!condition()) return
          clearTimeout(late)
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
      }),
  }
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`expected: ${what}`)
}

async function closed(...ends: End[]): Promise<void> {
  for (const { lane } of ends) lane.close()
  for (const end of ends) await end.until(() => end.log.includes('closed'))
}

export const laneCases: LaneCase[] = [
  {
    name: 'Alice and Bob both learn that the lane is open, once',
    run: async (open) => {
      const [alice, bob] = pair(open)
      await Promise.all([alice.lane.room(), bob.lane.room()])
      check(alice.log.join() === 'opened' && bob.log.join() === 'opened', 'one event each')
      await closed(alice, bob)
    },
  },
  {
    name: 'what Alice sends arrives whole and in order, and Bob may keep it',
    run: async (open) => {
      const [alice, bob] = pair(open)
      const scratch = new Uint8Array(MESSAGE)
      for (let i = 0; i < 40; i++) {
        await alice.lane.room()
        scratch.fill(i)
        // The same memory each time: a lane copies before it returns.
        alice.lane.send(scratch.subarray(0, MESSAGE - i))
      }
      await bob.until(() => bob.received.length === 40)
      const right = bob.received.every(
        (bytes, i) =>
          bytes.length === MESSAGE - i && bytes.byteOffset === 0 && bytes[0] === i && bytes.at(-1) === i,
      )
      check(right, 'forty messages of the right length and content')
      await closed(alice, bob)
    },
  },
  {
    name: 'Bob can answer on the same lane',
    run: async (open) => {
      const [alice, bob] = pair(open)
      await bob.lane.room()
      bob.lane.send(new Uint8Array([7]))
      await alice.until(() => alice.received.length === 1)
      check(alice.received[0]?.[0] === 7, 'his byte')
      await closed(alice, bob)
    },
  },
  {
    name: 'who sends without waiting for room is refused, and nothing is lost by it',
    run: async (open) => {
      const [alice, bob] = pair(open)
      const message = new Uint8Array(MESSAGE)
      let refused = false
      let sent = 0
      await alice.lane.room()
      while (!refused) {
        try {
          alice.lane.send(message)
          sent++
        } catch (error) {
          refused = error instanceof RangeError
        }
        check(sent <= 64, 'an end of the room within 16 MiB')
      }
      await alice.lane.room()
      await bob.until(() => bob.received.length === sent)
      await closed(alice, bob)
    },
  },
  {
    name: 'when Bob leaves, Alice hears it once and what waits for room is told',
    run: async (open) => {
      const [alice, bob] = pair(open)
      await Promise.all([alice.lane.room(), bob.lane.room()])
      bob.lane.close()
      await alice.until(() => alice.log.includes('closed'))
      const told = await alice.lane.room().then(
        () => false,
        (error: unknown) => error instanceof LaneClosed,
      )
      check(told, 'room() rejects')
      await closed(alice, bob)
      check(alice.log.filter((event) => event === 'closed').length === 1, 'closed once')
      check(bob.log.filter((event) => event === 'closed').length === 1, 'closed once')
    },
  },
  {
    name: 'a lane closed before it opened says so, later, and tells who waits',
    run: async (open) => {
      const [alice, bob] = pair(open, () => undefined)
      const waiting = alice.lane.room().catch((error: unknown) => error)
      alice.lane.close()
      check(alice.log.length === 0, 'no event from inside a call')
      check((await waiting) instanceof LaneClosed, 'room() rejects')
      await closed(alice, bob)
    },
  },
  {
    name: 'hostile signals close the lane and never throw',
    run: async (open) => {
      const [alice, bob] = pair(open, (signal) =>
        signal.type === 'offer' ? { type: 'offer', sdp: 'v=0\r\nthis is no session' } : undefined,
      )
      await bob.until(() => bob.log.includes('closed'))
      bob.lane.signal({ type: 'answer', sdp: 'late' })
      bob.lane.signal({ type: 'candidate', candidate: { candidate: 'late' } })
      await closed(alice)
    },
  },
  {
    name: 'odd and late signals on an open lane do no harm',
    run: async (open) => {
      const [alice, bob] = pair(open)
      await Promise.all([alice.lane.room(), bob.lane.room()])
      bob.lane.signal({ type: 'renegotiate', renegotiate: true })
      alice.lane.signal({ type: 'renegotiate', renegotiate: true })
      alice.lane.signal({ type: 'transceiverRequest', transceiverRequest: { kind: 'video' } })
      bob.lane.signal({ type: 'candidate', candidate: { candidate: '', sdpMid: '0' } })
      await alice.lane.room()
      alice.lane.send(new Uint8Array([1]))
      await bob.until(() => bob.received.length === 1)
      await closed(alice, bob)
    },
  },
]
