import type { Bytes } from '../core/bytes.ts'
import { DiskFull, NotOnDisk, type Disk, type DiskUsage, type IntakeOptions } from './disk.ts'
import type { DiskAnswer, DiskRequest, DiskReply, FromDisk, ToDisk } from './disk-messages.ts'
import workerFile from './disk-worker.ts?worker&url'

interface Asked {
  resolve(answer: DiskAnswer): void
  reject(error: Error): void
}

/** The origin's private file system, worked on by a thread of its own. `workerUrl` lets the worker's address pass. */
export function openDisk({ workerUrl }: { workerUrl: (url: string) => string }): Disk {
  const worker = new Worker(workerUrl(workerFile), { type: 'module', name: 'disk' })
  const asked = new Map<number, Asked>()
  const intakes = new Map<number, IntakeOptions>()
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
  worker.onmessage = ({ data }: MessageEvent<FromDisk>) => {
    if ('id' in data) settle(asked, data)
    else if ('wrote' in data) intakes.get(data.intake)?.wrote(data.wrote)
    else intakes.get(data.intake)?.failed(data.failed)
  }
  // It could not be loaded, or a bug ended it: whoever waits must hear.
  worker.onerror = () => {
    for (const { reject } of asked.values()) reject(new Error('the disk worker failed'))
    asked.clear()
    for (const intake of intakes.values()) intake.failed('unwritable')
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
    receive: (options) => {
      const intake = next++
      const { name, from, file, key, size, blockSize } = options
      intakes.set(intake, options)
      tell({ intake, begin: { name, from, file, key, size, blockSize } })
      return {
        push: (offset, piece) => {
          tell({ intake, offset, piece }, [piece.buffer])
        },
        end: () => {
          intakes.delete(intake)
          tell({ intake, end: true })
        },
      }
    },
    close: () => {
      worker.terminate()
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
