import type { Body } from '../../src/core/body.ts'
import type { Contact } from '../../src/core/contact.ts'
import type { ConversationId, IdentityKey } from '../../src/core/ids.ts'
import { recordKey, type FeedId } from '../../src/core/record.ts'
import { pairConversation } from '../../src/crypto/address.ts'
import { createSigner, type Signer } from '../../src/crypto/identity.ts'
import { createVault } from '../../src/crypto/vault.ts'
import { begin } from '../../src/features/onboarding/begin.ts'
import type { RecordOnWire } from '../../src/protocol/record.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import type { StoredRecord } from '../../src/store/tables.ts'
import { append } from '../../src/sync/append.ts'
import type { Author } from '../../src/sync/author.ts'
import type { Delivery } from '../../src/sync/delivery.ts'
import { openLedger, type Ledger } from '../../src/sync/ledger.ts'
import { openPair } from '../../src/sync/pair.ts'
import { profileOf } from '../../src/sync/profile.ts'
import { receive, toWire, type Bringer, type Brought, type Taken } from '../../src/sync/receive.ts'
import { memoryRows, type Disk } from './memory-rows.ts'
import { seeded } from './random.ts'
import { createSimpleMls } from './simple-mls.ts'

/** One person's records and keys and nothing else: no network, no engine. */
export interface Desk {
  readonly me: IdentityKey
  readonly store: Store
  readonly ledger: Ledger
  readonly signer: Signer
  readonly author: Author
  readonly disk: Disk
  /** Milliseconds since 1970, and those that the device has lived; moved by hand. */
  clock: { now: number; age: number }
  /** What was not as it should be, as it was counted. */
  readonly suspicions: string[]
  /** Keys under which something was sealed for a group. */
  readonly keys: string[]
}

/** A chat: with this person, or of this id. */
export type Place = Desk | ConversationId

export async function desk(name: string, n: number): Promise<Desk> {
  const disk: Disk = new Map()
  const { vault } = await createVault()
  const store = createStore(memoryRows(disk), vault)
  const clock = { now: Date.UTC(2026, 0, 1), age: 0 }
  const now = () => clock.now
  const randomBytes = seeded(n).bytes
  await begin(store, name, { now, randomBytes })
  const ledger = await openLedger(store)
  if (!ledger) throw new Error('nobody there')
  const signer = await createSigner(ledger.state.self)
  const suspicions: string[] = []
  const keys: string[] = []
  const used = (key: string) => void keys.push(key)
  const author: Author = {
    ...{ signer, now, randomBytes, age: () => clock.age },
    mls: createSimpleMls(signer.identity, { now, randomBytes, used }),
    suspicious: (what) => void suspicions.push(what),
  }
  return { me: signer.identity, store, ledger, signer, author, disk, clock, suspicions, keys }
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
  await self.ledger.transact((draft) => {
    draft.put('contacts', contact)
    openPair(draft, other.me, self.author)
  })
}

export function placeOf(self: Desk, place: Place): ConversationId {
  return typeof place === 'string' ? place : pairConversation(self.me, place.me)
}

/** How somebody speaks to others: who, in which of their lives. */
export function bringerOf({ me, ledger }: Desk): Bringer {
  return { peer: me, incarnation: ledger.state.self.incarnation.id }
}

/** Says it, and gives every record that this made. */
export async function say(self: Desk, place: Place, ...bodies: (string | Body)[]): Promise<RecordOnWire[]> {
  const words = bodies.map((body): Body => (typeof body === 'string' ? { kind: 'text', text: body } : body))
  const conversation = placeOf(self, place)
  const stored = await self.ledger.transact((draft) =>
    append(draft, self.author, { conversation, bodies: words }),
  )
  return stored.map(({ record }) => toWire(record))
}

export function take(self: Desk, from: Desk, records: readonly RecordOnWire[]): Promise<Taken> {
  return takeAll(
    self,
    from,
    records.map((record) => ({ record })),
  )
}

export function takeAll(self: Desk, from: Desk, items: readonly Brought[]): Promise<Taken> {
  const bringer = bringerOf(from)
  return self.ledger.transact((draft) => receive(draft, self.author, { bringer, items }))
}

/** The records of a chat as they lie here, in the order in which they were written. */
export async function rowsOf(self: Desk, place?: Place): Promise<StoredRecord[]> {
  const rows = await self.store.all('records')
  const conversation = place && placeOf(self, place)
  return rows
    .filter(({ record }) => conversation === undefined || record.conversation === conversation)
    .sort((a, b) => a.order - b.order || a.record.seq - b.record.seq)
}

export async function rowAt(self: Desk, at: FeedId & { seq: number }): Promise<StoredRecord> {
  const row = await self.store.get('records', recordKey(at))
  if (!row) throw new Error('there is no such record')
  return row
}

/** The texts of a chat, or of all of them, in screen order. */
export async function read(self: Desk, place?: Place): Promise<string[]> {
  const rows = await rowsOf(self, place)
  return rows.flatMap(({ message }) => (message?.body?.kind === 'text' ? [message.body.text] : []))
}

/** Delivery to nobody: what is written stays here. */
export function noDelivery({ ledger }: Pick<Desk, 'ledger'>): Delivery {
  const nothing = (): void => undefined
  const links = { linked: nothing, frame: nothing, drained: nothing, unlinked: nothing }
  return {
    ...{ ...links, offer: nothing, regroup: nothing, close: nothing, eraAt: () => undefined },
    carry: (_, work) => ledger.transact(work),
  }
}
