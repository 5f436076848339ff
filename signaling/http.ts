import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServeFile } from './app-files.ts'
import { guarded } from './guard.ts'
import { securityHeaders } from './headers.ts'
import { isLocal } from './network.ts'

/** What the HTTP side is made of. */
export interface HttpDeps {
  readonly serveFile: ServeFile
  /** Served over TLS. */
  readonly secure: boolean
  /** STUN servers told to the app; none means local candidates only. */
  readonly stunUrls: readonly string[]
  /** Answer /metrics to everybody, not to this machine alone. */
  readonly metricsPublic: boolean
  /** Server time in ms since 1970. */
  readonly wallTime: () => number
  /** The numbers in Prometheus text format. */
  readonly renderMetrics: () => string
}

/** Answers every plain HTTP request. */
export function createHttp(deps: HttpDeps): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    guarded(
      () => answer(request, response, deps),
      () => response.destroy(),
    )
  }
}

function answer(request: IncomingMessage, response: ServerResponse, deps: HttpDeps): void {
  response.setHeaders(new Map(Object.entries(securityHeaders(deps))))
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(response)
  const [path = ''] = (request.url ?? '').split('?', 1)
  const text = routed(request, path, deps)
  if (text) return reply(response, 200, text)
  if (path !== '' && deps.serveFile(request, response, path)) return
  reply(response, 404, { type: 'text/plain; charset=utf-8', body: 'Not found\n', cache: 'no-cache' })
}

interface Text {
  readonly type: string
  readonly body: string
  readonly cache: 'no-store' | 'no-cache'
}

function routed(request: IncomingMessage, path: string, deps: HttpDeps): Text | undefined {
  switch (path) {
    case '/config':
      return { type: 'application/json', body: JSON.stringify(config(deps)), cache: 'no-store' }
    case '/healthz':
      return { type: 'text/plain; charset=utf-8', body: 'ok\n', cache: 'no-store' }
    case '/metrics':
      if (!deps.metricsPublic && !isLocal(request)) return undefined
      return {
        type: 'text/plain; version=0.0.4; charset=utf-8',
        body: deps.renderMetrics(),
        cache: 'no-store',
      }
    default:
      return undefined
  }
}

/** What the app asks for when it connects: the time, and how to find a way to others. */
function config({ stunUrls, wallTime }: HttpDeps): {
  time: number
  iceServers: { urls: readonly string[] }[]
} {
  return { time: wallTime(), iceServers: stunUrls.length > 0 ? [{ urls: stunUrls }] : [] }
}

function reply(response: ServerResponse, status: number, { type, body, cache }: Text): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': cache,
  })
  response.end(body)
}

/** The body, if any, is not read: the connection ends here. */
function refuseMethod(response: ServerResponse): void {
  response.setHeader('Allow', 'GET, HEAD')
  response.setHeader('Connection', 'close')
  reply(response, 405, { type: 'text/plain; charset=utf-8', body: 'Method not allowed\n', cache: 'no-cache' })
}
