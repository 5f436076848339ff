import { comparePlaces } from '../../src/core/clock.ts'
import { textNow, type Line, type Message } from '../../src/core/conversation.ts'
import type { ConversationId, IdentityKey } from '../../src/core/ids.ts'
import { NOWHERE, statusOf, type Status } from '../../src/core/status.ts'
import { reachKey, type StoredRecord } from '../../src/store/tables.ts'
import type { Store } from '../../src/store/store.ts'
import { readersOf } from '../../src/core/membership.ts'
import type { Person } from './person.ts'

/** What a person's screen says, read from the store as a screen reads it. */

/** The chat with somebody, or a group. */
export type Place = Person | ConversationId

export async function chatIn(self: Person, place: Place): Promise<ConversationId> {
  if (typeof place === 'string') return place
  const contact = await self.app.engine.store.get('contacts', place.identity)
  if (!contact) throw new Error(`${self.name} does not know ${place.name}`)
  return contact.conversation
}

/** A page at a time, newest first, put in screen order. */
async function rows(
  self: Person,
  place: Place,
  store: Store = self.app.engine.store,
): Promise<StoredRecord[]> {
  const chat = await store.get('conversations', await chatIn(self, place))
  const found: StoredRecord[] = []
  for (let before = Infinity; chat;) {
    const page = await store.page(chat.local, { before, limit: 8 })
    if (page.length === 0) break
    const oldest = Math.min(...page.map(({ order }) => order))
    if (oldest >= before) throw new Error('the same page came again')
    before = oldest
    found.push(...page)
  }
  return found
}

export async function messages(self: Person, place: Place, store?: Store): Promise<Message[]> {
  const found = (await rows(self, place, store)).flatMap(({ record, message }) =>
    message ? [{ ...message, record }] : [],
  )
  return found.sort(comparePlaces)
}

/** What happened to the conversation itself, in screen order. */
export async function lines(self: Person, place: Place): Promise<Line[]> {
  const found = await rows(self, place)
  return found.sort((a, b) => a.order - b.order).flatMap(({ line }) => line ?? [])
}

export function textOf(message: Message): string {
  return textNow(message)?.text ?? ''
}

export async function statusOfMessage(self: Person, message: Message): Promise<Status> {
  if (message.failed !== undefined) return 'Failed'
  const { store } = self.app.engine
  const { conversation, author, incarnation } = message.record
  const feed = { conversation, author, incarnation }
  const membership = await store.get('memberships', conversation)
  const readers: IdentityKey[] = membership ? readersOf(membership, message.record) : []
  const reaches = await Promise.all(
    readers.map(async (peer) => (await store.get('reaches', reachKey({ feed, peer }))) ?? NOWHERE),
  )
  return statusOf(message.seq, reaches)
}

export async function statusOfText(self: Person, place: Place, text: string): Promise<Status> {
  const message = (await messages(self, place)).find((one) => textOf(one) === text)
  if (!message) throw new Error(`${self.name} never said "${text}"`)
  return statusOfMessage(self, message)
}
