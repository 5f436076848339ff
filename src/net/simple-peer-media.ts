import type SimplePeer from 'simple-peer/simplepeer.min.js'
import type { Signal } from '../protocol/signal.ts'
import type { Media, MediaKind, MediaOptions, OpenMedia } from './media.ts'

const KINDS = ['audio', 'video'] as const

/** So many candidates are taken per description, so many signals while the library loads; honest ones are a few dozen. */
const MAX_SIGNALS = 256

/** Fetches the library, so that a call can be set up later without the server. */
export async function loadSimplePeer(): Promise<typeof SimplePeer> {
  return (await import('simple-peer/simplepeer.min.js')).default
}

/** Calls by simple-peer, which is fetched with the first one. */
export const openSimplePeerMedia: OpenMedia = (options) => new SimplePeerMedia(options)

class SimplePeerMedia implements Media {
  readonly #options: MediaOptions
  readonly #tracks: Map<MediaKind, MediaStreamTrack | undefined>
  /** One stream for both of our tracks: the other side keeps lips and voice together. */
  readonly #group = new MediaStream()
  readonly #remote = new MediaStream()
  #stage:
    | { readonly at: 'loading'; readonly early: Signal[] }
    | { readonly at: 'open'; readonly peer: SimplePeer; readonly pc: RTCPeerConnection }
    | { readonly at: 'closed' } = { at: 'loading', early: [] }
  #candidates = 0
  #interrupted: boolean | undefined

  constructor(options: MediaOptions) {
    this.#options = options
    this.#tracks = new Map(KINDS.map((kind) => [kind, options.tracks[kind]]))
    loadSimplePeer().then(
      (Peer) => {
        this.#open(Peer)
      },
      () => {
        this.#closed()
      },
    )
  }

  signal(signal: Signal): void {
    if (!this.#expects(signal)) return
    const stage = this.#stage
    if (stage.at === 'loading' && stage.early.length < MAX_SIGNALS) stage.early.push(signal)
    else if (stage.at === 'open') this.#take(stage, signal)
  }

  async replace(kind: MediaKind, track: MediaStreamTrack | undefined): Promise<void> {
    this.#tracks.set(kind, track)
    if (this.#stage.at === 'open') await this.#transceiver(kind)?.sender.replaceTrack(track ?? null)
  }

  restart(): void {
    if (this.#stage.at !== 'open') return
    if (!this.#options.initiator) {
      this.#options.signal({ type: 'renegotiate', renegotiate: true })
      return
    }
    this.#stage.pc.restartIce()
    this.#stage.peer.negotiate()
  }

  close(): void {
    if (this.#stage.at === 'open') this.#stage.peer.destroy()
    this.#closed()
  }

  #open(Peer: typeof SimplePeer): void {
    const loading = this.#stage
    if (loading.at !== 'loading') return
    const { initiator, iceServers } = this.#options
    const peer = new Peer({ initiator, trickle: true, config: { iceServers } })
    // An error is always followed by a close; unheard it would be thrown.
    peer.on('error', () => undefined)
    peer.on('close', () => {
      this.#closed()
    })
    const pc = peer._pc
    // It has destroyed itself: connections are forbidden here.
    if (!pc) return
    this.#stage = { at: 'open', peer, pc }
    peer.on('signal', (signal) => {
      this.#options.signal(signal)
    })
    // Nothing is said on its data channel; what comes all the same must not pile up.
    peer.resume()
    this.#listen(pc)
    if (initiator) this.#offerBothKinds(pc)
    for (const signal of loading.early) this.#take(this.#stage, signal)
  }

  #listen(pc: RTCPeerConnection): void {
    pc.addEventListener('connectionstatechange', () => {
      if (pc.connectionState === 'connected') this.#state(false)
      else if (pc.connectionState === 'disconnected') this.#state(true)
    })
    pc.addEventListener('signalingstatechange', () => {
      if (pc.signalingState === 'have-remote-offer') this.#answerBothKinds(pc)
    })
    pc.addEventListener('track', ({ track }) => {
      this.#receive(track)
    })
  }

  /** Both kinds from the start, so that a camera that comes later needs no negotiation. */
  #offerBothKinds(pc: RTCPeerConnection): void {
    for (const kind of KINDS) {
      const init: RTCRtpTransceiverInit = { direction: 'sendrecv', streams: [this.#group] }
      preferRedundancy(pc.addTransceiver(this.#tracks.get(kind) ?? kind, init), kind)
    }
  }

  /** Runs between the other side's offer and our answer; a later offer finds everything in place. */
  #answerBothKinds(pc: RTCPeerConnection): void {
    for (const kind of KINDS) {
      const transceiver = this.#transceiver(kind)
      if (!transceiver || transceiver.direction === 'sendrecv') continue
      transceiver.direction = 'sendrecv'
      transceiver.sender.setStreams(this.#group)
      preferRedundancy(transceiver, kind)
      transceiver.sender.replaceTrack(this.#tracks.get(kind) ?? null).catch(() => {
        if (pc.signalingState !== 'closed') this.close()
      })
    }
  }

  /** The first of its kind; an offer may hold more than we would ever ask for. */
  #transceiver(kind: MediaKind): RTCRtpTransceiver | undefined {
    if (this.#stage.at !== 'open') return undefined
    return this.#stage.pc.getTransceivers().find(({ receiver }) => receiver.track.kind === kind)
  }

  #receive(track: MediaStreamTrack): void {
    const known = this.#remote.getTracks()
    if (known.some(({ kind }) => kind === track.kind)) return
    this.#remote.addTrack(track)
    if (known.length === 0) this.#options.remote(this.#remote)
  }

  #state(interrupted: boolean): void {
    // Before the first connection there is nothing to interrupt.
    if (interrupted === (this.#interrupted ?? true)) return
    this.#interrupted = interrupted
    this.#options.state(interrupted ? 'interrupted' : 'connected')
  }

  /** Each role hears only what the other one says; more kinds of media are never granted. */
  #expects(signal: Signal): boolean {
    switch (signal.type) {
      case 'offer':
        return !this.#options.initiator
      case 'answer':
      case 'renegotiate':
        return this.#options.initiator
      case 'candidate':
        return placed(signal.candidate) && ++this.#candidates <= MAX_SIGNALS
      case 'transceiverRequest':
        return false
    }
  }

  #take({ peer, pc }: { peer: SimplePeer; pc: RTCPeerConnection }, signal: Signal): void {
    if (peer.destroyed) return
    if (signal.type !== 'candidate') this.#candidates = 0
    if (signal.type === 'answer' && pc.signalingState !== 'have-local-offer') return
    if (signal.type === 'renegotiate') this.restart()
    else peer.signal(signal)
  }

  #closed(): void {
    if (this.#stage.at === 'closed') return
    this.#stage = { at: 'closed' }
    this.#options.closed()
  }
}

/** The constructor of RTCIceCandidate throws at one that belongs nowhere. */
function placed({ sdpMid, sdpMLineIndex }: (Signal & { type: 'candidate' })['candidate']): boolean {
  return (sdpMid ?? sdpMLineIndex ?? undefined) !== undefined
}

/** Puts redundant audio first where there is any: words survive lost packets. Nothing is taken off the list. */
function preferRedundancy(transceiver: RTCRtpTransceiver, kind: MediaKind): void {
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []
  const isRed = ({ mimeType }: RTCRtpCodec) => mimeType.toLowerCase() === 'audio/red'
  if (!codecs.some(isRed)) return
  transceiver.setCodecPreferences([...codecs.filter(isRed), ...codecs.filter((codec) => !isRed(codec))])
}
