import type { Bytes } from '../core/bytes.ts'
import type { SealedFile } from '../crypto/file.ts'

/** Room on the disk, bytes. */
export interface DiskUsage {
  readonly used: number
  readonly free: number
}

/** The disk is full: what was to be written is not there. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull' as const
}

/** There is no such block. */
export class NotOnDisk extends Error {
  override readonly name = 'NotOnDisk' as const
}

/** Why an intake ended by itself: a block did not verify, there is no room, or the disk failed otherwise. */
export type IntakeFailure = 'damaged' | 'disk-full' | 'unwritable'

export interface IntakeOptions extends SealedFile {
  /** Opaque name of the file on this disk. */
  readonly name: string
  /** The first block that will come. */
  readonly from: number
  /** So many blocks from the start are verified and durable. */
  wrote(blocks: number): void
  /** At most once; nothing is written afterwards. */
  failed(reason: IntakeFailure): void
}

/** Takes the pieces of a file in order, puts blocks together, verifies them and writes the ciphertext as it came. */
export interface Intake {
  /** `offset` 0 begins the next block. Copied before it returns. */
  push(offset: number, piece: Bytes): void
  /** Nothing is reported any more; what is not durable yet may be lost. */
  end(): void
}

/** Where the sealed blocks of files lie. Every adapter passes the same acceptance suite. */
export interface Disk {
  /** Durable when it resolves. The bytes' buffer is taken away. Rejects with DiskFull. */
  write(name: string, block: number, sealed: Bytes): Promise<void>
  /** Rejects with NotOnDisk if there are not that many bytes. */
  read(name: string, block: number, length: number): Promise<Bytes>
  remove(name: string): Promise<void>
  usage(): Promise<DiskUsage>
  receive(options: IntakeOptions): Intake
  close(): void
}
