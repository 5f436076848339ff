import type { Body } from '../../../src/core/body.ts'
import type { Conversation } from '../../../src/core/conversation.ts'
import { feedKey, feedOf } from '../../../src/core/record.ts'
import { createSigner } from '../../../src/crypto/identity.ts'
import { createMls } from '../../../src/crypto/ts-mls.ts'
import { openDexieRows } from '../../../src/store/dexie-rows.ts'
import { openDeviceVault, openIdbSlots } from '../../../src/store/slots.ts'
import { createStore } from '../../../src/store/store.ts'
import { append } from '../../../src/sync/append.ts'
import { ownFeed } from '../../../src/sync/draft.ts'
import type { Author } from '../../../src/sync/author.ts'
import type { Draft } from '../../../src/sync/draft.ts'
import { openLedger, type Ledger } from '../../../src/sync/ledger.ts'

const BATCH = 500

/** As in a language: a few of them are in every sentence, most of them seldom. */
const WORDS = Array.from({ length: 20_000 }, (_, at) => word(at))

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
  const signer = await createSigner(ledger.state.self)
  const now = () => Date.now()
  const author: Author = {
    ...{ signer, now, mls: createMls(signer, { now }), age: () => 0 },
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    suspicious: () => undefined,
  }
  for (let left = count; left > 0; left -= BATCH) await writeBatch(ledger, author, Math.min(BATCH, left))
  const { messages } = onlyChat([...ledger.state.conversations.values()])
  store.close()
  return messages
}

async function writeBatch(ledger: Ledger, author: Author, count: number): Promise<void> {
  await ledger.transact(async (draft) => {
    const { id: conversation, messages } = onlyChat(draft.all('conversations'))
    const bodies = Array.from({ length: count }, (_, at): Body => {
      const number = String(messages + at + 1)
      return { kind: 'text', text: `Message ${number}: ${sentence(messages + at)}` }
    })
    await append(draft, author, { conversation, bodies })
    deliver(draft, onlyChat(draft.all('conversations')))
  })
}

/** The same for the same number. */
function sentence(number: number): string {
  let state = number
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const words = Array.from(
    { length: 3 + Math.floor(next() * 15) },
    () => WORDS[Math.floor(next() ** 4 * 20_000)],
  )
  return `${words.join(' ')}.`
}

function word(at: number): string {
  const syllables = ['ka', 'lo', 'mi', 'ten', 'ra', 'su', 'vel', 'no', 'shi', 'par']
  const digits = Array.from(String(at + 10), Number).reverse()
  return digits.map((digit) => syllables[digit]).join('')
}

/** As if all of it had left, and had come. */
function deliver(draft: Draft, { id, circle }: Conversation): void {
  const feed = draft.get('feeds', feedKey(ownFeed(draft, id)))
  if (!feed || circle.kind !== 'pair') return
  const { seq } = feed
  draft.put('feeds', { ...feed, left: seq, claimed: seq })
  draft.put('reaches', { feed: feedOf(feed), peer: circle.peer, delivered: seq, sent: seq })
}

function onlyChat([chat, ...others]: readonly Conversation[]): Conversation {
  if (!chat || others.length > 0) throw new Error('there is not exactly one chat')
  return chat
}

export type Seed = typeof seed
Object.assign(globalThis, { seed })
