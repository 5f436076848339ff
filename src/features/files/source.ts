import type { Manifest } from '../../core/body.ts'
import { equal, type Bytes } from '../../core/bytes.ts'
import { blocksOf, plainLength, sealedLength } from '../../core/transfer-layout.ts'
import { fileCipher } from '../../crypto/file.ts'
import { release } from '../../store/release.ts'
import { NotOnDisk, type Disk } from '../../store/disk.ts'

/** Files up to this many bytes are copied to our disk at once, so that they survive a reload. */
export const STAGED_MAX = 32 * 1_048_576

/** A block ready to leave, or why there is none. */
export type Sealed = { readonly sealed: Bytes } | { readonly lost: 'missing' | 'changed' }

/**
 * Where the blocks of an own file come from: sealed on our disk ('staged'), or read and sealed from the person's
 * file as they go ('live', gone with the page). More kinds can follow: folders, or a file somebody else sent.
 */
export interface Source {
  readonly kind: 'live' | 'staged'
  block(block: number): Promise<Sealed>
}

/**
 * Nobody else can hold a person's file still. The SHA-256 of each block that was sealed once is kept, and another
 * plaintext is never sealed in its place: the nonce would serve twice.
 */
export function liveSource(file: Blob, manifest: Manifest): Source {
  const cipher = fileCipher(manifest)
  const hashes = new Map<number, Bytes>()
  return {
    kind: 'live',
    block: async (block) => {
      const plain = await readPlain(file, manifest, block)
      if ('lost' in plain) return plain
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', plain.bytes))
      const before = hashes.get(block)
      if (before && !equal(before, hash)) return { lost: 'changed' }
      hashes.set(block, hash)
      const sealed = await (await cipher).seal(block, plain.bytes)
      release(plain.bytes)
      return { sealed }
    },
  }
}

async function readPlain(
  file: Blob,
  manifest: Manifest,
  block: number,
): Promise<{ bytes: Bytes } | { lost: 'missing' | 'changed' }> {
  const begin = block * manifest.blockSize
  const length = plainLength(manifest, block)
  if (file.size !== manifest.size) return { lost: 'changed' }
  try {
    const bytes = new Uint8Array(await file.slice(begin, begin + length).arrayBuffer())
    return bytes.length === length ? { bytes } : { lost: 'changed' }
  } catch (error) {
    // File API §6: NotFoundError, or NotReadableError for a file that is not what it was when it was chosen.
    return {
      lost: error instanceof DOMException && error.name === 'NotReadableError' ? 'changed' : 'missing',
    }
  }
}

/** Leaves exactly as it lies: it was sealed once. */
export function stagedSource(disk: Disk, name: string, manifest: Manifest): Source {
  return {
    kind: 'staged',
    block: async (block) => {
      try {
        return { sealed: await disk.read(name, block, sealedLength(manifest, block)) }
      } catch (error) {
        if (error instanceof NotOnDisk) return { lost: 'missing' }
        throw error
      }
    },
  }
}

interface Staging {
  readonly live: Source
  readonly manifest: Manifest
}

/** Copies it to our disk. Rejects with DiskFull; what was written by then is taken away. */
export async function stage(disk: Disk, name: string, { live, manifest }: Staging): Promise<Source> {
  try {
    for (let block = 0; block < blocksOf(manifest); block++) {
      const read = await live.block(block)
      if ('lost' in read) throw new UnreadableFile(read.lost)
      await disk.write(name, block, read.sealed)
    }
  } catch (error) {
    await disk.remove(name)
    throw error
  }
  return stagedSource(disk, name, manifest)
}

/** Its last block is there: blocks are staged in order. */
export async function isStaged(disk: Disk, name: string, manifest: Manifest): Promise<boolean> {
  const last = await stagedSource(disk, name, manifest).block(blocksOf(manifest) - 1)
  return 'sealed' in last
}

/** A file that the person chose, or that should lie here, cannot be read as what it was. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
  readonly reason: 'missing' | 'changed' | 'damaged'

  constructor(reason: 'missing' | 'changed' | 'damaged') {
    super(`the file is ${reason}`)
    this.reason = reason
  }
}
