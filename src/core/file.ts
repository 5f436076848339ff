import type { FileId } from './ids.ts'

/** What the two sides of a file say to each other over the link; the blocks travel on a lane (DESIGN §3.4). */
export type FileStep =
  /**
   * Receiver: send blocks from this one on, marked with this ticket (a fresh random 32-bit number). From the number
   * of blocks on: nothing is wanted any more, it is all here; said again on a new link, where `wrote` may be lost.
   */
  | { readonly step: 'want'; readonly ticket: number; readonly from: number }
  /** Receiver: so many blocks from the start are on disk; `blocks` equal to their number means it is complete. */
  | { readonly step: 'wrote'; readonly ticket: number; readonly blocks: number }
  /** Either side: no more of this. */
  | { readonly step: 'cancel' }
  /** Sender: it can no longer be had, or it is no longer what it was. */
  | { readonly step: 'gone'; readonly reason: 'missing' | 'changed' }
  /** Either side: how it ended is on our disk, too; you need not say it again. */
  | { readonly step: 'over' }

export type FileSignal = FileStep & { readonly file: FileId }
