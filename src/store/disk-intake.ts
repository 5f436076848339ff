import type { Bytes } from '../core/bytes.ts'
import { blocksOf, sealedLength } from '../core/transfer-layout.ts'
import { DiskFull, type Intake, type IntakeOptions } from './disk.ts'
import { fileCipher, release, type FileCipher } from './disk-block.ts'

/** Files of blocks, without verification. */
export interface BlockFiles {
  write(name: string, block: number, sealed: Bytes): Promise<void>
  read(name: string, block: number, length: number): Promise<Bytes>
  /** What was written before is durable when it resolves. */
  flush(name: string): Promise<void>
  remove(name: string): Promise<void>
}

/** So many written blocks share one flush, which is the slow part; far fewer than a sender's credit. */
const BLOCKS_PER_FLUSH = 4

/** Runs beside the disk. Its memory is bounded by the credit, which the owner of the lane enforces. */
export function createIntake(files: BlockFiles, options: IntakeOptions): Intake {
  const cipher = fileCipher(options)
  const spare: Bytes[] = []
  let whole: Bytes | undefined
  let block = options.from
  let unflushed = 0
  let queue: Promise<void> = Promise.resolve()
  let ended = false

  const fail = (error: unknown): void => {
    if (ended) return
    ended = true
    if (error instanceof Damaged) options.failed('damaged')
    else options.failed(error instanceof DiskFull ? 'disk-full' : 'unwritable')
  }
  const take = async (at: number, sealed: Bytes): Promise<void> => {
    if (ended) return
    await verify(await cipher, at, sealed)
    if (ended) return
    await files.write(options.name, at, sealed)
    if (sealed.length === sealedLength(options, 0)) spare.push(sealed)
    const last = at === blocksOf(options) - 1
    if (++unflushed < BLOCKS_PER_FLUSH && !last) return
    await files.flush(options.name)
    unflushed = 0
    if (!ended) options.wrote(at + 1)
  }

  return {
    push: (offset, piece) => {
      if (ended) return
      whole ??= spare.pop() ?? new Uint8Array(sealedLength(options, block))
      const end = offset + piece.length
      const full = sealedLength(options, block)
      whole.subarray(0, full).set(piece, offset)
      release(piece)
      if (end < full) return
      const [at, sealed] = [block++, whole.subarray(0, full)]
      whole = undefined
      queue = queue.then(() => take(at, sealed)).catch(fail)
    },
    end: () => {
      ended = true
      whole = undefined
    },
  }
}

class Damaged extends Error {}

async function verify(cipher: FileCipher, block: number, sealed: Bytes): Promise<void> {
  const plain = await cipher.open(block, sealed)
  if (plain === undefined) throw new Damaged('a block does not open')
  release(plain)
}
