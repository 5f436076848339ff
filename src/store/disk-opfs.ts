import type { Bytes } from '../core/bytes.ts'
import { createIntake, type BlockIntake, type BlockIntakeOptions } from './disk-intake.ts'
import { DiskFull, NotOnDisk, type Disk, type DiskUsage } from './disk.ts'
import type { DiskAnswer, DiskRequest, DiskReply, FromDisk, ToDisk } from './disk-messages.ts'
import { createVerifier } from './disk-verifier.ts'
import verifierFile from './disk-verify-worker.ts?worker&url'
import workerFile from './disk-worker.ts?worker&url'

interface Asked {
  resolve(answer: DiskAnswer): void
  reject(error: Error): void
}

/** The origin's private file system, worked on by a thread of its own. `workerUrl` lets the worker's address pass. */
export function openDisk({ workerUrl }: { workerUrl: (url: string) => string }): Disk {
  const worker = new Worker(workerUrl(workerFile), { type: 'module', name: 'disk' })
  const asked = new Map<number, Asked>()
  const intakes = new Map<number, BlockIntakeOptions>()
  const verifier = createVerifier(
    () => new Worker(workerUrl(verifierFile), { type: 'module', name: 'verifier' }),
  )
  let next = 0

  const tell = (message: ToDisk, transfer: Transferable[] = []): void => {
    worker.postMessage(message, transfer)
  }
  const ask = (request: DiskRequest, transfer: Transferable[] = []): Promise<DiskAnswer> =>
    new Promise((resolve, reject) => {
      const id = next++
      asked.set(id, { resolve, reject })
      tell({ id, request }, transfer)
    })
  const begin = (options: BlockIntakeOptions): BlockIntake => {
    const intake = next++
    const { name, size, blockSize } = options
    intakes.set(intake, options)
    tell({ intake, begin: { name, size, blockSize } })
    return {
      take: (block, sealed) => {
        tell({ intake, block, sealed }, [sealed.buffer])
      },
      end: () => {
        intakes.delete(intake)
        tell({ intake, end: true })
      },
    }
  }
  worker.onmessage = ({ data }: MessageEvent<FromDisk>) => {
    if ('id' in data) settle(asked, data)
    else if ('wrote' in data) intakes.get(data.intake)?.wrote(data.wrote)
    else if ('free' in data) intakes.get(data.intake)?.free(data.free)
    else intakes.get(data.intake)?.failed(data.failed)
  }
  // It could not be loaded, or a bug ended it: whoever waits must hear.
  worker.onerror = () => {
    for (const { reject } of asked.values()) reject(new Error('the disk worker failed'))
    asked.clear()
    for (const { failed } of intakes.values()) failed('unwritable')
  }

  return {
    write: async (name, block, sealed) => {
      await ask({ do: 'write', name, block, sealed }, [sealed.buffer])
    },
    read: async (name, block, length) => (await ask({ do: 'read', name, block, length })) as Bytes,
    remove: async (name) => {
      await ask({ do: 'remove', name })
    },
    usage: async () => (await ask({ do: 'usage' })) as DiskUsage,
    receive: (options) => createIntake(options, verifier.verify, begin),
    close: () => {
      worker.terminate()
      verifier.close()
    },
  }
}

function settle(asked: Map<number, Asked>, message: DiskReply): void {
  const waiting = asked.get(message.id)
  asked.delete(message.id)
  if ('answer' in message) waiting?.resolve(message.answer)
  else if (message.error === 'DiskFull') waiting?.reject(new DiskFull(message.message))
  else if (message.error === 'NotOnDisk') waiting?.reject(new NotOnDisk(message.message))
  else waiting?.reject(new Error(message.message))
}
