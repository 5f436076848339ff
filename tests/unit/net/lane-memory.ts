import type { Bytes } from '../../../src/core/bytes.ts'
import { LaneClosed, type Lane, type LaneOptions, type OpenLane } from '../../../src/net/lane.ts'

const LONGEST = 262_144
const HIGH_WATER = 1_048_576

/** Lanes within one process: as asynchronous and as narrow as real ones. */
export function memoryLanes(): OpenLane & { bytesSent: () => number; made: () => number } {
  const offers = new Map<string, MemoryLane>()
  const count = { bytes: 0, made: 0 }
  const open = (options: LaneOptions): Lane => {
    count.made += 1
    return new MemoryLane(options, offers, count)
  }
  return Object.assign(open, { bytesSent: () => count.bytes, made: () => count.made })
}

class MemoryLane implements Lane {
  readonly longest = LONGEST
  readonly #options: LaneOptions
  readonly #offers: Map<string, MemoryLane>
  readonly #count: { bytes: number }
  #other: MemoryLane | undefined
  #closed = false
  #buffered = 0
  #waiting: { go: () => void; stop: (error: Error) => void }[] = []

  constructor(options: LaneOptions, offers: Map<string, MemoryLane>, count: { bytes: number }) {
    this.#options = options
    this.#offers = offers
    this.#count = count
    if (!options.initiator) return
    const sdp = `memory ${String(offers.size)}`
    offers.set(sdp, this)
    later(() => {
      options.signal({ type: 'offer', sdp })
    })
  }

  signal(signal: Parameters<Lane['signal']>[0]): void {
    if (this.#closed || (signal.type !== 'offer' && signal.type !== 'answer')) return
    if (this.#options.initiator) {
      if (this.#offers.get(signal.sdp) === this) return
      this.close()
      return
    }
    const caller = this.#offers.get(signal.sdp)
    if (signal.type !== 'offer' || !caller || caller.#other) {
      this.close()
      return
    }
    caller.#other = this
    this.#other = caller
    this.#options.signal({ type: 'answer', sdp: signal.sdp })
    for (const end of [this, caller]) {
      later(() => {
        if (end.#closed) return
        end.#options.opened()
        end.#wake()
      })
    }
  }

  send(bytes: Bytes): void {
    if (!this.#hasRoom() || bytes.length > LONGEST) throw new RangeError('wait for room() before sending')
    const copy = bytes.slice()
    this.#count.bytes += copy.length
    this.#buffered += copy.length
    const other = this.#other
    later(() => {
      this.#buffered -= copy.length
      if (other && !other.#closed) other.#options.message(copy)
      this.#wake()
    })
  }

  room(): Promise<void> {
    if (this.#closed) return Promise.reject(new LaneClosed('closed'))
    if (this.#hasRoom()) return Promise.resolve()
    return new Promise((go, stop) => {
      this.#waiting.push({ go, stop })
    })
  }

  close(): void {
    for (const end of [this, this.#other]) {
      if (end) later(() => end.#end())
    }
  }

  #hasRoom(): boolean {
    return !this.#closed && this.#other !== undefined && this.#buffered + LONGEST <= HIGH_WATER
  }

  #wake(): void {
    if (this.#hasRoom()) for (const { go } of this.#waiting.splice(0)) go()
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    for (const { stop } of this.#waiting.splice(0)) stop(new LaneClosed('closed'))
    this.#options.closed()
  }
}

function later(call: () => void): void {
  setTimeout(call, 0)
}
