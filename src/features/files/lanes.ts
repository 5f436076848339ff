import { pacer, type Pacer } from '../../core/pace.ts'
import { toHex, type Bytes } from '../../core/bytes.ts'
import type { IdentityKey } from '../../core/ids.ts'
import type { Lane } from '../../net/lane.ts'
import type { Signal } from '../../protocol/signal.ts'
import type { FilesDeps } from './types.ts'

/** A lane that carries nothing for so long is closed, milliseconds. */
const IDLE_MS = 30_000
/** A lane that does not open in so long is given up, milliseconds. */
const OPEN_MS = 20_000
/** How often one person may begin a lane: a browser has a few hundred connections in all. */
const OFFERS = { burst: 8, everyMs: 1_000 }

export interface LaneListener {
  /** Is anything wanted from this person? If not, no lane of theirs is taken. */
  expects(peer: IdentityKey): boolean
  message(peer: IdentityKey, bytes: Bytes): void
  /** The lane by which they serve us is lost. */
  lostIncoming(peer: IdentityKey): void
  drop(): void
}

/** A lane by which we serve somebody; those who send on it take turns, message by message. */
export interface OutLane {
  /** Bytes of the longest message; resolves when the lane is open. Rejects with LaneClosed. */
  longest(): Promise<number>
  /** `make` is called when there is room. Rejects with LaneClosed. */
  send(make: () => Bytes): Promise<void>
}

/** At most one lane per person and direction of service; the one who serves opens it. */
export interface Lanes {
  /** The lane on which we serve this person; opened if there is none. */
  out(peer: IdentityKey): OutLane
  signal(peer: IdentityKey, id: string, signal: Signal): void
  /** Gives up the lane by which they serve us. */
  closeIncoming(peer: IdentityKey): void
  closeAll(peer: IdentityKey): void
}

interface Held {
  readonly id: string
  readonly lane: Lane
  touch(): void
  /** Out of the books at once, although the lane itself says so only later. */
  close(): void
}

export function createLanes(deps: FilesDeps, listener: LaneListener): Lanes {
  const outgoing = new Map<IdentityKey, Held & OutLane>()
  const incoming = new Map<IdentityKey, Held>()
  const paces = new Map<IdentityKey, Pacer>()
  const inTime = (peer: IdentityKey): boolean => {
    const pace = paces.get(peer) ?? pacer(OFFERS, deps.timers.elapsed)
    paces.set(peer, pace)
    return pace()
  }

  const openOut = (peer: IdentityKey): Held & OutLane => {
    const id = toHex(deps.random(8))
    const held = openLane(deps, {
      ...{ peer, id, initiator: true },
      message: () => {
        listener.drop()
      },
      gone: () => {
        if (outgoing.get(peer)?.id === id) outgoing.delete(peer)
      },
    })
    const out = { ...held, ...takeTurns(held) }
    outgoing.set(peer, out)
    return out
  }
  const openIn = (peer: IdentityKey, id: string): Held => {
    const replaced = incoming.get(peer)
    incoming.delete(peer)
    replaced?.close()
    const held = openLane(deps, {
      ...{ peer, id, initiator: false },
      message: (bytes) => {
        if (incoming.get(peer)?.id !== id) return
        held.touch()
        listener.message(peer, bytes)
      },
      gone: () => {
        if (incoming.get(peer)?.id !== id) return
        incoming.delete(peer)
        listener.lostIncoming(peer)
      },
    })
    incoming.set(peer, held)
    return held
  }

  return {
    out: (peer) => outgoing.get(peer) ?? openOut(peer),
    signal: (peer, id, signal) => {
      const known = [outgoing.get(peer), incoming.get(peer)].find((held) => held?.id === id)
      if (known) known.lane.signal(signal)
      else if (signal.type === 'offer' && listener.expects(peer) && inTime(peer))
        openIn(peer, id).lane.signal(signal)
      else listener.drop()
    },
    closeIncoming: (peer) => {
      incoming.get(peer)?.close()
    },
    closeAll: (peer) => {
      incoming.get(peer)?.close()
      outgoing.get(peer)?.close()
    },
  }
}

interface Opening {
  readonly peer: IdentityKey
  readonly id: string
  readonly initiator: boolean
  message(bytes: Bytes): void
  /** Once, whoever closed it. */
  gone(): void
}

function openLane(deps: FilesDeps, { peer, id, initiator, message, gone }: Opening): Held {
  let state: { at: 'held'; stopClock: () => void } | { at: 'gone' } = {
    at: 'held',
    stopClock: () => undefined,
  }
  const finish = (): void => {
    if (state.at === 'gone') return
    state.stopClock()
    state = { at: 'gone' }
    gone()
  }
  const close = (): void => {
    finish()
    lane.close()
  }
  const wait = (ms: number): void => {
    if (state.at === 'gone') return
    state.stopClock()
    state.stopClock = deps.timers.after(ms, close)
  }
  const touch = (): void => {
    wait(IDLE_MS)
  }
  const lane = deps.openLane({
    ...{ initiator, iceServers: deps.iceServers(), message, opened: touch, closed: finish },
    signal: (signal) => {
      deps.links.send(peer, { type: 'signal', lane: id, use: 'files', signal })
    },
  })
  wait(OPEN_MS)
  return { id, lane, touch, close }
}

function takeTurns({ lane, touch }: Held): OutLane {
  let turn: Promise<void> = Promise.resolve()
  return {
    longest: async () => {
      await lane.room()
      return lane.longest
    },
    send: (make) => {
      turn = turn.then(async () => {
        await lane.room()
        lane.send(make())
        touch()
      })
      return turn
    },
  }
}
