import type { Bytes } from '../core/bytes.ts'
import type { DiskUsage, IntakeFailure } from './disk.ts'
import type { SealedFile } from './disk-block.ts'

/** What the page says to the disk's worker. A request has an `id` and gets one answer; an intake is a conversation. */
export type ToDisk =
  | { readonly id: number; readonly request: DiskRequest }
  | { readonly intake: number; readonly begin: IntakeBegin }
  | { readonly intake: number; readonly offset: number; readonly piece: Bytes }
  | { readonly intake: number; readonly end: true }

export interface IntakeBegin extends SealedFile {
  readonly name: string
  readonly from: number
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

export type DiskReply = { readonly id: number } & (
  | { readonly answer: DiskAnswer }
  | { readonly error: 'DiskFull' | 'NotOnDisk' | 'other'; readonly message: string }
)
