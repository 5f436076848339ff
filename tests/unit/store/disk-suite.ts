import type { Bytes } from '../../../src/core/bytes.ts'
import { fileId } from '../../../src/core/ids.ts'
import { blocksOf, plainLength } from '../../../src/core/transfer-layout.ts'
import { NotOnDisk, type Disk, type IntakeFailure } from '../../../src/store/disk.ts'
import { fileCipher, type SealedFile } from '../../../src/crypto/file.ts'

/** What every disk must do. Free of any test runner, so that it runs in a page as well. */
export interface DiskCase {
  readonly name: string
  run(disk: Disk): Promise<void>
}

const MIB = 1_048_576
let names = 0

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`expected: ${what}`)
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function newName(): string {
  return `suite${String(names++)}x${Math.random().toString(36).slice(2)}`
}

async function isMissing(read: Promise<Bytes>): Promise<boolean> {
  return read.then(
    () => false,
    (error: unknown) => error instanceof NotOnDisk,
  )
}

function fileOf(size: number): SealedFile {
  return { size, blockSize: MIB, file: fileId('5a'.repeat(16)), key: new Uint8Array(32).fill(9) }
}

async function sealedBlocks(file: SealedFile): Promise<Bytes[]> {
  const cipher = await fileCipher(file)
  return Promise.all(
    Array.from({ length: blocksOf(file) }, (_, block) =>
      cipher.seal(block, new Uint8Array(plainLength(file, block)).fill(block + 1)),
    ),
  )
}

interface Taken {
  readonly outcome: number | IntakeFailure
  readonly reports: number[]
}

/** Gives the blocks in pieces to the disk and waits until it has them all, or gives up. */
function take(
  disk: Disk,
  name: string,
  { file, blocks }: { file: SealedFile; blocks: Bytes[] },
): Promise<Taken> {
  const reports: number[] = []
  return new Promise((resolve) => {
    const intake = disk.receive({
      ...file,
      ...{ name, from: 0 },
      wrote: (count) => {
        reports.push(count)
        if (count === blocks.length) resolve({ outcome: count, reports })
      },
      failed: (outcome) => {
        resolve({ outcome, reports })
      },
    })
    for (const block of blocks) {
      for (let at = 0; at < block.length; at += 300_000) intake.push(at, block.slice(at, at + 300_000))
    }
  })
}

export const diskCases: DiskCase[] = [
  {
    name: 'what was written is read again, block by block',
    run: async (disk) => {
      const name = newName()
      for (const block of [0, 1, 2]) await disk.write(name, block, new Uint8Array(MIB + 16).fill(block + 1))
      await disk.write(name, 3, new Uint8Array([4, 4]))
      const read = await disk.read(name, 1, MIB + 16)
      check(same(read, new Uint8Array(MIB + 16).fill(2)), 'the second block')
      check(same(await disk.read(name, 3, 2), new Uint8Array([4, 4])), 'the short last block')
      await disk.remove(name)
    },
  },
  {
    name: 'what is not there is said to be missing, also after it was removed',
    run: async (disk) => {
      const name = newName()
      check(await isMissing(disk.read(name, 0, 1)), 'a file that never was')
      await disk.write(name, 0, new Uint8Array([1]))
      check(await isMissing(disk.read(name, 0, 2)), 'more bytes than there are')
      check(await isMissing(disk.read(name, 1, 1)), 'a block that never was')
      await disk.remove(name)
      check(await isMissing(disk.read(name, 0, 1)), 'a removed file')
      await disk.remove(name)
    },
  },
  {
    name: 'many files can be in use at once',
    run: async (disk) => {
      const all = Array.from({ length: 40 }, newName)
      await Promise.all(all.map((name, i) => disk.write(name, 0, new Uint8Array([i]))))
      const read = await Promise.all(all.map((name) => disk.read(name, 0, 1)))
      check(
        read.every((bytes, i) => bytes[0] === i),
        'each its own byte',
      )
      await Promise.all(all.map((name) => disk.remove(name)))
    },
  },
  {
    name: 'it tells how much room there is',
    run: async (disk) => {
      const { used, free } = await disk.usage()
      check(used >= 0 && free > MIB, 'two sensible numbers')
    },
  },
  {
    name: 'arriving pieces become verified blocks, reported in order, and lie there as they came',
    run: async (disk) => {
      const [name, file] = [newName(), fileOf(9 * MIB + 5)]
      const blocks = await sealedBlocks(file)
      const { outcome, reports } = await take(disk, name, { file, blocks })
      check(outcome === blocks.length, 'all blocks')
      check(reports.join() === [...reports].sort((a, b) => a - b).join(), 'rising reports')
      for (const [i, block] of blocks.entries()) {
        check(same(await disk.read(name, i, block.length), block), `block ${String(i)}`)
      }
      await disk.remove(name)
    },
  },
  {
    name: 'an empty file is verified, too',
    run: async (disk) => {
      const [name, file] = [newName(), fileOf(0)]
      const { outcome } = await take(disk, name, { file, blocks: await sealedBlocks(file) })
      check(outcome === 1, 'its only block')
      await disk.remove(name)
    },
  },
  {
    name: 'a block with one wrong bit is damaged, and nothing of it is kept',
    run: async (disk) => {
      const [name, file] = [newName(), fileOf(3 * MIB)]
      const blocks = await sealedBlocks(file)
      const second = blocks[1] ?? new Uint8Array(1)
      second[777] = (second[777] ?? 0) ^ 1
      const { outcome } = await take(disk, name, { file, blocks })
      check(outcome === 'damaged', 'damaged')
      check(await isMissing(disk.read(name, 1, second.length)), 'no second block')
      await disk.remove(name)
    },
  },
]
