import { fromHex, join, uint, type Bytes } from '../core/bytes.ts'
import type { FileId } from '../core/ids.ts'
import { isLast, plainLength, type Layout } from '../core/transfer-layout.ts'

/**
 * How a block of a file is sealed, on the lane and on the disk alike: AES-256-GCM (NIST SP 800-38D) under the file's
 * own key, nonce = the block's number as 96 bits, big-endian. A nonce must never serve two plaintexts: a key
 * belongs to one file id, and whoever seals a block twice makes sure that it is the same block (see source.ts).
 */
export interface FileCipher {
  seal(block: number, plain: BufferSource): Promise<Bytes>
  /** Undefined unless these are the bytes that were sealed as this block of this file. */
  open(block: number, sealed: BufferSource): Promise<Bytes | undefined>
}

export interface SealedFile extends Layout {
  readonly file: FileId
  /** 32 bytes. */
  readonly key: Uint8Array
}

export async function fileCipher(file: SealedFile): Promise<FileCipher> {
  const raw = new Uint8Array(file.key)
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
  raw.fill(0)
  return {
    seal: async (block, plain) =>
      new Uint8Array(await crypto.subtle.encrypt(parameters(file, block), key, plain)),
    open: async (block, sealed) => {
      try {
        const plain = new Uint8Array(await crypto.subtle.decrypt(parameters(file, block), key, sealed))
        return plain.length === plainLength(file, block) ? plain : undefined
      } catch (error) {
        if (error instanceof DOMException && error.name === 'OperationError') return undefined
        throw error
      }
    },
  }
}

/** The last block says that it is the last: a file cut short does not open. */
function parameters(file: SealedFile, block: number): AesGcmParams {
  const iv = new Uint8Array(12)
  iv.set(uint(block, 8), 4)
  const last = isLast(file, block) ? 1 : 0
  return { name: 'AES-GCM', iv, additionalData: join('earshot/1/file', fromHex(file.file), block, last) }
}
