/* eslint-disable no-restricted-globals -- an adapter: what it waits for is the browser */
import type { Bytes } from '../../core/bytes.ts'

/** A file on its way out of the app. */
export interface Download {
  /** Cleaned. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly blocks: number
  /** The plaintext of a block; rejects if it is not what it should be. */
  block(block: number): Promise<Bytes>
}

/** Hands a file to the browser; resolves once that has all of it. */
export type Saver = (download: Download) => Promise<void>

/** The browser offers no way for a file of this size, or gave up. */
export class SaveFailed extends Error {
  override readonly name = 'SaveFailed'
}

/** The person changed their mind, in the browser's own list of downloads or its dialog. */
export class SaveCancelled extends Error {
  override readonly name = 'SaveCancelled'
}

/** Up to this many bytes may be held in memory where nothing better is left. */
const IN_MEMORY_MAX = 64 * 1_048_576

interface PickerWindow {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>
}

/**
 * The service worker's stream first, in every browser and for every size: the file lands where the browser's other
 * downloads land, with its progress and its list, and the app needs no further question. Where there is no service
 * worker (a private window, the first visit) the browser's file dialog, else memory for small files.
 */
export function createSaver(byWorker: (active: ServiceWorker, scope: string) => Saver): Saver {
  return async (download) => {
    const registration = await navigator.serviceWorker?.getRegistration()
    if (registration?.active) return byWorker(registration.active, registration.scope)(download)
    const { showSaveFilePicker } = window as PickerWindow
    if (showSaveFilePicker) return intoChosenFile(download, showSaveFilePicker.bind(window))
    if (download.size > IN_MEMORY_MAX) throw new SaveFailed('too large for memory')
    return fromMemory(download)
  }
}

async function intoChosenFile(
  download: Download,
  pick: NonNullable<PickerWindow['showSaveFilePicker']>,
): Promise<void> {
  const handle = await pick({ suggestedName: download.name }).catch((error: unknown) => {
    throw new SaveCancelled('no file was chosen', { cause: error })
  })
  const writable = await handle.createWritable()
  try {
    for (let block = 0; block < download.blocks; block++) await writable.write(await download.block(block))
  } catch (error) {
    await writable.abort()
    throw error
  }
  await writable.close()
}

async function fromMemory(download: Download): Promise<void> {
  const blocks: Bytes[] = []
  for (let block = 0; block < download.blocks; block++) blocks.push(await download.block(block))
  // Never the type the sender claims: the address lies in our origin.
  const url = URL.createObjectURL(new Blob(blocks, { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = download.name
  link.click()
  // The browser says nothing of its end; a minute is long enough to begin.
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}
