import type { FromIndex, ToIndex } from './index-messages.ts'
import { createMessageIndex } from './message-index.ts'

/** The index's own thread: a single letter may be in every message there is, and nobody waits for that while typing. */
const page = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ToIndex>) => void) | null
  postMessage(message: FromIndex): void
}

const index = createMessageIndex()

async function answer(asked: ToIndex): Promise<FromIndex> {
  const { id } = asked
  try {
    if (asked.ask === 'find') return { id, found: await index.find(asked.query) }
    if (asked.ask === 'put') await index.put(asked.docs)
    else await index.remove(asked.keys)
    return { id }
  } catch (error) {
    return { id, error: String(error) }
  }
}

page.onmessage = ({ data }) => {
  void answer(data).then((done) => {
    page.postMessage(done)
  })
}
