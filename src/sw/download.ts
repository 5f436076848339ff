/// <reference lib="webworker" />
import {
  DOWNLOAD_PATH,
  type DownloadOffer,
  type FromDownloader,
  type ToDownloader,
} from '../core/transfer-download.ts'

interface Offered {
  readonly offer: DownloadOffer
  readonly port: MessagePort
}

/** An offer that nobody came for is forgotten, milliseconds. */
const FORGET_MS = 60_000

/**
 * Lets the page save files as streams: what it hands over part by part leaves as a download. Call it before any
 * other fetch handler is registered. The worker sees names and plaintext passing by and keeps neither.
 */
export function serveDownloads(worker: ServiceWorkerGlobalScope): void {
  const offered = new Map<string, Offered>()

  worker.addEventListener('message', ({ data, ports: [port] }) => {
    if (!isOffer(data) || !port) return
    offered.set(data.id, { offer: data, port })
    setTimeout(() => offered.delete(data.id), FORGET_MS)
    port.postMessage({ say: 'ready' } satisfies FromDownloader)
  })
  worker.addEventListener('fetch', (event) => {
    const id = downloadId(event.request.url, worker.registration.scope)
    if (id === undefined) return
    const found = offered.get(id)
    offered.delete(id)
    event.respondWith(found ? answer(found) : new Response(null, { status: 404 }))
  })
}

/** Only our own pages can speak to the worker; this guards against mistakes, not against strangers. */
function isOffer(data: unknown): data is DownloadOffer {
  if (typeof data !== 'object' || data === null) return false
  const { type, id, name, size } = data as Partial<DownloadOffer>
  return (
    type === 'download' && typeof id === 'string' && typeof name === 'string' && Number.isSafeInteger(size)
  )
}

function downloadId(url: string, scope: string): string | undefined {
  const prefix = new URL(DOWNLOAD_PATH, scope).href
  return url.startsWith(prefix) ? url.slice(prefix.length) : undefined
}

function answer({ offer, port }: Offered): Response {
  return new Response(streamFrom(port), {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeName(offer.name)}`,
      'Content-Length': String(offer.size),
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'",
    },
  })
}

/** RFC 8187 §3.2.1: what `encodeURIComponent` leaves as it is, and an extended value may not hold. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

function streamFrom(port: MessagePort): ReadableStream<Uint8Array> {
  const say = (message: FromDownloader): void => {
    port.postMessage(message)
  }
  let asked: (() => void) | undefined
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        port.onmessage = ({ data }: MessageEvent<ToDownloader>) => {
          if (data.say === 'part') controller.enqueue(data.part)
          else if (data.say === 'end') controller.close()
          else controller.error(new Error('the file cannot be read'))
          asked?.()
        }
      },
      pull: () =>
        new Promise((resolve) => {
          asked = resolve
          say({ say: 'more' })
        }),
      cancel: () => {
        say({ say: 'cancelled' })
      },
    },
    { highWaterMark: 1 },
  )
}
