import type { Signal } from '../protocol/signal.ts'

export type MediaKind = 'audio' | 'video'

/** What one side sends: at most one track of each kind; none while a device is off or was refused. */
export type Tracks = { readonly [K in MediaKind]?: MediaStreamTrack }

export interface MediaOptions {
  /** The caller's side makes every offer, also a later one; the other only answers. */
  readonly initiator: boolean
  readonly iceServers: RTCIceServer[]
  readonly tracks: Tracks
  /** A signal for the other side; it travels inside the bound link, in order. */
  signal(signal: Signal): void
  /** The other person's stream, exactly once; it holds one track of each kind, silent while they send none. */
  remote(stream: MediaStream): void
  /** Each change; begins unconnected. */
  state(state: 'connected' | 'interrupted'): void
  /** Exactly once, also after `close()`. A connection that failed is not used again: another one is made. */
  closed(): void
}

/**
 * The pictures and sound of a call between two people, over a connection of their own. Its DTLS fingerprints travel
 * inside the bound link and are as trustworthy as that. Every adapter passes the same acceptance suite.
 */
export interface Media {
  /** Takes what the other side's {@link MediaOptions.signal} said; what is late, odd or hostile is dropped or ends it. */
  signal(signal: Signal): void
  /** Sends this track in place of the one of its kind, or nothing of that kind; nothing is negotiated anew. */
  replace(kind: MediaKind, track: MediaStreamTrack | undefined): Promise<void>
  /** Looks for a new way through the network without ending the call; the answering side asks the other to. */
  restart(): void
  close(): void
}

export type OpenMedia = (options: MediaOptions) => Media
