import type { Bytes } from '../core/bytes.ts'

/** What a channel tells its owner. All are called asynchronously, never from inside a call to the channel. */
export interface ChannelEvents {
  message(bytes: Bytes): void
  /** Fewer than 64 KiB wait to leave. */
  drained(): void
  /** Exactly once, whoever closed it. */
  closed(): void
}

/** Bytes that may wait to leave. Records stop far below it; at 16 MiB Chromium would throw. */
export const MAX_WAITING = 4_194_304

/** How the bytes travel, as ICE chose it. "Local network": both ends of the chosen pair are host candidates. */
export type Path = 'direct' | 'local' | 'relayed'

/**
 * A reliable, ordered row of messages of at most 64 KiB to whoever is at the other end. Who that is, only BIND
 * tells. Open from the beginning, and out of reach of whoever introduced it; every adapter passes the same
 * acceptance suite.
 */
export interface Channel {
  /** What arrives before anybody listens is kept; whoever listens last is told. */
  listen(events: ChannelEvents): void
  /**
   * Dropped without a word once closed: delivery is proved by `have`, not by sending. Ends the channel when more than
   * {@link MAX_WAITING} bytes wait: whoever takes nothing must not fill our memory.
   */
  send(bytes: Bytes): void
  /** Bytes that wait to leave. */
  readonly waiting: number
  /** SHA-256 of both DTLS certificates as really used; undefined when they are not exactly one each. */
  certificates(): Promise<{ own: Bytes; theirs: Bytes } | undefined>
  path(): Promise<Path>
  /** What was sent before still leaves where the browser can do it. */
  close(): void
}
