import type { Media, MediaKind, MediaOptions, OpenMedia, Tracks } from '../../../src/net/media.ts'
import type { Signal } from '../../../src/protocol/signal.ts'

/** Calls inside one process: sides find each other by what their signals say, as over a real network. */
export interface MemoryMedia {
  readonly open: OpenMedia
  /** Every connection not yet closed. */
  readonly living: ReadonlySet<MemorySide>
  /** Nothing flows any more, as when a phone leaves the Wi-Fi; each connection notices. A restart finds a new way. */
  interrupt(): void
  /** Every connection dies, as after a long interruption. */
  kill(): void
}

export function memoryMedia(): MemoryMedia {
  const living = new Set<MemorySide>()
  return {
    living,
    open: (options) => {
      const side = new MemorySide(options, living)
      living.add(side)
      return side
    },
    interrupt: () => {
      for (const side of living) side.interrupt()
    },
    kill: () => {
      for (const side of [...living]) side.close()
    },
  }
}

let made = 0

export class MemorySide implements Media {
  readonly #options: MediaOptions
  readonly #living: Set<MemorySide>
  readonly #name = `side${String((made += 1))}`
  #tracks: Tracks
  #ways = 0
  #other: MemorySide | undefined
  #stage: 'new' | 'connected' | 'interrupted' | 'closed' = 'new'

  constructor(options: MediaOptions, living: Set<MemorySide>) {
    this.#options = options
    this.#living = living
    this.#tracks = options.tracks
    if (options.initiator) queueMicrotask(() => this.#offer())
  }

  /** What arrives from the other side. */
  get receives(): Tracks {
    return this.#stage === 'connected' && this.#other ? this.#other.#tracks : {}
  }

  /** How often a way was looked for. */
  get ways(): number {
    return this.#ways
  }

  signal(signal: Signal): void {
    if (this.#stage === 'closed') return
    if (signal.type === 'renegotiate' && this.#options.initiator) this.restart()
    else if (signal.type === 'offer' && !this.#options.initiator) this.#answer(signal.sdp)
    else if (signal.type === 'answer' && this.#options.initiator) this.#meet(signal.sdp)
  }

  replace(kind: MediaKind, track: MediaStreamTrack | undefined): Promise<void> {
    const { [kind]: _, ...others } = this.#tracks
    this.#tracks = track ? { ...others, [kind]: track } : others
    return Promise.resolve()
  }

  restart(): void {
    if (this.#stage === 'closed') return
    if (this.#options.initiator) this.#offer()
    else this.#options.signal({ type: 'renegotiate', renegotiate: true })
  }

  close(): void {
    if (this.#stage === 'closed') return
    this.#stage = 'closed'
    this.#living.delete(this)
    this.#options.closed()
    const other = this.#other
    queueMicrotask(() => other?.close())
  }

  /** Gone without a word to the other side, as a page that ran out of memory. */
  vanish(): void {
    this.#other = undefined
    this.close()
  }

  interrupt(): void {
    if (this.#stage !== 'connected') return
    this.#stage = 'interrupted'
    this.#options.state('interrupted')
  }

  #offer(): void {
    if (this.#stage === 'closed') return
    this.#ways += 1
    this.#options.signal({ type: 'offer', sdp: `a=ice-ufrag:${this.#name}/${String(this.#ways)}` })
  }

  #answer(sdp: string): void {
    this.#other = this.#find(sdp)
    if (this.#other) this.#options.signal({ type: 'answer', sdp: `a=ice-ufrag:${this.#name}/1` })
    else this.close()
  }

  #meet(sdp: string): void {
    const other = this.#find(sdp)
    if (!other || other.#other !== this) return
    this.#other = other
    this.#connected()
    other.#connected()
  }

  #find(sdp: string): MemorySide | undefined {
    const name = /a=ice-ufrag:(\w+)\//.exec(sdp)?.[1]
    return [...this.#living].find((side) => side.#name === name)
  }

  #connected(): void {
    if (this.#stage === 'connected') return
    // The stream comes with the first description; a double has none to show but its presence.
    if (this.#stage === 'new') this.#options.remote({} as MediaStream)
    this.#stage = 'connected'
    this.#options.state('connected')
  }
}
