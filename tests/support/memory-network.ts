import type { Bytes } from '../../src/core/bytes.ts'
import type { Address } from '../../src/core/ids.ts'
import type { Timers } from '../../src/core/timers.ts'
import type { Channel } from '../../src/net/channel.ts'
import type { Introducer, IntroducerOptions, OpenIntroducer } from '../../src/net/introducer.ts'
import { CALM, memoryPipe, type End, type MemoryPipe, type NetworkFaults } from './memory-pipe.ts'

/** How long the introducer and ICE let a dialler wait in vain, milliseconds. */
const NOBODY_MS = 5_000
const NO_WAY_MS = 15_000

/** One device's socket to the introducer and all its wires. */
export interface Host {
  readonly open: OpenIntroducer
  /** The process is gone: it says and hears nothing any more, and nobody is told. */
  kill(): void
}

/** An introducer and the wires between any number of people, in one process. */
export interface MemoryNetwork {
  host(): Host
  /** The introducer goes away (everybody is told) or comes back. */
  setUp(up: boolean): void
  /** Everybody is told that their address was registered elsewhere, until they gave up. */
  takeAddresses(): void
  /** Every open channel ends now. */
  cutAll(): void
  /** Every open channel falls silent now, and nobody is told. */
  hushAll(): void
  faults: NetworkFaults
  /** Parts the network: who is not in the same part cannot reach each other, and open wires fall silent. */
  part(of: (address: Address) => number): void
  /** A hostile introducer: whom a caller is led to instead; undefined leads them right. */
  mislead: (caller: Address, callee: Address) => Address | undefined
  /** A hostile introducer stands between the two: neither sees the other's certificate. */
  intercepts: () => boolean
  /** For seeded bugs: what a device gets instead of its end of a wire. */
  wrap: (channel: Channel) => Channel
  /** Told of each message that sets out. */
  carries: (bytes: Bytes) => void
  /** Messages carried so far. */
  readonly carried: number
  /** Channels that are open at both ends. */
  readonly open: number
  /** Dials so far, by caller. */
  readonly dials: ReadonlyMap<Address, number>
}

export function memoryNetwork(timers: Timers): MemoryNetwork {
  const registered = new Map<Address, Device>()
  const devices = new Set<Device>()
  const pipes = new Set<MemoryPipe>()
  const dials = new Map<Address, number>()
  const between = new Map<MemoryPipe, [Address, Address]>()
  let partOf: (address: Address) => number = () => 0
  let up = true
  let certificates = 0

  const register = (device: Device): void => {
    const { options } = device
    if (up && options) registered.set(options.address, device)
    options?.status(up ? 'online' : 'unreachable')
  }
  const wire = (): MemoryPipe => {
    const pipe = memoryPipe({
      timers,
      faults: () => network.faults,
      certificate: () => fingerprint((certificates += 1)),
      intercepted: network.intercepts(),
      carried: (bytes) => {
        network.carried += 1
        network.carries(bytes)
      },
    })
    pipes.add(pipe)
    return pipe
  }
  const dial = (device: Device, callee: Address, knock: string): Promise<Channel | undefined> =>
    new Promise((resolve) => {
      const caller = device.options?.address
      if (caller !== undefined) dials.set(caller, (dials.get(caller) ?? 0) + 1)
      const inVain = (ms: number) => void timers.after(ms, () => device.alive && resolve(undefined))
      timers.after(network.faults.delay(), () => {
        const target = (caller && network.mislead(caller, callee)) ?? callee
        const reachable =
          up && devices.has(device) && caller !== undefined && partOf(caller) === partOf(target)
        const other = reachable ? registered.get(target) : undefined
        const accept = caller === undefined ? undefined : other?.options?.admit(caller, knock)
        if (!accept || !other || caller === undefined) return inVain(NOBODY_MS)
        if (network.faults.blocked()) {
          timers.after(NO_WAY_MS, () => accept(undefined))
          return inVain(NO_WAY_MS)
        }
        const pipe = wire()
        between.set(pipe, [caller, target])
        const [near, far] = pipe.ends
        device.ends.push(near)
        other.ends.push(far)
        resolve(network.wrap(near))
        accept(network.wrap(far))
      })
    })

  const network = {
    faults: CALM,
    wrap: (channel: Channel): Channel => channel,
    mislead: (() => undefined) as (from: Address, to: Address) => Address | undefined,
    intercepts: () => false,
    part: (of: (address: Address) => number) => {
      partOf = of
      for (const [pipe, [a, b]] of between) {
        if (of(a) === of(b)) continue
        for (const end of pipe.ends) end.hush()
        pipes.delete(pipe)
        between.delete(pipe)
      }
    },
    carried: 0,
    carries: (() => undefined) as (bytes: Bytes) => void,
    dials,
    get open() {
      return [...pipes].filter(({ ends }) => ends.every((end) => end.open)).length
    },
    host: (): Host => {
      const device: Device = { options: undefined, ends: [], alive: true }
      return {
        open: (options): Introducer => {
          device.options = options
          devices.add(device)
          timers.after(1, () => devices.has(device) && register(device))
          return {
            dial: (callee, knock) => dial(device, callee, knock),
            hurry: () => undefined,
            close: () => leave(device),
          }
        },
        kill: () => {
          device.alive = false
          for (const end of device.ends) end.hush()
          leave(device)
        },
      }
    },
    setUp: (next: boolean) => {
      up = next
      registered.clear()
      for (const device of devices) register(device)
    },
    takeAddresses: () => {
      for (const { options } of devices) options?.status('taken')
    },
    cutAll: () => {
      for (const pipe of pipes) pipe.cut()
      pipes.clear()
      between.clear()
    },
    hushAll: () => {
      for (const { ends } of pipes) for (const end of ends) end.hush()
      pipes.clear()
    },
  }

  function leave(device: Device): void {
    devices.delete(device)
    const { options } = device
    if (options && registered.get(options.address) === device) registered.delete(options.address)
  }
  return network
}

interface Device {
  options: IntroducerOptions | undefined
  readonly ends: End[]
  alive: boolean
}

/** The n-th certificate's SHA-256, as it were. */
export function fingerprint(n: number): Bytes {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(28, n)
  return bytes
}
