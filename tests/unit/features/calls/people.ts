import type { CallSignal } from '../../../../src/core/call.ts'
import { identityKey, type IdentityKey } from '../../../../src/core/ids.ts'
import { createCalls } from '../../../../src/features/calls/calls.ts'
import type { Calls } from '../../../../src/features/calls/context.ts'
import type { Devices, Trouble } from '../../../../src/features/calls/devices.ts'
import type { Links } from '../../../../src/net/links.ts'
import type { MediaKind, Tracks } from '../../../../src/net/media.ts'
import type { Frame } from '../../../../src/protocol/frame.ts'
import { seeded } from '../../../support/random.ts'
import { virtualTime } from '../../../support/virtual-time.ts'
import { memoryMedia } from '../../net/memory-media.ts'

const NAMES = { alice: 'a', bob: 'b', carol: 'c' } as const
export type Name = keyof typeof NAMES

export function keyOf(name: Name): IdentityKey {
  return identityKey(NAMES[name].repeat(64))
}

/** A microphone or camera that can be pulled out. */
class FakeTrack extends EventTarget {
  enabled = true
  readyState: 'live' | 'ended' = 'live'
  readonly kind: MediaKind
  constructor(kind: MediaKind) {
    super()
    this.kind = kind
  }
  stop(): void {
    this.readyState = 'ended'
  }
  unplug(): void {
    this.readyState = 'ended'
    this.dispatchEvent(new Event('ended'))
  }
}

/** Devices that give what they have, refuse what they are told to, and can keep a person waiting for the question. */
class FakeDevices implements Devices {
  readonly given: FakeTrack[] = []
  troubles: { [K in MediaKind]?: Trouble } = {}
  /** While set, every question stays open until it is answered. */
  question: { readonly answered: Promise<void>; answer(): void } | undefined

  async open(kinds: readonly MediaKind[]) {
    await this.question?.answered
    const got = kinds.filter((kind) => !this.troubles[kind])
    const tracks = Object.fromEntries(got.map((kind) => [kind, this.#give(kind)])) as unknown as Tracks
    const troubles = Object.fromEntries(
      kinds.flatMap((kind) => (this.troubles[kind] ? [[kind, this.troubles[kind]]] : [])),
    )
    return { tracks, troubles }
  }

  ask(): void {
    let answer = (): void => undefined
    const answered = new Promise<void>((resolve) => (answer = resolve))
    this.question = { answered, answer }
  }

  answer(): void {
    this.question?.answer()
    this.question = undefined
  }

  get live(): MediaKind[] {
    return this.given.filter(({ readyState }) => readyState === 'live').map(({ kind }) => kind)
  }

  #give(kind: MediaKind): FakeTrack {
    const track = new FakeTrack(kind)
    this.given.push(track)
    return track
  }
}

export interface Person {
  readonly key: IdentityKey
  readonly calls: Calls
  readonly devices: FakeDevices
  at(): string
  /** What was said to anybody, by step. */
  said(): string[]
  /** Something nobody's app would say. */
  forge(to: Name, signal: CallSignal): void
}

/** Several people, each linked to each, with a call service each; nothing happens between turns. */
export function setup(...names: Name[]) {
  const time = virtualTime()
  const media = memoryMedia()
  const random = seeded(7)
  const people = new Map<IdentityKey, Person & { hear(from: IdentityKey, frame: Frame): void }>()
  let linked = true
  const mail: { from: IdentityKey; to: IdentityKey; frame: Frame }[] = []

  for (const name of names) people.set(keyOf(name), person(name))

  function person(name: Name) {
    const me = keyOf(name)
    const devices = new FakeDevices()
    const said: string[] = []
    const links: Links = {
      state: () => (linked ? { at: 'linked', path: 'local' } : { at: 'offline' }),
      send: (to, frame) => {
        if (!linked) return false
        if (frame.type === 'call') said.push(frame.call.step)
        mail.push({ from: me, to, frame })
        return true
      },
      waiting: () => 0,
      watch: () => () => undefined,
    }
    const bytes = (length: number) => random.bytes(length)
    const calls = createCalls({
      me,
      links,
      openMedia: media.open,
      devices,
      timers: time,
      iceServers: () => [],
      random: bytes,
    })
    return {
      key: me,
      calls,
      devices,
      at: () => calls.state.current.call.at,
      said: () => said.splice(0),
      forge: (to: Name, call: CallSignal) =>
        mail.push({ from: me, to: keyOf(to), frame: { type: 'call', call } }),
      hear: (from: IdentityKey, frame: Frame) => {
        if (frame.type === 'call') calls.onFrame(from, frame.call)
        if (frame.type === 'signal' && frame.use !== 'files') calls.onSignal(from, frame.use, frame)
      },
    }
  }

  /** Everything on its way arrives, and everything that follows from it. */
  async function settle(): Promise<void> {
    for (let quiet = 0, turns = 0; quiet < 20; turns++) {
      if (turns > 5_000) throw new Error('it never settles')
      const next = mail.shift()
      if (next) people.get(next.to)?.hear(next.from, next.frame)
      quiet = next ? 0 : quiet + 1
      await Promise.resolve()
    }
  }

  return {
    media,
    time,
    settle,
    person: (name: Name): Person => {
      const found = people.get(keyOf(name))
      if (!found) throw new Error(`${name} is not here`)
      return found
    },
    /** So much time passes, with everything that falls due. */
    passes: async (ms: number) => {
      const end = time.now() + ms
      while (time.next(end - time.now())) await settle()
      time.skip(end - time.now())
    },
    cut: () => {
      linked = false
      mail.length = 0
      for (const { key, calls } of people.values()) others(key).forEach((other) => calls.onUnlinked(other))
    },
    relink: () => {
      linked = true
      for (const { key, calls } of people.values()) others(key).forEach((other) => calls.onLinked(other))
    },
  }

  function others(me: IdentityKey): IdentityKey[] {
    return [...people.keys()].filter((key) => key !== me)
  }
}
