import type { Conversation } from '../../../src/core/conversation.ts'
import { feedKey, type FeedId } from '../../../src/core/record.ts'
import type { Feed } from '../../../src/core/feed.ts'
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
  await ledger.transact(async (before) => {
    const records: Change[] = []
    let state = before
    for (let at = 0; at < count; at++) {
      const chat = onlyChat(state)
      const text = `Message ${String(chat.messages + 1)}: the quick brown fox jumps over the lazy dog.`
      const { changes } = await append(state, author, { chat, body: { kind: 'text', text } })
      records.push(...changes.filter(({ table }) => table === 'records'))
      state = after(state, changes)
    }
    const feed = ownFeed(state)
    const reach: Change = {
      table: 'reaches',
      put: { feed: idOf(feed), peer: onlyChat(state).peer, delivered: feed.seq, sent: feed.seq },
    }
    const last: Change[] = [
      { table: 'feeds', put: feed },
      { table: 'conversations', put: onlyChat(state) },
    ]
    return { changes: [...records, ...last, reach], result: undefined }
  })
}

/** What the next message builds upon. */
function after(state: State, changes: readonly Change[]): State {
  const [feeds, conversations] = [new Map(state.feeds), new Map(state.conversations)]
  for (const change of changes) {
    if (change.table === 'feeds' && 'put' in change) feeds.set(feedKey(change.put), change.put)
    if (change.table === 'conversations' && 'put' in change) conversations.set(change.put.id, change.put)
  }
  return { ...state, feeds, conversations }
}

function onlyChat({ conversations }: State): Conversation {
  const [chat] = conversations.values()
  if (!chat || conversations.size > 1) throw new Error('there is not exactly one chat')
  return chat
}

function ownFeed(state: State): Feed {
  const feed = state.feeds.get(feedKey(ownFeedId(state)))
  if (!feed) throw new Error('nothing was written')
  return feed
}

function ownFeedId(state: State): FeedId {
  const { identity, incarnation } = state.self
  return { conversation: onlyChat(state).id, author: identity, incarnation: incarnation.id }
}

function idOf({ conversation, author, incarnation }: Feed): FeedId {
  return { conversation, author, incarnation }
}

export type Seed = typeof seed
Object.assign(globalThis, { seed })
