import { toHex } from '../../core/bytes.ts'
import { step, type CallEvent } from '../../core/call-step.ts'
import { isLive, patience, usesDevices, usesMedia, type Call, type CallSignal } from '../../core/call.ts'
import { QUIET_PHONE } from '../../core/call-phone.ts'
import { callId, type CallId, type IdentityKey } from '../../core/ids.ts'
import type { Timers } from '../../core/timers.ts'
import { watched } from '../../core/watched.ts'
import type { Links } from '../../net/links.ts'
import type { OpenMedia } from '../../net/media.ts'
import type { Signal } from '../../protocol/signal.ts'
import type { Calls, CallView } from './context.ts'
import type { Devices } from './devices.ts'
import { Line } from './line.ts'
import { Sources } from './sources.ts'

export interface CallsDeps {
  readonly me: IdentityKey
  readonly links: Links
  readonly openMedia: OpenMedia
  readonly devices: Devices
  readonly timers: Timers
  iceServers(): RTCIceServer[]
  random(bytes: number): Uint8Array
}

/** Devices have this long before the call is set up without them; what they give later is sent then. */
const DEVICES_MS = 4_000

export function createCalls(deps: CallsDeps): Calls {
  return new CallService(deps)
}

class CallService implements Calls {
  readonly state = watched<CallView>({ call: QUIET_PHONE.call, troubles: {} })
  readonly busy = watched(false)
  readonly #deps: CallsDeps
  #phone = QUIET_PHONE
  #sources: Sources | undefined
  #media: { readonly call: CallId; readonly line: Line; readonly remote?: MediaStream } | undefined
  #cancelPatience = (): void => undefined

  constructor(deps: CallsDeps) {
    this.#deps = deps
  }

  elapsed(): number {
    return this.#deps.timers.elapsed()
  }

  call(peer: IdentityKey, { video }: { video: boolean }): void {
    this.#dispatch({ type: 'call', call: callId(toHex(this.#deps.random(16))), peer, video })
  }

  accept(): void {
    const { call } = this.#phone
    if (call.at === 'incoming') this.#dispatch({ type: 'accept', video: call.video })
  }

  decline(): void {
    this.#dispatch({ type: 'decline' })
  }

  hangUp(): void {
    this.#dispatch({ type: 'hang-up' })
  }

  setMuted(muted: boolean): void {
    this.#sources?.setMuted(muted)
  }

  setCamera(on: boolean): void {
    this.#sources?.setCamera(on)
  }

  onFrame(peer: IdentityKey, signal: CallSignal): void {
    this.#dispatch({ type: 'heard', peer, signal })
  }

  onSignal(peer: IdentityKey, call: CallId, { lane, signal }: { lane: string; signal: Signal }): void {
    if (this.#media?.call === call && this.#isWith(peer)) this.#media.line.signal(lane, signal)
  }

  onLinked(peer: IdentityKey): void {
    this.#dispatch({ type: 'linked', peer })
    if (this.#isWith(peer)) this.#media?.line.linked()
  }

  onUnlinked(peer: IdentityKey): void {
    this.#dispatch({ type: 'unlinked', peer })
  }

  /** The only way anything changes: first the state, then the words, then devices and media follow it. */
  #dispatch(event: CallEvent): void {
    const before = this.#phone.call
    const { me, timers, links } = this.#deps
    const { phone, say } = step(this.#phone, event, { me, now: timers.elapsed() })
    this.#phone = phone
    for (const { to, step } of say) links.send(to, { type: 'call', call: step })
    if (phone.call === before) return
    this.#wait(before, phone.call)
    this.#followDevices(before, phone.call)
    this.#followMedia(phone.call)
    this.#show()
  }

  #show(): void {
    const own = this.#sources?.tracks.video
    const remote = this.#media?.remote
    this.state.set({
      call: this.#phone.call,
      troubles: this.#sources?.troubles ?? {},
      ...(own && { own }),
      ...(remote && { remote }),
    })
    this.busy.set(isLive(this.#phone.call))
  }

  #wait(before: Call, after: Call): void {
    const due = patience(after)
    if (nameOf(after) === nameOf(before) && patience(before)?.for === due?.for) return
    this.#cancelPatience()
    if (!due || after.at === 'idle') return
    const event = { type: 'waited', call: after.call, for: due.for } as const
    this.#cancelPatience = this.#deps.timers.after(due.ms, () => {
      this.#dispatch(event)
    })
  }

  /** Two rings that cross become one call: the devices opened for the first serve the other. */
  #followDevices(before: Call, after: Call): void {
    if (usesDevices(after) === usesDevices(before)) return
    this.#sources?.close()
    this.#sources = usesDevices(after) ? this.#sourcesFor(after.mine.camera) : undefined
  }

  #sourcesFor(video: boolean): Sources {
    const sources: Sources = new Sources({
      devices: this.#deps.devices,
      video,
      changed: (kind) => {
        if (this.#sources !== sources) return
        if (kind) this.#media?.line.replace(kind, sources.tracks[kind])
        this.#dispatch({ type: 'sending', mine: sources.sending })
        this.#show()
      },
    })
    return sources
  }

  #followMedia(call: Call): void {
    if (this.#media && (!usesMedia(call) || call.call !== this.#media.call)) {
      this.#media.line.close()
      this.#media = undefined
    }
    if (!usesMedia(call) || this.#media) return
    const line = this.#lineFor(call)
    this.#media = { call: call.call, line }
    this.#startWhenReady(line)
  }

  #lineFor({ call, peer, role }: Call & { at: 'connecting' | 'active' }): Line {
    const { openMedia, timers, links } = this.#deps
    return new Line({
      initiator: role === 'caller',
      openMedia,
      timers,
      iceServers: () => this.#deps.iceServers(),
      random: (bytes) => this.#deps.random(bytes),
      tracks: () => this.#sources?.tracks ?? {},
      linked: () => links.state(peer).at === 'linked',
      signal: (lane, signal) => {
        links.send(peer, { type: 'signal', lane, use: call, signal })
      },
      remote: (remote) => {
        if (this.#media) this.#media = { ...this.#media, remote }
        this.#show()
      },
      flow: (flow) => {
        this.#dispatch({ type: 'flow', call, flow })
      },
    })
  }

  /** Permission for the microphone also opens better ways through the network, so it is worth a moment. */
  #startWhenReady(line: Line): void {
    const cancel = this.#deps.timers.after(DEVICES_MS, () => {
      line.start()
    })
    void this.#sources?.ready.then(() => {
      cancel()
      line.start()
    })
  }

  #isWith(peer: IdentityKey): boolean {
    const { call } = this.#phone
    return usesMedia(call) && call.peer === peer
  }
}

function nameOf(call: Call): CallId | undefined {
  return call.at === 'idle' ? undefined : call.call
}
