import type { Bytes } from '../core/bytes.ts'
import type { IdentityKey, IncarnationId } from '../core/ids.ts'
import { pacer } from '../core/pace.ts'
import type { Timers } from '../core/timers.ts'
import { decodeFrame, encodeFrame, type Frame } from '../protocol/frame.ts'
import type { Channel, Path } from './channel.ts'

/** A link is asked for a sign of life after so long without one, and is dead after two misses (PROTOCOL §3). */
const IDLE_MS = 15_000
const MISS_MS = { usual: 5_000, hurried: 1_500 }
const MISSES = 2
/**
 * What is said beside records, which have bounds of their own, is short and seldom: 4 MiB at once, then 256 KiB a
 * second, counted in pieces of 256 bytes. Whoever says more wants to keep us busy.
 */
const TALK = { burst: 16_384, everyMs: 1, piece: 256 }

export interface LinkEvents {
  frame(frame: Frame): void
  drained(): void
  /** Exactly once. */
  closed(): void
  /** Bytes that are no frame: dropped and counted. */
  dropped(): void
}

/** A channel to somebody who has proved who they are. */
export interface Link {
  readonly peer: IdentityKey
  /** In which of their lives. */
  readonly incarnation: IncarnationId
  /** Whose call it was; decides which of two links stays. */
  readonly dialler: IdentityKey
  send(frame: Frame): void
  readonly waiting: number
  path(): Promise<Path>
  /** Wants a sign of life at once: the network changed or the page woke up. */
  probe(): void
  /** Begins to tell; `early` came behind the last BIND frame. */
  listen(events: LinkEvents, early: Bytes[]): void
  close(reason: 'duplicate' | 'leaving'): void
}

type Ends = Pick<Link, 'peer' | 'incarnation' | 'dialler'>

export function createLink(channel: Channel, ends: Ends, timers: Timers): Link {
  let events: LinkEvents | undefined
  let stopWaiting = (): void => undefined
  let misses = 0
  const talk = pacer(TALK, timers.elapsed)

  const heard = (): void => {
    misses = 0
    stopWaiting()
    stopWaiting = timers.after(IDLE_MS, () => {
      ask(MISS_MS.usual)
    })
  }
  const ask = (patience: number): void => {
    if (misses === MISSES) {
      channel.close()
      return
    }
    misses += 1
    send({ type: 'ping', nonce: misses })
    stopWaiting()
    stopWaiting = timers.after(patience, () => {
      ask(patience)
    })
  }
  const send = (frame: Frame): void => {
    channel.send(encodeFrame(frame))
  }
  const take = (bytes: Bytes): void => {
    // Our own question is on its way to them behind all that we said: it is the sign of life they want.
    const asking = misses > 0
    heard()
    const frame = decodeFrame(bytes)
    if (frame?.type !== 'record' && !talk(Math.ceil(bytes.length / TALK.piece))) channel.close()
    else if (frame === undefined) events?.dropped()
    else if (frame.type === 'ping') {
      if (!asking) send({ type: 'pong', nonce: frame.nonce })
    } else if (frame.type === 'close') channel.close()
    else if (frame.type !== 'pong') events?.frame(frame)
  }

  return {
    ...ends,
    send,
    get waiting() {
      return channel.waiting
    },
    path: () => channel.path(),
    probe: () => {
      misses = 0
      ask(MISS_MS.hurried)
    },
    listen: (next, early) => {
      events = next
      heard()
      for (const bytes of early) take(bytes)
      channel.listen({
        message: take,
        drained: () => events?.drained(),
        closed: () => {
          stopWaiting()
          events?.closed()
        },
      })
    },
    close: (reason) => {
      send({ type: 'close', reason })
      channel.close()
    },
  }
}
