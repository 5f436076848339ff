import { createServer as createPlain, type Server } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { appFiles } from './app-files.ts'
import { Crowd } from './crowd.ts'
import { Door } from './door.ts'
import { refuse } from './headers.ts'
import { createHttp } from './http.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { Lobby } from './lobby.ts'
import { Metrics, type Gauges } from './metrics.ts'
import { networkOf } from './network.ts'

/** TCP connections per socket allowed: a browser opens up to six to fetch the app, and closes them again. */
const CONNECTIONS_PER_SOCKET = 2

/** A connection on which nothing moves for so long (ms) is closed; WebSockets have their own clock. */
const HTTP_IDLE_MS = 30_000

/** What an introducer is made of; everything but the folder of the app has a default. */
export interface IntroducerDeps {
  /** Folder of the built app. */
  readonly appFolder: string
  readonly limits?: Partial<Limits>
  /** PEM texts; without them plain HTTP is spoken. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
  readonly trustProxy?: boolean
  readonly metricsPublic?: boolean
  readonly stunUrls?: readonly string[]
  /** A clock in ms that never goes back. */
  readonly now?: () => number
  /** The time of day in ms since 1970. */
  readonly wallTime?: () => number
}

/** A running (or not yet running) introducer. */
export interface Introducer {
  /** Starts to listen; rejects when the port cannot be had. No host means every interface. */
  listen(where: { port: number; host?: string }): Promise<AddressInfo>
  /** Where it listens, or undefined when it does not. */
  address(): AddressInfo | undefined
  /** What was counted so far. */
  readonly metrics: Metrics
  /** What there is at this moment. */
  stats(): Gauges
  /** Sends everybody away (close code 1012) and stops. */
  close(): Promise<void>
}

/** Makes an introducer. Throws when certificate and key are none or do not fit. */
export function createIntroducer(deps: IntroducerDeps): Introducer {
  const limits: Limits = { ...defaultLimits, ...deps.limits }
  const metrics = new Metrics()
  const secure = deps.tls !== undefined
  const trustProxy = deps.trustProxy ?? false
  const lobby = new Lobby({ limits, metrics, now: deps.now ?? (() => performance.now()) })
  const door = new Door({ limits, metrics, lobby, trustProxy, secure })
  const stats = (): Gauges => ({ sockets: door.open, ...lobby.size })
  const http = createHttp({
    serveFile: appFiles(deps.appFolder),
    secure,
    stunUrls: deps.stunUrls ?? [],
    metricsPublic: deps.metricsPublic ?? false,
    wallTime: deps.wallTime ?? (() => Date.now()),
    renderMetrics: () => metrics.render(stats()),
  })
  const server = createBoundedServer(limits, deps.tls)
  server.on('request', http)
  server.on('upgrade', (request, socket, head) => door.upgrade(request, socket, head))
  server.on('clientError', (error, socket) => refuse(socket, statusOf(error), { secure }))
  if (!trustProxy) boundConnections(server, { limits, metrics })
  return { metrics, stats, ...lifeOf(server, { door, lobby }) }
}

function createBoundedServer(limits: Limits, tls: IntroducerDeps['tls']): Server {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.headersMs * 2,
    connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
    keepAliveTimeout: 5_000,
  }
  const server = tls
    ? createSecure({ ...options, ...tls, handshakeTimeout: limits.headersMs })
    : createPlain(options)
  server.timeout = HTTP_IDLE_MS
  server.maxConnections = limits.sockets * CONNECTIONS_PER_SOCKET
  return server
}

/** Counts bare TCP connections too: who never asks for a socket must not use up all places either. */
function boundConnections(server: Server, { limits, metrics }: { limits: Limits; metrics: Metrics }): void {
  const crowd = new Crowd()
  const most = limits.socketsPerNetwork * CONNECTIONS_PER_SOCKET
  server.on('connection', (socket: Socket) => {
    const network = networkOf(socket.remoteAddress ?? '')
    if (crowd.countOf(network) >= most) {
      metrics.hit('connections')
      socket.destroy()
      return
    }
    crowd.enter(network)
    socket.once('close', () => crowd.leave(network))
  })
}

function lifeOf(
  server: Server,
  { door, lobby }: { door: Door; lobby: Lobby },
): Pick<Introducer, 'listen' | 'address' | 'close'> {
  const address = (): AddressInfo | undefined => {
    const bound = server.address()
    return typeof bound === 'object' && bound !== null ? bound : undefined
  }
  return {
    address,
    listen: ({ port, host }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
          server.off('error', reject)
          const bound = address()
          if (bound) resolve(bound)
          else reject(new Error('The server listens on no TCP port'))
        })
      }),
    close: async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
      await door.close()
      lobby.close()
      server.closeAllConnections()
      await stopped
    },
  }
}

/** What to answer to bytes that are no request, or come too slowly or too big. */
function statusOf(error: Error): number {
  const code = 'code' in error ? error.code : undefined
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  return 400
}
