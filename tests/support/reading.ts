import { comparePlaces } from '../../src/core/clock.ts'
import type { Message } from '../../src/core/conversation.ts'
import type { ConversationId } from '../../src/core/ids.ts'
import { NOWHERE, statusOf, type Status } from '../../src/core/status.ts'
import { reachKey } from '../../src/store/tables.ts'
import type { Store } from '../../src/store/store.ts'
import type { Person } from './person.ts'

/** What a person's screen says, read from the store as a screen reads it. */

export async function chatWith(self: Person, other: Person): Promise<ConversationId> {
  const contact = await self.app.engine.store.get('contacts', other.identity)
  if (!contact) throw new Error(`${self.name} does not know ${other.name}`)
  return contact.conversation
}

/** A page at a time, newest first, put in screen order. */
export async function messages(
  self: Person,
  other: Person,
  store: Store = self.app.engine.store,
): Promise<Message[]> {
  const chat = await store.get('conversations', await chatWith(self, other))
  const found: Message[] = []
  for (let before = Infinity; chat;) {
    const page = await store.page(chat.local, { before, limit: 8 })
    if (page.length === 0) break
    const oldest = Math.min(...page.map(({ order }) => order))
    if (oldest >= before) throw new Error('the same page came again')
    before = oldest
    for (const { record, message } of page) {
      if (message && record.form === 'record') found.push({ ...message, record })
    }
  }
  return found.sort(comparePlaces)
}

export function textOf({ body }: Message): string {
  return body.kind === 'text' ? body.text : ''
}

export async function statusOfMessage(self: Person, other: Person, message: Message): Promise<Status> {
  const { conversation, author, incarnation } = message.record
  const feed = { conversation, author, incarnation }
  const reach = await self.app.engine.store.get('reaches', reachKey({ feed, peer: other.identity }))
  return statusOf(message.seq, reach ?? NOWHERE)
}

export async function statusOfText(self: Person, other: Person, text: string): Promise<Status> {
  const message = (await messages(self, other)).find((one) => textOf(one) === text)
  if (!message) throw new Error(`${self.name} never said "${text}"`)
  return statusOfMessage(self, other, message)
}
