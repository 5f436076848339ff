import type { DataConnection, Peer } from 'peerjs'
import type { Address } from '../core/ids.ts'
import { introductionSchema, type Introduction } from '../protocol/introduction.ts'
import { parse } from '../protocol/schema.ts'
import { backoff } from './backoff.ts'
import type { Channel } from './channel.ts'
import { channelOver } from './data-channel.ts'
import type { Admitted, Introducer, IntroducerOptions } from './introducer.ts'

/** A dial without an open channel ends after this time (PROTOCOL §2). */
const DIAL_MS = 15_000
const HEARTBEAT_MS = 25_000
const RECONNECT = { first: 500, most: 3_000 }
/** After being told that the address was registered elsewhere (PROTOCOL §1). */
const TAKEN = { wait: 30_000, most: 3, within: 3_600_000 }

/** Where the introducer is and how peers may find each other. */
export interface Place {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  /** Never the library's public defaults; asked anew for each connection to the introducer. */
  iceServers(): Promise<RTCIceServer[]>
}

type PeerClass = typeof Peer

/** What we use of the library beyond its public types; pinned at 1.5.5. */
interface PeerInternals {
  _handleMessage(message: unknown): void
  _removeConnection(connection: DataConnection): void
}

/** A connection that is not open yet; only one that we dialled waits for an answer. */
interface Attempt {
  readonly other: Address
  readonly dialled: boolean
  readonly done: (opened: boolean) => void
}

/** The stock PeerJS client behind the port; a Peer lives for one connection to the introducer. */
export function openPeerJsIntroducer(place: Place, options: IntroducerOptions): Introducer {
  return new PeerJsIntroducer(place, options)
}

class PeerJsIntroducer implements Introducer {
  readonly #place: Place
  readonly #options: IntroducerOptions
  #peer: Peer | undefined
  #tries = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #taken: number[] = []
  /** Not before this time, in the milliseconds of `performance.now()`. */
  #notBefore = 0
  #closed = false
  readonly #attempts = new Map<string, Attempt>()
  /** Connections by caller and connection id: whose later candidates we add ourselves. */
  readonly #connections = new Map<string, RTCPeerConnection>()

  constructor(place: Place, options: IntroducerOptions) {
    this.#place = place
    this.#options = options
    void this.#register()
  }

  async dial(callee: Address, knock: string): Promise<Channel | undefined> {
    const peer = this.#peer
    if (peer?.open !== true) return undefined
    try {
      const connection = peer.connect(callee, { reliable: true, serialization: 'raw', label: knock })
      return await this.#opened(peer, connection, true)
    } catch {
      // The browser has too many connections, or no network at all: whoever dials tries again later.
      return undefined
    }
  }

  hurry(): void {
    if (this.#timer === undefined || this.#closed || performance.now() < this.#notBefore) return
    clearTimeout(this.#timer)
    this.#tries = 0
    void this.#register()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#peer?.destroy()
  }

  async #register(): Promise<void> {
    this.#timer = undefined
    if (this.#tries === 0) this.#options.status('connecting')
    const iceServers = await this.#place.iceServers()
    // Not before: while the answer is on its way, the screen needs nothing more to load. It does not come when the
    // network went away in between: the person sees that, and it is tried again.
    const library = await import('peerjs').catch(() => undefined)
    if (!library) this.#later()
    else if (!this.#closed) this.#open(library.Peer, iceServers)
  }

  #open(Peer: PeerClass, iceServers: RTCIceServer[]): void {
    const { host, port, secure } = this.#place
    const peer = new Peer(this.#options.address, {
      ...{ host, port, secure, path: '/', key: 'peerjs', debug: 0 },
      token: this.#options.token,
      pingInterval: HEARTBEAT_MS,
      config: { iceServers },
    })
    this.#peer = peer
    this.#guard(peer)
    peer.on('open', () => {
      this.#tries = 0
      this.#options.status('online')
    })
    peer.on('disconnected', () => {
      this.#lost(peer)
    })
    peer.on('close', () => {
      this.#lost(peer)
    })
  }

  #lost(peer: Peer): void {
    if (this.#peer !== peer || this.#closed) return
    this.#peer = undefined
    peer.destroy()
    for (const attempt of [...this.#attempts.values()]) attempt.done(false)
    const now = performance.now()
    this.#taken = this.#taken.filter((at) => now - at < TAKEN.within)
    if (this.#taken.length >= TAKEN.most) this.#options.status('taken')
    else this.#later()
  }

  #later(): void {
    if (this.#closed) return
    this.#options.status('unreachable')
    const wait = Math.max(
      this.#notBefore - performance.now(),
      backoff(this.#tries++, RECONNECT, Math.random()),
    )
    this.#timer = setTimeout(() => void this.#register(), wait)
  }

  /** Stands between the server and the library: only what passes the schema and belongs to something goes on. */
  #guard(peer: Peer): void {
    const internals = peer as unknown as PeerInternals
    const pass = internals._handleMessage.bind(peer)
    let admitted: Admitted | undefined
    const take = (): Admitted | undefined => {
      const taken = admitted
      admitted = undefined
      return taken
    }
    internals._handleMessage = (raw) => {
      const message = parse(introductionSchema, raw)
      if (message === undefined) this.#options.dropped()
      else if (message.type === 'OFFER') {
        admitted = this.#admitted(message)
        try {
          if (admitted) pass(message)
          else this.#options.dropped()
        } finally {
          // The library made a connection of it in this turn, or never will.
          take()?.(undefined)
        }
      } else this.#heard(message, pass)
    }
    peer.on('connection', (connection) => {
      const accept = take()
      void this.#opened(peer, connection, false).then((channel) => accept?.(channel))
    })
  }

  #admitted(offer: Introduction & { type: 'OFFER' }): Admitted | undefined {
    const { src, payload } = offer
    if (this.#connections.has(`${src}/${payload.connectionId}`)) return undefined
    return this.#options.admit(src as Address, payload.label)
  }

  #heard(message: Exclude<Introduction, { type: 'OFFER' }>, pass: (message: unknown) => void): void {
    switch (message.type) {
      case 'ID-TAKEN':
        this.#taken.push(performance.now())
        this.#notBefore = performance.now() + TAKEN.wait * (1 + Math.random())
        pass({ ...message, payload: {} })
        return
      case 'ERROR':
        pass({ ...message, payload: {} })
        return
      case 'OPEN':
        pass(message)
        return
      case 'EXPIRE':
        for (const { other, dialled, done } of [...this.#attempts.values()]) {
          if (dialled && other === message.src) done(false)
        }
        return
      case 'ANSWER':
        if (this.#attempts.get(`${message.src}/${message.payload.connectionId}`)?.dialled) pass(message)
        else this.#options.dropped()
        return
      case 'CANDIDATE':
        this.#candidate(message)
    }
  }

  #candidate({ src, payload }: Introduction & { type: 'CANDIDATE' }): void {
    const pc = this.#connections.get(`${src}/${payload.connectionId}`)
    const { candidate, sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = payload.candidate
    if (!pc) this.#options.dropped()
    else {
      // A candidate that does not fit the connection is the sender's fault and harms nobody.
      pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex, usernameFragment }).catch(() => {
        this.#options.dropped()
      })
    }
  }

  /** Waits until a connection is open, takes it out of the Peer's books and gives it as a channel. */
  async #opened(peer: Peer, connection: DataConnection, dialled: boolean): Promise<Channel | undefined> {
    const key = `${connection.peer}/${connection.connectionId}`
    const pc = connection.peerConnection
    this.#connections.set(key, pc)
    let timer: ReturnType<typeof setTimeout> | undefined
    const open = await new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, DIAL_MS, false)
      this.#attempts.set(key, { other: connection.peer as Address, dialled, done: resolve })
      connection.on('open', () => {
        // In this turn, so that nothing the server says next finds it in the books.
        release(peer, connection)
        resolve(true)
      })
      for (const event of ['error', 'close'] as const) {
        connection.on(event, () => {
          resolve(false)
        })
      }
    })
    clearTimeout(timer)
    this.#attempts.delete(key)
    if (open) {
      const closed = (): void => void this.#connections.delete(key)
      return channelOver({ pc, dc: connection.dataChannel, dialled: !dialled, closed })
    }
    connection.close()
    this.#connections.delete(key)
    return undefined
  }
}

/** From here on the connection is ours alone: no LEAVE, no reused id and no destroy() of the Peer reaches it. */
function release(peer: Peer, connection: DataConnection): void {
  const internals = peer as unknown as PeerInternals
  internals._removeConnection(connection)
  const pc = connection.peerConnection
  pc.ondatachannel = pc.ontrack = pc.oniceconnectionstatechange = null
}
