import type { MessageBody } from '../../src/core/body.ts'
import type { Contact } from '../../src/core/contact.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import type { IdentityKey } from '../../src/core/ids.ts'
import { pairConversation } from '../../src/crypto/address.ts'
import { createSigner, type Signer } from '../../src/crypto/identity.ts'
import { createVault } from '../../src/crypto/vault.ts'
import { begin } from '../../src/features/onboarding/begin.ts'
import type { RecordOnWire } from '../../src/protocol/record.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import { append, type Author } from '../../src/sync/append.ts'
import { openLedger, type Ledger } from '../../src/sync/ledger.ts'
import { profileOf } from '../../src/sync/profile.ts'
import type { ReadRecord } from '../../src/sync/set-back.ts'
import { receive, toWire, type Taken } from '../../src/sync/receive.ts'
import { memoryRows, type Disk } from './memory-rows.ts'
import { seeded } from './random.ts'

/** One person's records and nothing else: no network, no engine. */
export interface Desk {
  readonly me: IdentityKey
  readonly store: Store
  readonly ledger: Ledger
  readonly signer: Signer
  readonly author: Author
  readonly disk: Disk
  /** Milliseconds since 1970; moved by hand. */
  clock: { now: number }
}

export async function desk(name: string, n: number): Promise<Desk> {
  const disk: Disk = new Map()
  const { vault } = await createVault()
  const store = createStore(memoryRows(disk), vault)
  const clock = { now: Date.UTC(2026, 0, 1) }
  const now = () => clock.now
  const randomBytes = seeded(n).bytes
  await begin(store, name, { now, randomBytes })
  const ledger = await openLedger(store)
  if (!ledger) throw new Error('nobody there')
  const signer = await createSigner(ledger.state.self)
  const author: Author = { signer, now, randomBytes }
  return { me: signer.identity, store, ledger, signer, author, disk, clock }
}

/** The two have met; nothing was said. */
export async function acquaint(one: Desk, other: Desk): Promise<void> {
  await know(one, other)
  await know(other, one)
}

async function know(self: Desk, other: Desk): Promise<void> {
  const { self: them } = other.ledger.state
  const conversation = pairConversation(self.me, other.me)
  const contact: Contact = {
    ...{ stage: 'met', identity: other.me, conversation, trust: 'verified' },
    ...{ ...profileOf(them), incarnation: them.incarnation },
  }
  const chat: Conversation = { id: conversation, peer: other.me, local: 7, active: 0, unread: 0, messages: 0 }
  await self.ledger.transact(() =>
    Promise.resolve({
      changes: [
        { table: 'contacts', put: contact },
        { table: 'conversations', put: chat },
      ],
      result: undefined,
    }),
  )
}

/** Says it, and gives every record that this made. */
export async function say(self: Desk, to: Desk, text: string): Promise<RecordOnWire[]> {
  const body: MessageBody = { kind: 'text', text }
  return self.ledger.transact(async (state) => {
    const chat = state.conversations.get(pairConversation(self.me, to.me))
    if (!chat) throw new Error('no chat')
    const changes = await append(state, self.author, { chat, bodies: [body] })
    const result = changes.flatMap((change) =>
      change.table === 'records' && 'add' in change ? [toWire(change.add.record)] : [],
    )
    return { changes, result }
  })
}

export async function take(self: Desk, from: Desk, records: RecordOnWire[]): Promise<Taken> {
  const tools = { author: self.author, read: readRecord(self) }
  return self.ledger.transact((state) => receive(state, { peer: from.me, records }, tools))
}

export function readRecord({ store }: Desk): ReadRecord {
  return (key) => store.get('records', key)
}

/** The texts of the chat with the other, in screen order. */
export async function read(self: Desk): Promise<string[]> {
  const rows = await self.store.page(7, { before: Infinity, limit: 1000 })
  return rows
    .sort((a, b) => a.order - b.order)
    .flatMap(({ message }) => (message?.body.kind === 'text' ? [message.body.text] : []))
}
