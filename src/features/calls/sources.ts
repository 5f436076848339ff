import type { Sending } from '../../core/call.ts'
import type { MediaKind, Tracks } from '../../net/media.ts'
import type { Devices, Trouble, Troubles } from './devices.ts'

export interface SourcesOptions {
  readonly devices: Devices
  readonly video: boolean
  /** After each change; `kind` if its track is another one now. */
  changed(kind?: MediaKind): void
}

/** Our own microphone and camera for as long as a call lasts. */
export class Sources {
  /** Resolves once everything wanted at the start was given or refused. */
  readonly ready: Promise<void>
  readonly #options: SourcesOptions
  readonly #held = new Map<MediaKind, MediaStreamTrack>()
  readonly #asking = new Set<MediaKind>()
  #wish: (Sending & { readonly closed?: never }) | { readonly closed: true }
  #troubles: Troubles = {}

  constructor(options: SourcesOptions) {
    this.#options = options
    this.#wish = { muted: false, camera: options.video }
    this.ready = this.#open(options.video ? ['audio', 'video'] : ['audio'])
  }

  get tracks(): Tracks {
    return Object.fromEntries(this.#held)
  }

  get troubles(): Troubles {
    return this.#troubles
  }

  /** What we really send: without a microphone we are muted, whatever was pressed. */
  get sending(): Sending {
    const muted = this.#wish.closed === true || this.#wish.muted || !this.#held.has('audio')
    return { muted, camera: this.#held.has('video') }
  }

  setMuted(muted: boolean): void {
    if (this.#wish.closed) return
    this.#wish = { ...this.#wish, muted }
    const microphone = this.#held.get('audio')
    if (microphone) microphone.enabled = !muted
    else if (!muted) void this.#open(['audio'])
    this.#options.changed()
  }

  setCamera(on: boolean): void {
    if (this.#wish.closed) return
    this.#wish = { ...this.#wish, camera: on }
    this.#note('video', undefined)
    if (on) void this.#open(['video'])
    else this.#drop('video')
    this.#options.changed(on ? undefined : 'video')
  }

  /** Lets go of every device; one that is given later is let go at once. */
  close(): void {
    this.#wish = { closed: true }
    this.#drop('audio')
    this.#drop('video')
  }

  async #open(kinds: MediaKind[]): Promise<void> {
    const fresh = kinds.filter((kind) => !this.#asking.has(kind) && !this.#held.has(kind))
    if (fresh.length === 0) return
    for (const kind of fresh) this.#asking.add(kind)
    const { tracks, troubles } = await this.#options.devices.open(fresh)
    for (const kind of fresh) {
      this.#asking.delete(kind)
      this.#take(kind, tracks[kind], troubles[kind])
    }
  }

  #take(kind: MediaKind, track: MediaStreamTrack | undefined, trouble: Trouble | undefined): void {
    if (this.#wish.closed || (kind === 'video' && !this.#wish.camera)) {
      track?.stop()
      return
    }
    if (track) this.#hold(kind, track, !(kind === 'audio' && this.#wish.muted))
    else if (kind === 'video') this.#wish = { ...this.#wish, camera: false }
    this.#note(kind, trouble)
    this.#options.changed(kind)
  }

  #hold(kind: MediaKind, track: MediaStreamTrack, enabled: boolean): void {
    track.enabled = enabled
    this.#held.set(kind, track)
    // Not fired by `stop()`: somebody pulled the plug, or the system took the device away.
    track.addEventListener('ended', () => {
      if (this.#held.get(kind) !== track) return
      this.#drop(kind)
      this.#take(kind, undefined, 'unplugged')
      // There may be another microphone; a camera does not come on unasked.
      if (kind === 'audio') void this.#open([kind])
    })
  }

  #drop(kind: MediaKind): void {
    const track = this.#held.get(kind)
    this.#held.delete(kind)
    track?.stop()
  }

  #note(kind: MediaKind, trouble: Trouble | undefined): void {
    const { [kind]: _, ...others } = this.#troubles
    this.#troubles = trouble === undefined ? others : { ...others, [kind]: trouble }
  }
}
