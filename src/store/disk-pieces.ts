import type { Bytes } from '../core/bytes.ts'
import { sealedLength, type Layout } from '../core/transfer-layout.ts'

/**
 * Puts the pieces of a file together into blocks. The memory of a block that was dealt with comes back and is used
 * for another one: at full speed garbage would grow faster than it is collected.
 */
export interface Pieces {
  /** `offset` 0 begins the next block. Copied before it returns. */
  push(offset: number, piece: Bytes): void
  /** Memory of a block given out before. */
  giveBack(memory: ArrayBuffer): void
}

/** `take` owns the sealed block until it is given back. */
export function createPieces(
  file: Layout & { readonly from: number },
  take: (block: number, sealed: Bytes) => void,
): Pieces {
  const spare: ArrayBuffer[] = []
  let block = file.from
  let whole: ArrayBuffer | undefined

  return {
    push: (offset, piece) => {
      whole ??= spare.pop() ?? new ArrayBuffer(sealedLength(file, file.from))
      const full = sealedLength(file, block)
      new Uint8Array(whole, 0, full).set(piece, offset)
      if (offset + piece.length < full) return
      const sealed = new Uint8Array(whole, 0, full)
      whole = undefined
      take(block++, sealed)
    },
    giveBack: (memory) => {
      spare.push(memory)
    },
  }
}
