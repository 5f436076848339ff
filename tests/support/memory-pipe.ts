import type { Bytes } from '../../src/core/bytes.ts'
import type { Timers } from '../../src/core/timers.ts'
import { MAX_WAITING, type Channel, type ChannelEvents } from '../../src/net/channel.ts'

const LOW_WATER = 65_536

export interface NetworkFaults {
  /** Milliseconds for one message; called for each. */
  delay(): number
  /** True: the channel breaks instead of carrying this message. */
  breaks(): boolean
  /** True: it breaks, and neither side is told. */
  silently(): boolean
  /** True: the introduction works, and no way leads through all the same. */
  blocked(): boolean
  /** What becomes of one message on its way: usually itself, but it may be lost, come twice, or be damaged. */
  mangled(bytes: Bytes): Bytes[]
}

export const CALM: NetworkFaults = {
  delay: () => 1,
  breaks: () => false,
  silently: () => false,
  blocked: () => false,
  mangled: (bytes) => [bytes],
}

/** A wire between two; each end is a Channel. */
export interface MemoryPipe {
  readonly ends: readonly [End, End]
  /** Both sides are told. What was on its way is lost. */
  cut(): void
}

export interface PipeOptions {
  readonly timers: Timers
  readonly faults?: () => NetworkFaults
  /** Tells the two certificates apart from all others. */
  readonly certificate: () => Bytes
  /** Somebody stands between the two ends, with certificates of their own. */
  readonly intercepted?: boolean
  /** Called for each message that sets out. */
  readonly carried?: (bytes: Bytes) => void
}

export function memoryPipe(options: PipeOptions): MemoryPipe {
  const [a, b] = [options.certificate(), options.certificate()]
  const alice = new End(options, { own: a, theirs: b })
  const between = options.intercepted ? options.certificate() : a
  const bob = new End(options, { own: b, theirs: between })
  alice.far = bob
  bob.far = alice
  return {
    ends: [alice, bob],
    cut: () => {
      alice.end()
      bob.end()
    },
  }
}

/** One end of a pipe: as asynchronous as a data channel, and as silent when the other side is gone. */
export class End implements Channel {
  far: End | undefined
  waiting = 0
  readonly #options: PipeOptions
  readonly #certificates: { own: Bytes; theirs: Bytes }
  #events: ChannelEvents | undefined
  #told: ChannelEvents | undefined
  #open = true
  #hushed = false
  #lastArrival = 0
  readonly #early: Bytes[] = []

  constructor(options: PipeOptions, certificates: { own: Bytes; theirs: Bytes }) {
    this.#options = options
    this.#certificates = certificates
  }

  listen(events: ChannelEvents): void {
    this.#events = events
    const early = this.#early.splice(0)
    queueMicrotask(() => {
      for (const bytes of early) this.#events?.message(bytes)
      this.#tellClosed()
    })
  }

  send(bytes: Bytes): void {
    if (!this.#open) return
    if (this.waiting > MAX_WAITING) {
      this.close()
      return
    }
    this.waiting += bytes.length
    if (this.#hushed) return
    const { timers, faults = () => CALM, carried } = this.#options
    const { breaks, silently, delay, mangled } = faults()
    const copy = bytes.slice()
    carried?.(copy)
    if (breaks()) {
      for (const end of [this, this.far]) {
        if (silently()) end?.hush()
        else end?.end()
      }
      return
    }
    // In order, whatever each message would have taken on its own.
    this.#lastArrival = Math.max(timers.now() + delay(), this.#lastArrival)
    timers.after(this.#lastArrival - timers.now(), () => {
      this.#left(copy.length)
      for (const arrived of mangled(copy)) this.far?.arrive(arrived)
    })
  }

  /** Whoever holds this end may still take it for a living one. */
  get open(): boolean {
    return this.#open && !this.#hushed
  }

  certificates(): Promise<{ own: Bytes; theirs: Bytes }> {
    return Promise.resolve(this.#certificates)
  }

  path(): Promise<'local'> {
    return Promise.resolve('local')
  }

  close(): void {
    if (!this.#open) return
    this.#shut()
    const { timers } = this.#options
    if (!this.#hushed) timers.after(Math.max(1, this.#lastArrival - timers.now()), () => this.far?.end())
  }

  arrive(bytes: Bytes): void {
    if (!this.#open || this.#hushed) return
    if (this.#events) this.#events.message(bytes)
    else this.#early.push(bytes)
  }

  /** The process behind this end, or the way to it, is gone: it says and hears nothing, and nobody is told. */
  hush(): void {
    this.#hushed = true
  }

  /** The other side, or the network, ended it. */
  end(): void {
    if (this.#open && !this.#hushed) this.#shut()
  }

  #shut(): void {
    this.#open = false
    queueMicrotask(() => this.#tellClosed())
  }

  #left(length: number): void {
    const before = this.waiting
    this.waiting -= length
    if (this.#open && before >= LOW_WATER && this.waiting < LOW_WATER) this.#events?.drained()
  }

  #tellClosed(): void {
    if (this.#open || !this.#events || this.#told === this.#events) return
    this.#told = this.#events
    this.#events.closed()
  }
}
