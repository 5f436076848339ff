import type { Bytes } from '../core/bytes.ts'
import { blocksOf, type Layout } from '../core/transfer-layout.ts'
import { DiskFull, type Intake, type IntakeFailure, type IntakeOptions } from './disk.ts'
import { createPieces } from './disk-pieces.ts'
import type { Verifier } from './disk-verifier.ts'

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

/** What happens to verified blocks, and their memory once they are written. */
export interface BlockIntakeOptions extends Layout, Pick<IntakeOptions, 'name' | 'wrote' | 'failed'> {
  free(memory: ArrayBuffer): void
}

/** Takes whole blocks in order. */
export interface BlockIntake {
  take(block: number, sealed: Bytes): void
  end(): void
}

/** Writes verified blocks; runs beside the disk. Its memory is bounded by the sender's credit. */
export function createBlockIntake(files: BlockFiles, options: BlockIntakeOptions): BlockIntake {
  let unflushed = 0
  let queue: Promise<void> = Promise.resolve()
  let ended = false

  const fail = (error: unknown): void => {
    if (ended) return
    ended = true
    options.failed(error instanceof DiskFull ? 'disk-full' : 'unwritable')
  }
  const take = async (at: number, sealed: Bytes): Promise<void> => {
    if (ended) return
    await files.write(options.name, at, sealed)
    options.free(sealed.buffer)
    const last = at === blocksOf(options) - 1
    if (++unflushed < BLOCKS_PER_FLUSH && !last) return
    await files.flush(options.name)
    unflushed = 0
    if (!ended) options.wrote(at + 1)
  }

  return {
    take: (at, sealed) => {
      queue = queue.then(() => take(at, sealed)).catch(fail)
    },
    end: () => {
      ended = true
    },
  }
}

/** The part of an intake on the page's side: pieces become blocks, and only blocks that verify go on. */
export function createIntake(
  options: IntakeOptions,
  verify: Verifier['verify'],
  begin: (options: BlockIntakeOptions) => BlockIntake,
): Intake {
  let queue: Promise<void> = Promise.resolve()
  let ended = false
  const fail = (reason: IntakeFailure): void => {
    if (ended) return
    end()
    options.failed(reason)
  }
  const end = (): void => {
    ended = true
    blocks.end()
  }
  const take = async (block: number, sealed: Bytes): Promise<void> => {
    if (ended) return
    const verified = await verify(options, block, sealed)
    if (!verified.good) fail('damaged')
    else if (!ended) blocks.take(block, verified.sealed)
  }
  const pieces = createPieces(options, (block, sealed) => {
    queue = queue
      .then(() => take(block, sealed))
      .catch(() => {
        fail('unwritable')
      })
  })
  const blocks = begin({
    ...options,
    failed: fail,
    free: (memory) => {
      pieces.giveBack(memory)
    },
  })
  return {
    push: (offset, piece) => {
      if (!ended) pieces.push(offset, piece)
    },
    end,
  }
}
