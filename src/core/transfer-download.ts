/** What page and service worker say to each other about a file that is being saved. The worker holds no key. */

/** The page announces a download, with a port for what follows. */
export interface DownloadOffer {
  readonly type: 'download'
  /** 32 hex digits: the last part of the address under which it will be asked for. */
  readonly id: string
  readonly name: string
  /** Bytes. */
  readonly size: number
}

/** Keeps the worker awake while a download runs: browsers end a worker that hears of nothing. */
export interface DownloadPulse {
  readonly type: 'download-pulse'
}

/** On the port, from the worker. */
export type FromDownloader =
  /** The offer is known: the address may be opened. */
  | { readonly say: 'ready' }
  /** There is room for another part. */
  | { readonly say: 'more' }
  /** The person stopped it. */
  | { readonly say: 'cancelled' }

/** On the port, to the worker. */
export type ToDownloader =
  | { readonly say: 'part'; readonly part: Uint8Array<ArrayBuffer> }
  | { readonly say: 'end' }
  | { readonly say: 'broken' }

/** Where downloads are asked for, under the app's address. */
export const DOWNLOAD_PATH = 'download/'
