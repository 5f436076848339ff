import type { Allowance } from './limits.ts'

/** What the lobby needs of a WebSocket. */
export interface Wire {
  /** Sends one text message. */
  send(text: string): void
  /** Bytes handed over but not yet taken by the network. */
  buffered(): number
  /** Says goodbye; the other side has a moment to read it. */
  end(code: number): void
  /** Like `end`, but does not listen any more: for those who will not stop talking. */
  expel(code: number): void
  /** Ends at once, without a word. */
  cut(): void
}

/** Somebody who is here: a registered address and the socket it is reached by. */
export interface Peer {
  readonly address: string
  readonly wire: Wire
  /** What the socket may still do. */
  allowance: Allowance
  /** When it was last heard (ms). */
  lastSeen: number
}

/** What a socket received: text, or something that is no PeerJS message at all. */
export type Frame =
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'binary'; readonly bytes: number }
  | { readonly kind: 'ping'; readonly bytes: number }

/** Close codes: RFC 6455's own, and one of the range left to applications. */
export const CLOSE = {
  normal: 1000,
  /** Went over a limit. */
  policy: 1008,
  /** The server stops; come back. */
  restart: 1012,
  /** No room; come back later. */
  later: 1013,
  /** The same address was registered by a newer socket. */
  replaced: 4001,
} as const
