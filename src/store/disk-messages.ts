import type { Bytes } from '../core/bytes.ts'
import type { DiskUsage, IntakeFailure } from './disk.ts'
import type { Layout } from '../core/transfer-layout.ts'
import type { SealedFile } from '../crypto/file.ts'

/** What the page says to the disk's worker. A request has an `id` and gets one answer; an intake is a conversation. */
export type ToDisk =
  | { readonly id: number; readonly request: DiskRequest }
  | { readonly intake: number; readonly begin: IntakeBegin }
  | { readonly intake: number; readonly block: number; readonly sealed: Bytes }
  | { readonly intake: number; readonly end: true }

export interface IntakeBegin extends Layout {
  readonly name: string
}

export type DiskRequest =
  | { readonly do: 'write'; readonly name: string; readonly block: number; readonly sealed: Bytes }
  | { readonly do: 'read'; readonly name: string; readonly block: number; readonly length: number }
  | { readonly do: 'remove'; readonly name: string }
  | { readonly do: 'usage' }

export type DiskAnswer = Bytes | DiskUsage | undefined

/** What it says back. */
export type FromDisk =
  | DiskReply
  | { readonly intake: number; readonly wrote: number }
  | { readonly intake: number; readonly failed: IntakeFailure }
  /** The memory of a block, to be used again. */
  | { readonly intake: number; readonly free: ArrayBuffer }

export type DiskReply = { readonly id: number } & (
  | { readonly answer: DiskAnswer }
  | { readonly error: 'DiskFull' | 'NotOnDisk' | 'other'; readonly message: string }
)

/** What the page says to a verifying worker, and the answer. */
export interface ToVerifier {
  readonly id: number
  readonly file: SealedFile
  readonly block: number
  readonly sealed: Bytes
}

export interface FromVerifier {
  readonly id: number
  readonly good: boolean
  /** The same bytes in the same memory. */
  readonly sealed: Bytes
}
