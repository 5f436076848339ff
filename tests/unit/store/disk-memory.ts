import type { Bytes } from '../../../src/core/bytes.ts'
import { fileCipher } from '../../../src/crypto/file.ts'
import type { Verifier } from '../../../src/store/disk-verifier.ts'
import { DiskFull, NotOnDisk, type Disk } from '../../../src/store/disk.ts'
import { createBlockIntake, createIntake, type BlockFiles } from '../../../src/store/disk-intake.ts'

const verify: Verifier['verify'] = async (file, block, sealed) => {
  const cipher = await fileCipher(file)
  return { good: (await cipher.open(block, sealed)) !== undefined, sealed }
}

export interface MemoryDisk extends Disk {
  /** Names of the files there are. */
  names(): string[]
  /** All bytes of a file, as they lie. */
  blocksOf(name: string): Bytes[]
  /** From now on nothing is written until the returned function is called. */
  halt(): () => void
  /** Bytes that fit. */
  quota: number
}

/** A disk that forgets with the process; intakes work exactly as in the browser's worker. */
export function memoryDisk(): MemoryDisk {
  const files = new Map<string, Map<number, Bytes>>()
  let gate: Promise<void> = Promise.resolve()
  const used = (): number =>
    [...files.values()].flatMap((file) => [...file.values()]).reduce((sum, { length }) => sum + length, 0)
  const blocks: BlockFiles = {
    write: async (name, block, sealed) => {
      await gate
      if (used() + sealed.length > disk.quota) throw new DiskFull('the disk is full')
      const file = files.get(name) ?? new Map<number, Bytes>()
      files.set(name, file.set(block, sealed.slice()))
    },
    read: async (name, block, length) => {
      await gate
      const bytes = files.get(name)?.get(block)
      if (!bytes || bytes.length < length) throw new NotOnDisk('not there')
      return bytes.slice(0, length)
    },
    flush: () => gate,
    remove: (name) => {
      files.delete(name)
      return Promise.resolve()
    },
  }
  const disk: MemoryDisk = {
    ...blocks,
    quota: Number.MAX_SAFE_INTEGER,
    usage: () => Promise.resolve({ used: used(), free: disk.quota - used() }),
    receive: (options) => createIntake(options, verify, (each) => createBlockIntake(blocks, each)),
    close: () => undefined,
    names: () => [...files.keys()],
    blocksOf: (name) => [...(files.get(name)?.values() ?? [])],
    halt: () => {
      let go = (): void => undefined
      gate = new Promise((resolve) => {
        go = resolve
      })
      return () => {
        go()
      }
    },
  }
  return disk
}
