import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { Crowd } from './crowd.ts'
import { guarded } from './guard.ts'
import { refuse } from './headers.ts'
import { crowded, type Limits } from './limits.ts'
import type { Lobby } from './lobby.ts'
import { errorText } from './messages.ts'
import type { Metrics } from './metrics.ts'
import { networkOfRequest } from './network.ts'
import { CLOSE, type Frame } from './peer.ts'
import { readRegistration } from './registration.ts'
import { cutAfter, wireOf } from './wire.ts'

/** Where a stock PeerJS client with `path: '/'` opens its socket. */
const PATH = '/peerjs'

/** What the door is made of. */
export interface DoorDeps {
  readonly limits: Limits
  readonly metrics: Metrics
  readonly lobby: Lobby
  /** Believe X-Forwarded-For. */
  readonly trustProxy: boolean
  /** Served over TLS, for the headers of a refusal. */
  readonly secure: boolean
}

/** Turns HTTP upgrades into sockets, counts them, and lets in those who own their address. */
export class Door {
  readonly #deps: DoorDeps
  readonly #sockets: WebSocketServer
  readonly #crowd = new Crowd()

  constructor(deps: DoorDeps) {
    this.#deps = deps
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: deps.limits.messageBytes,
      maxFragments: deps.limits.fragments,
      maxBufferedChunks: deps.limits.bufferedChunks,
    })
    this.#sockets.on('wsClientError', (_error, socket) => refuse(socket, 400, deps))
  }

  /** Open sockets, also those on their way out. */
  get open(): number {
    return this.#crowd.size
  }

  /** Handles one HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [path, query = ''] = (request.url ?? '').split('?', 2)
    if (path !== PATH) return refuse(socket, 404, this.#deps)
    const network = networkOfRequest(request, this.#deps.trustProxy)
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      this.#admit(ws, { network, query: new URLSearchParams(query) })
    })
  }

  /** Sends everybody away with "come back"; resolves when all are gone. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#sockets.close(() => resolve()))
    for (const socket of this.#sockets.clients)
      wireOf(socket, this.#deps.limits.closeGraceMs).end(CLOSE.restart)
    await closed
  }

  #admit(socket: WebSocket, { network, query }: { network: string; query: URLSearchParams }): void {
    const { limits, metrics } = this.#deps
    socket.on('error', () => this.#broken(socket))
    const present = { sockets: this.#crowd.size, sameNetwork: this.#crowd.countOf(network) }
    const full = crowded(present, limits)
    this.#crowd.enter(network)
    socket.once('close', () => this.#crowd.leave(network))
    if (full) {
      metrics.hit(full)
      return this.#turnAway(socket, { why: FULL[full], code: CLOSE.later })
    }
    const registration = readRegistration(query)
    if (registration.kind === 'good') return this.#letIn(socket, registration.address)
    metrics.count('refusals')
    this.#turnAway(socket, { why: registration.why, code: CLOSE.policy })
  }

  #letIn(socket: WebSocket, address: string): void {
    const { lobby, limits } = this.#deps
    const peer = lobby.enter(address, wireOf(socket, limits.closeGraceMs))
    const hear = (frame: Frame): void => {
      guarded(
        () => lobby.hear(peer, frame),
        () => socket.terminate(),
      )
    }
    socket.on('message', (data, isBinary) => hear(frameOf(data, isBinary)))
    socket.on('ping', (data) => hear({ kind: 'ping', bytes: data.length }))
    socket.on('pong', (data) => hear({ kind: 'ping', bytes: data.length }))
    socket.once('close', () => lobby.leave(peer))
  }

  #turnAway(socket: WebSocket, { why, code }: { why: string; code: number }): void {
    const wire = wireOf(socket, this.#deps.limits.closeGraceMs)
    wire.send(errorText(why))
    wire.end(code)
  }

  /** `ws` has already sent the fitting close code (1009 for a message that is too large). */
  #broken(socket: WebSocket): void {
    this.#deps.metrics.hit('frame')
    cutAfter(socket, this.#deps.limits.closeGraceMs)
  }
}

const FULL = {
  sockets: 'The server is full. Try again later',
  network: 'Too many connections from your network',
} as const

function frameOf(data: RawData, isBinary: boolean): Frame {
  const whole = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
  return isBinary
    ? { kind: 'binary', bytes: whole.length }
    : { kind: 'text', text: whole.toString('utf8'), bytes: whole.length }
}
