import type { Media, MediaKind, Tracks } from '../../../../src/net/media.ts'
import { openSimplePeerMedia } from '../../../../src/net/simple-peer-media.ts'
import type { Signal } from '../../../../src/protocol/signal.ts'
import { measure } from './measure.ts'

/** One person's adapter, as the test drives it from outside. */
export interface SideInPage {
  open(options: { initiator: boolean; sends: readonly MediaKind[] }): Promise<void>
  signal(signal: Signal): void
  replace(kind: MediaKind, on: boolean): Promise<void>
  restart(): void
  close(): void
  seen(): { states: ('connected' | 'interrupted')[]; remotes: number; closed: number; signals: Signal[] }
  receives(): Promise<MediaKind[]>
}

declare global {
  interface Window {
    side: SideInPage
    /** Given by the test: carries a signal to the other page. */
    carry(signal: Signal): Promise<void>
  }
}

let media: Media | undefined
let remote: MediaStream | undefined
const seen: ReturnType<SideInPage['seen']> = { states: [], remotes: 0, closed: 0, signals: [] }

async function tracks(kinds: readonly MediaKind[]): Promise<Tracks> {
  if (kinds.length === 0) return {}
  const wanted = Object.fromEntries(kinds.map((kind) => [kind, true]))
  const stream = await navigator.mediaDevices.getUserMedia(wanted)
  return Object.fromEntries(stream.getTracks().map((track) => [track.kind, track]))
}

window.side = {
  open: async ({ initiator, sends }) => {
    media = openSimplePeerMedia({
      initiator,
      iceServers: [],
      tracks: await tracks(sends),
      signal: (signal) => {
        seen.signals.push(signal)
        void window.carry(signal)
      },
      remote: (stream) => {
        seen.remotes += 1
        remote = stream
      },
      state: (state) => seen.states.push(state),
      closed: () => (seen.closed += 1),
    })
  },
  signal: (signal) => media?.signal(signal),
  replace: async (kind, on) => media?.replace(kind, on ? (await tracks([kind]))[kind] : undefined),
  restart: () => media?.restart(),
  close: () => media?.close(),
  seen: () => seen,
  receives: async () => (remote ? measure(remote) : []),
}
