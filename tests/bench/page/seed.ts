import type { Body } from '../../../src/core/body.ts'
import type { Conversation } from '../../../src/core/conversation.ts'
import { createSigner } from '../../../src/crypto/identity.ts'
import { openDexieRows } from '../../../src/store/dexie-rows.ts'
import { openDeviceVault, openIdbSlots } from '../../../src/store/slots.ts'
import { createStore, type Change } from '../../../src/store/store.ts'
import { append, type Author } from '../../../src/sync/append.ts'
import { openLedger, type Ledger, type State } from '../../../src/sync/ledger.ts'

const BATCH = 500

/**
 * Writes so many messages into the only chat of this device, all of them delivered, as the app would have written
 * them; resolves with how many it has now. The app must not run meanwhile.
 */
async function seed(count: number): Promise<number> {
  const store = createStore(
    openDexieRows('earshot', () => undefined),
    await openDeviceVault(openIdbSlots('earshot-keys')),
  )
  const ledger = await openLedger(store)
  if (!ledger) throw new Error('this device has no identity')
  const author: Author = {
    signer: await createSigner(ledger.state.self),
    now: () => Date.now(),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  }
  for (let left = count; left > 0; left -= BATCH) await writeBatch(ledger, author, Math.min(BATCH, left))
  const { messages } = onlyChat(ledger.state)
  store.close()
  return messages
}

async function writeBatch(ledger: Ledger, author: Author, count: number): Promise<void> {
  await ledger.transact(async (state) => {
    const chat = onlyChat(state)
    const bodies = Array.from({ length: count }, (_, at): Body => {
      const number = String(chat.messages + at + 1)
      return { kind: 'text', text: `Message ${number}: the quick brown fox jumps over the lazy dog.` }
    })
    const changes = await append(state, author, { chat, bodies })
    return {
      changes: [...changes, ...changes.flatMap((change) => delivered(change, chat))],
      result: undefined,
    }
  })
}

function delivered(change: Change, { peer }: Conversation): Change[] {
  if (change.table !== 'feeds' || !('put' in change)) return []
  const { conversation, author, incarnation, seq } = change.put
  const feed = { conversation, author, incarnation }
  return [{ table: 'reaches', put: { feed, peer, delivered: seq, sent: seq } }]
}

function onlyChat({ conversations }: State): Conversation {
  const [chat] = conversations.values()
  if (!chat || conversations.size > 1) throw new Error('there is not exactly one chat')
  return chat
}

export type Seed = typeof seed
Object.assign(globalThis, { seed })
