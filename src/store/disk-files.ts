import { DiskFull, NotOnDisk } from './disk.ts'
import type { BlockFiles } from './disk-intake.ts'

/** The part of FileSystemSyncAccessHandle that we use; only workers have it. */
interface SyncHandle {
  read(into: Uint8Array, options: { at: number }): number
  write(bytes: Uint8Array, options: { at: number }): number
  flush(): void
  close(): void
}

/** Bytes from one block to the next: 1 MiB of plaintext and its tag. */
const STRIDE = 1_048_576 + 16
/** Open files; a handle is a lock and costs a descriptor. */
const MAX_OPEN = 16
/** A page that was just reloaded may hold its locks a moment longer. */
const LOCK_TRIES = 30
const LOCK_PAUSE_MS = 100

/** Files in OPFS through synchronous handles: blocks stand at their place in one file. */
export function syncFiles(folder: FileSystemDirectoryHandle): BlockFiles {
  const open = new Map<string, Promise<SyncHandle>>()
  const handle = (name: string, create: boolean): Promise<SyncHandle> => {
    const known = open.get(name) ?? openHandle(folder, name, create)
    open.delete(name)
    open.set(name, known)
    known.catch(() => open.delete(name))
    closeOldest(open)
    return known
  }

  return {
    write: async (name, block, sealed) => {
      if (sealed.length > STRIDE) throw new RangeError('the block is too long for its place')
      const file = await handle(name, true)
      const written = full(() => file.write(sealed, { at: block * STRIDE }))
      if (written < sealed.length) throw new DiskFull('the disk took only a part of the block')
    },
    read: async (name, block, length) => {
      const file = await handle(name, false)
      const bytes = new Uint8Array(length)
      if (file.read(bytes, { at: block * STRIDE }) < length) throw new NotOnDisk('the block is not there')
      return bytes
    },
    flush: async (name) => {
      const file = await handle(name, true)
      full(() => {
        file.flush()
      })
    },
    remove: async (name) => {
      const known = open.get(name)
      open.delete(name)
      await known?.then(close, () => undefined)
      await removeEntry(folder, name)
    },
  }
}

async function openHandle(
  folder: FileSystemDirectoryHandle,
  name: string,
  create: boolean,
): Promise<SyncHandle> {
  const file = (await entry(folder.getFileHandle(name, { create }))) as FileSystemFileHandle & {
    createSyncAccessHandle(): Promise<SyncHandle>
  }
  for (let tries = 1; ; tries++) {
    try {
      return await file.createSyncAccessHandle()
    } catch (error) {
      if (!isNamed(error, 'NoModificationAllowedError') || tries === LOCK_TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS))
    }
  }
}

function closeOldest(open: Map<string, Promise<SyncHandle>>): void {
  for (const [name, oldest] of open) {
    if (open.size <= MAX_OPEN) return
    open.delete(name)
    // A turn later than whoever got it just now and has yet to use it.
    void oldest.then(
      (handle) => setTimeout(close, 0, handle),
      () => undefined,
    )
  }
}

function close(handle: SyncHandle): void {
  handle.close()
}

/** Where there are no synchronous handles: a folder per file and a file per block, each durable once closed. */
export function writableFiles(root: FileSystemDirectoryHandle): BlockFiles {
  return {
    write: async (name, block, sealed) => {
      const folder = await root.getDirectoryHandle(name, { create: true })
      const file = await folder.getFileHandle(String(block), { create: true })
      try {
        const writable = await file.createWritable()
        await writable.write(sealed)
        await writable.close()
      } catch (error) {
        throw translated(error)
      }
    },
    read: async (name, block, length) => {
      const folder = await entry(root.getDirectoryHandle(name))
      const file = await (await entry(folder.getFileHandle(String(block)))).getFile()
      if (file.size < length) throw new NotOnDisk('the block is not there')
      return new Uint8Array(await file.slice(0, length).arrayBuffer())
    },
    flush: () => Promise.resolve(),
    remove: (name) => removeEntry(root, name),
  }
}

async function removeEntry(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await folder.removeEntry(name, { recursive: true })
  } catch (error) {
    if (!isNamed(error, 'NotFoundError')) throw error
  }
}

async function entry<T>(found: Promise<T>): Promise<T> {
  try {
    return await found
  } catch (error) {
    throw translated(error)
  }
}

function full<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw translated(error)
  }
}

function translated(error: unknown): unknown {
  if (isNamed(error, 'QuotaExceededError')) return new DiskFull('the disk is full', { cause: error })
  if (isNamed(error, 'NotFoundError')) return new NotOnDisk('the file is not there', { cause: error })
  return error
}

/** By name: QuotaExceededError is no DOMException everywhere any more. */
function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}
