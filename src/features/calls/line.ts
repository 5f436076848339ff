import { toHex } from '../../core/bytes.ts'
import { forgetOldest } from '../../core/newest.ts'
import { pacer, type Pacer } from '../../core/pace.ts'
import type { Timers } from '../../core/timers.ts'
import type { Media, MediaKind, OpenMedia, Tracks } from '../../net/media.ts'
import type { Signal } from '../../protocol/signal.ts'

/** An interruption often mends itself. The answering side waits longer, so that only one of the two acts. */
const RESTART_MS = { caller: 2_000, callee: 3_000 }
/** A new way was looked for and not found: a new connection is next. */
const REPLACE_MS = 8_000
/** Between a connection that died and the next one, and between two requests for one. */
const REBUILD_MS = 1_000
const ASK_MS = 3_000
/** Signals kept while our devices are being opened, and retired lanes remembered. */
const MAX_EARLY = 256
const MAX_RETIRED = 32
/** How often the other side may begin a connection anew: a browser has a few hundred in all. */
const OFFERS = { burst: 8, everyMs: 1_000 }

export interface LineOptions {
  readonly initiator: boolean
  readonly openMedia: OpenMedia
  readonly timers: Timers
  iceServers(): RTCIceServer[]
  random(bytes: number): Uint8Array
  /** What we send just now. */
  tracks(): Tracks
  /** Whether there is a bound link to carry signals. */
  linked(): boolean
  signal(lane: string, signal: Signal): void
  remote(stream: MediaStream): void
  flow(flow: 'flowing' | 'interrupted'): void
}

interface Connection {
  readonly lane: string
  readonly media: Media
  state: 'new' | 'connected' | 'interrupted'
}

/** The media of one call: connections come and go, the line stays. Each connection is one lane. */
export class Line {
  readonly #options: LineOptions
  readonly #retired = new Set<string>()
  readonly #early: [lane: string, signal: Signal][] = []
  #stage: 'waiting' | 'open' | 'closed' = 'waiting'
  #current: Connection | undefined
  #cancelTimer = (): void => undefined
  readonly #inTime: Pacer

  constructor(options: LineOptions) {
    this.#options = options
    this.#inTime = pacer(OFFERS, options.timers.elapsed)
  }

  /** Until now signals were only kept: our devices are here, or are taking too long. */
  start(): void {
    if (this.#stage !== 'waiting') return
    this.#stage = 'open'
    if (this.#options.initiator) this.#connect(this.#freshLane())
    for (const [lane, signal] of this.#early.splice(0)) this.#hear(lane, signal)
  }

  signal(lane: string, signal: Signal): void {
    if (this.#stage === 'open') this.#hear(lane, signal)
    else if (this.#stage === 'waiting' && this.#early.length < MAX_EARLY) this.#early.push([lane, signal])
  }

  /** There is a link again: what was being set up on the old one may have been lost. */
  linked(): void {
    if (this.#stage !== 'open' || this.#current?.state === 'connected') return
    if (this.#current?.state === 'interrupted') this.#restart()
    else this.#rebuild()
  }

  replace(kind: MediaKind, track: MediaStreamTrack | undefined): void {
    const connection = this.#current
    connection?.media.replace(kind, track).catch(() => {
      if (this.#current === connection) this.#died()
    })
  }

  close(): void {
    this.#stage = 'closed'
    this.#cancelTimer()
    this.#retire()
  }

  #connect(lane: string): Connection {
    this.#cancelTimer()
    this.#retire()
    const { initiator, openMedia, iceServers, tracks } = this.#options
    const media = openMedia({
      initiator,
      iceServers: iceServers(),
      tracks: tracks(),
      signal: (signal) => {
        if (!this.#retired.has(lane)) this.#options.signal(lane, signal)
      },
      remote: (stream) => {
        if (!this.#retired.has(lane)) this.#options.remote(stream)
      },
      state: (state) => {
        if (this.#current?.lane === lane) this.#changed(this.#current, state)
      },
      closed: () => {
        if (this.#current?.lane === lane) this.#died()
      },
    })
    this.#current = { lane, media, state: 'new' }
    return this.#current
  }

  #retire(): void {
    const old = this.#current
    this.#current = undefined
    if (!old) return
    this.#retired.add(old.lane)
    forgetOldest(this.#retired, MAX_RETIRED)
    old.media.close()
  }

  #changed(connection: Connection, state: 'connected' | 'interrupted'): void {
    connection.state = state
    this.#cancelTimer()
    if (state === 'interrupted') {
      this.#later(RESTART_MS[this.#options.initiator ? 'caller' : 'callee'], () => {
        this.#restart()
      })
    }
    this.#options.flow(state === 'connected' ? 'flowing' : 'interrupted')
  }

  #restart(): void {
    // Without a link nobody would hear of it; `linked()` comes back to this.
    if (!this.#options.linked()) return
    this.#current?.media.restart()
    this.#later(REPLACE_MS, () => {
      this.#rebuild()
    })
  }

  #died(): void {
    this.#retire()
    this.#later(REBUILD_MS, () => {
      this.#rebuild()
    })
    this.#options.flow('interrupted')
  }

  /** Only the caller's side begins a connection; the other asks for one on a lane that nobody knows. */
  #rebuild(): void {
    if (!this.#options.linked()) return
    if (this.#options.initiator) {
      this.#connect(this.#freshLane())
      return
    }
    this.#options.signal(this.#freshLane(), { type: 'renegotiate', renegotiate: true })
    this.#later(ASK_MS, () => {
      this.#rebuild()
    })
  }

  #hear(lane: string, signal: Signal): void {
    if (lane === this.#current?.lane) this.#current.media.signal(signal)
    else if (this.#retired.has(lane)) return
    else if (this.#options.initiator) {
      if (signal.type === 'renegotiate' && this.#current?.state !== 'new') this.#rebuild()
    } else if (signal.type === 'offer' && this.#inTime()) this.#connect(lane).media.signal(signal)
  }

  #freshLane(): string {
    return toHex(this.#options.random(8))
  }

  /** One thing at a time is waited for: a later one takes its place. */
  #later(ms: number, act: () => void): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#options.timers.after(ms, act)
  }
}
