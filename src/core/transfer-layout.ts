/** How a file is cut. A manifest is one. */
export interface Layout {
  /** Bytes of plaintext. */
  readonly size: number
  /** Bytes of plaintext per block; the last may be shorter. */
  readonly blockSize: number
}

/** AES-GCM adds a tag to each block, bytes. */
const TAG = 16

/** An empty file is one empty block, so that it, too, is sealed and verified. */
export function blocksOf({ size, blockSize }: Layout): number {
  return Math.max(1, Math.ceil(size / blockSize))
}

/** Bytes of plaintext in this block. */
export function plainLength(layout: Layout, block: number): number {
  return Math.min(layout.blockSize, layout.size - block * layout.blockSize)
}

/** Bytes of this block on a lane and on the disk. */
export function sealedLength(layout: Layout, block: number): number {
  return plainLength(layout, block) + TAG
}

export function isLast(layout: Layout, block: number): boolean {
  return block === blocksOf(layout) - 1
}

/** Bytes of plaintext in the first `blocks` blocks. */
export function bytesIn(layout: Layout, blocks: number): number {
  return Math.min(layout.size, blocks * layout.blockSize)
}
