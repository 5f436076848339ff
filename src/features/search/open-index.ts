import { trustedScript } from '../../ui/trusted-urls.ts'
import type { Ask, FromIndex, ToIndex } from './index-messages.ts'
import workerFile from './index-worker.ts?worker&url'
import type { Found, MessageIndex } from './message-index.ts'

/** The index in a thread of its own. It holds what was said in the clear, and all of it is gone once it is closed. */
export function openIndex(): MessageIndex {
  const worker = new Worker(trustedScript(workerFile), { type: 'module', name: 'search' })
  const waiting = new Map<number, { done(found?: Found): void; failed(error: Error): void }>()
  let asked = 0

  worker.onmessage = ({ data }: MessageEvent<FromIndex>) => {
    const caller = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.error === undefined) caller?.done(data.found)
    else caller?.failed(new Error(data.error))
  }
  const end = (why: string): void => {
    worker.terminate()
    for (const { failed } of waiting.values()) failed(new Error(why))
    waiting.clear()
  }
  worker.onerror = () => {
    end('the index does not run')
  }
  const ask = (what: Ask): Promise<Found | undefined> =>
    new Promise((done, failed) => {
      const id = ++asked
      waiting.set(id, { done, failed })
      worker.postMessage({ ...what, id } satisfies ToIndex)
    })
  return {
    put: async (docs) => void (await ask({ ask: 'put', docs })),
    remove: async (keys) => void (await ask({ ask: 'remove', keys })),
    find: async (query) => (await ask({ ask: 'find', query })) ?? { matches: [], total: 0, similar: false },
    close: () => {
      end('the index was closed')
    },
  }
}
