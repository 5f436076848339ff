/* eslint-disable no-restricted-globals, no-restricted-properties -- an adapter: what it waits for is the browser */
import { toHex } from '../../core/bytes.ts'
import {
  DOWNLOAD_PATH,
  type DownloadOffer,
  type DownloadPulse,
  type FromDownloader,
  type ToDownloader,
} from '../../core/transfer-download.ts'
import { SaveCancelled, SaveFailed, type Download } from './save.ts'

/** Chromium ends a service worker 30 s after the last event it heard of, milliseconds. */
const PULSE_MS = 10_000
/** The worker answers in far less, unless it cannot be started, milliseconds. */
const READY_MS = 10_000

/** Saves through the service worker: it asks for part after part, the page opens one block at a time. */
export async function saveByStream(active: ServiceWorker, scope: string, download: Download): Promise<void> {
  const id = toHex(crypto.getRandomValues(new Uint8Array(16)))
  const { port1: port, port2 } = new MessageChannel()
  const { name, size } = download
  const frame = document.createElement('iframe')
  const pulse = setInterval(() => {
    active.postMessage({ type: 'download-pulse' } satisfies DownloadPulse)
  }, PULSE_MS)
  try {
    await new Promise<void>((resolve, reject) => {
      const slow = setTimeout(reject, READY_MS, new SaveFailed('the service worker does not answer'))
      const feeder = feed(download, port)
      port.onmessage = ({ data }: MessageEvent<FromDownloader>) => {
        clearTimeout(slow)
        if (data.say === 'ready') open(frame, new URL(DOWNLOAD_PATH + id, scope))
        else if (data.say === 'cancelled') reject(new SaveCancelled('the download was stopped'))
        else feeder().then((done) => done && resolve(), reject)
      }
      active.postMessage({ type: 'download', id, name, size } satisfies DownloadOffer, [port2])
    })
  } finally {
    clearInterval(pulse)
    port.close()
    // A moment later: the browser may still be taking over the answer.
    setTimeout(() => {
      frame.remove()
    }, PULSE_MS)
  }
}

/** A frame, not a link: in some browsers links with `download` pass by the service worker. */
function open(frame: HTMLIFrameElement, url: URL): void {
  frame.hidden = true
  frame.src = url.href
  document.body.append(frame)
}

/** Each call gives one part; resolves with true after the end was said. */
function feed({ blocks, block }: Download, port: MessagePort): () => Promise<boolean> {
  const say = (message: ToDownloader, transfer: Transferable[] = []): void => {
    port.postMessage(message, transfer)
  }
  let next = 0
  return async () => {
    if (next === blocks) {
      say({ say: 'end' })
      return true
    }
    try {
      const part = await block(next++)
      say({ say: 'part', part }, [part.buffer])
      return false
    } catch (error) {
      say({ say: 'broken' })
      throw error
    }
  }
}
