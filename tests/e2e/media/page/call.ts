import { mount } from 'svelte'
import { identityKey, type IdentityKey } from '../../../../src/core/ids.ts'
import { watched } from '../../../../src/core/watched.ts'
import { createCalls } from '../../../../src/features/calls/calls.ts'
import type { Calls } from '../../../../src/features/calls/context.ts'
import { createDevices, type Devices, type Trouble } from '../../../../src/features/calls/devices.ts'
import type { Engine } from '../../../../src/features/context.ts'
import type { MediaKind } from '../../../../src/net/media.ts'
import type { Links } from '../../../../src/net/links.ts'
import { openSimplePeerMedia } from '../../../../src/net/simple-peer-media.ts'
import type { Frame } from '../../../../src/protocol/frame.ts'
import type { Store } from '../../../../src/store/store.ts'
import '../../../../src/ui/tokens.css'
import AliceScreen from './AliceScreen.svelte'

/** Alice has a screen; Bob is driven by the test. Between them a link that the test can cut. */
export interface CallInPage {
  readonly alice: Calls
  readonly bob: Calls
  link(linked: boolean): void
  /** How many connections both made together. */
  connections(): number
  /** From now on Alice's device gives trouble, or none. */
  trouble(kind: MediaKind, trouble: Trouble | undefined): void
}

declare global {
  interface Window {
    world: CallInPage
  }
}

const keys = { alice: identityKey('a'.repeat(64)), bob: identityKey('b37'.padEnd(64, '0')) }
let linked = true
let connections = 0
const watchers = new Set<(peer: IdentityKey) => void>()
const troubles = new Map<MediaKind, Trouble>()

function linksTo(hear: (frame: Frame) => void): Links {
  return {
    state: () => (linked ? { at: 'linked', path: 'local' } : { at: 'offline' }),
    send: (_, frame) => {
      if (linked) queueMicrotask(() => hear(structuredClone(frame)))
      return linked
    },
    waiting: () => 0,
    watch: (listener) => {
      watchers.add(listener)
      return () => watchers.delete(listener)
    },
  }
}

function hearing(calls: () => Calls, from: IdentityKey) {
  return (frame: Frame) => {
    if (frame.type === 'call') calls().onFrame(from, frame.call)
    if (frame.type === 'signal' && frame.use !== 'files') calls().onSignal(from, frame.use, frame)
  }
}

const real = createDevices((wanted) => navigator.mediaDevices.getUserMedia(wanted), {
  recall: async () => ({}),
  remember: async () => undefined,
})
const hers: Devices = {
  open: async (kinds) => {
    const { tracks } = await real.open(kinds.filter((kind) => !troubles.has(kind)))
    return { tracks, troubles: Object.fromEntries(troubles) }
  },
}

function callsOf(me: IdentityKey, links: Links, devices: Devices): Calls {
  return createCalls({
    me,
    links,
    devices,
    openMedia: (options) => {
      connections += 1
      return openSimplePeerMedia(options)
    },
    iceServers: () => [],
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    timers: {
      now: () => Date.now(),
      elapsed: () => performance.now(),
      after: (ms, call) => {
        const timer = setTimeout(call, ms)
        return () => clearTimeout(timer)
      },
    },
  })
}

const herLinks = linksTo(hearing(() => bob, keys.alice))
const alice = callsOf(keys.alice, herLinks, hers)
const bob = callsOf(keys.bob, linksTo(hearing(() => alice, keys.bob)), real)

const engine: Engine = {
  me: keys.alice,
  store: { get: async () => ({ name: 'Bob' }) } as unknown as Store,
  links: herLinks,
  network: watched('Online'),
  now: () => Date.now(),
} as Partial<Engine> as Engine

window.world = {
  alice,
  bob,
  link: (on) => {
    linked = on
    for (const watcher of watchers) watcher(keys.bob)
    for (const [calls, peer] of [
      [alice, keys.bob],
      [bob, keys.alice],
    ] as const) {
      if (on) calls.onLinked(peer)
      else calls.onUnlinked(peer)
    }
  },
  connections: () => connections,
  trouble: (kind, trouble) => {
    if (trouble) troubles.set(kind, trouble)
    else troubles.delete(kind)
  },
}

const target = document.querySelector('#app')
if (target) mount(AliceScreen, { target, props: { engine, calls: alice, bob: keys.bob } })
