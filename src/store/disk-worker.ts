import { DiskFull, NotOnDisk } from './disk.ts'
import { syncFiles, writableFiles } from './disk-files.ts'
import { createBlockIntake, type BlockFiles, type BlockIntake } from './disk-intake.ts'
import type { DiskAnswer, DiskRequest, FromDisk, IntakeBegin, ToDisk } from './disk-messages.ts'

/** The disk's own thread: file handles that do not make anybody wait, and the verification of what arrives. */
const page = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ToDisk>) => void) | null
  postMessage(message: FromDisk, transfer?: Transferable[]): void
}

const FOLDER = 'files'
const files = openFiles()
const intakes = new Map<number, BlockIntake>()

async function openFiles(): Promise<BlockFiles> {
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(FOLDER, { create: true })
  return 'createSyncAccessHandle' in FileSystemFileHandle.prototype
    ? syncFiles(folder)
    : writableFiles(folder)
}

/** The same files, whether they are open already or not. */
const lazily: BlockFiles = {
  write: async (name, block, sealed) => (await files).write(name, block, sealed),
  read: async (name, block, length) => (await files).read(name, block, length),
  flush: async (name) => (await files).flush(name),
  remove: async (name) => (await files).remove(name),
}

page.onmessage = ({ data }) => {
  if ('request' in data) void answer(data.id, data.request)
  else if ('begin' in data) begin(data.intake, data.begin)
  else if ('block' in data) intakes.get(data.intake)?.take(data.block, data.sealed)
  else {
    intakes.get(data.intake)?.end()
    intakes.delete(data.intake)
  }
}

function begin(intake: number, options: IntakeBegin): void {
  const created = createBlockIntake(lazily, {
    ...options,
    wrote: (blocks) => {
      page.postMessage({ intake, wrote: blocks })
    },
    failed: (reason) => {
      page.postMessage({ intake, failed: reason })
    },
    free: (memory) => {
      page.postMessage({ intake, free: memory }, [memory])
    },
  })
  intakes.set(intake, created)
}

async function answer(id: number, request: DiskRequest): Promise<void> {
  try {
    const answer = await perform(request)
    page.postMessage({ id, answer }, answer instanceof Uint8Array ? [answer.buffer] : [])
  } catch (error) {
    const known = error instanceof DiskFull || error instanceof NotOnDisk
    page.postMessage({ id, error: known ? error.name : 'other', message: String(error) })
  }
}

async function perform(request: DiskRequest): Promise<DiskAnswer> {
  switch (request.do) {
    case 'write':
      await lazily.write(request.name, request.block, request.sealed)
      return lazily.flush(request.name).then(() => undefined)
    case 'read':
      return lazily.read(request.name, request.block, request.length)
    case 'remove':
      return lazily.remove(request.name).then(() => undefined)
    case 'usage': {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate()
      return { used: usage, free: Math.max(0, quota - usage) }
    }
  }
}
