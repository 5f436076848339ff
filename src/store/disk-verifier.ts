import type { Bytes } from '../core/bytes.ts'
import type { SealedFile } from '../crypto/file.ts'
import type { FromVerifier, ToVerifier } from './disk-messages.ts'

/** So many blocks are opened by one worker. */
const PER_WORKER = 16

/** Tells whether a block is what its sender sealed. */
export interface Verifier {
  /** Takes the block's memory and gives it back with the answer. Rejects when the browser runs no worker. */
  verify(file: SealedFile, block: number, sealed: Bytes): Promise<{ good: boolean; sealed: Bytes }>
  close(): void
}

interface Asked {
  resolve(answer: FromVerifier): void
  reject(error: Error): void
}

/** One worker, until it has opened its share and the last answer came. */
interface Shift {
  readonly worker: Worker
  readonly asked: Map<number, Asked>
  begun: number
}

/**
 * There is no way to verify a block without opening it, and what is opened is garbage that lies in memory until the
 * browser collects it: at full speed that is more than a hundred megabytes. A worker takes its garbage with it when
 * it ends, so each opens only a few blocks.
 */
export function createVerifier(spawn: () => Worker): Verifier {
  let shift: Shift | undefined

  const begin = (): Shift => {
    const begun: Shift = { worker: spawn(), asked: new Map(), begun: 0 }
    begun.worker.onmessage = ({ data }: MessageEvent<FromVerifier>) => {
      begun.asked.get(data.id)?.resolve(data)
      begun.asked.delete(data.id)
      if (begun.begun === PER_WORKER && begun.asked.size === 0) begun.worker.terminate()
    }
    begun.worker.onerror = () => {
      for (const { reject } of begun.asked.values()) reject(new Error('the verifying worker failed'))
      if (shift === begun) shift = undefined
    }
    return begun
  }

  return {
    verify: ({ file, key, size, blockSize }, block, sealed) =>
      new Promise((resolve, reject) => {
        const current = shift ?? begin()
        const id = current.begun++
        shift = current.begun < PER_WORKER ? current : undefined
        current.asked.set(id, { resolve, reject })
        const request: ToVerifier = { id, file: { file, key, size, blockSize }, block, sealed }
        current.worker.postMessage(request, [sealed.buffer])
      }),
    close: () => {
      shift?.worker.terminate()
    },
  }
}
