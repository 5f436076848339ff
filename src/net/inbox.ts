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

/** `expired` resolves when no more is waited for. */
export function readBindFrames(channel: Channel, expired: Promise<void>): Inbox {
  const queue: Bytes[] = []
  let closed = false
  let wake = (): void => undefined
  channel.listen({
    message: (bytes) => {
      queue.push(bytes)
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
      return bytes && decodeBindFrame(bytes)
    },
    get closed() {
      return closed
    },
    rest: () => queue.splice(0),
  }
}
