import type { Bytes } from '../core/bytes.ts'
import { decodeBindFrame, type BindFrame } from '../protocol/bind.ts'
import type { Channel } from './channel.ts'

/** Reads a channel one frame at a time until it is bound; ends by itself when the time is up. */
export interface Inbox {
  /** Undefined when the channel closed, the time is up, or something else than a BIND frame came. */
  next(): Promise<BindFrame | undefined>
  readonly closed: boolean
  /** What came behind the last frame read: it belongs to the link. */
  rest(): Bytes[]
}

/** Before it is bound a channel may bring so much, bytes: what BIND needs, and a first `have`. */
const MAX_MESSAGE = 65_536
const MAX_UNREAD = 4 * MAX_MESSAGE

/** `expired` resolves when no more is waited for. Whoever sends too much is sent away. */
export function readBindFrames(channel: Channel, expired: Promise<void>): Inbox {
  const queue: Bytes[] = []
  let closed = false
  let unread = 0
  let wake = (): void => undefined
  channel.listen({
    message: (bytes) => {
      if (closed) return
      unread += bytes.length
      if (bytes.length > MAX_MESSAGE || unread > MAX_UNREAD) {
        closed = true
        queue.length = 0
        channel.close()
      } else queue.push(bytes)
      wake()
    },
    drained: () => undefined,
    closed: () => {
      closed = true
      wake()
    },
  })
  return {
    next: async () => {
      if (queue.length === 0 && !closed) {
        await Promise.race([expired, new Promise<void>((resolve) => (wake = resolve))])
      }
      const bytes = queue.shift()
      unread -= bytes?.length ?? 0
      return bytes && decodeBindFrame(bytes)
    },
    get closed() {
      return closed
    },
    rest: () => queue.splice(0),
  }
}
