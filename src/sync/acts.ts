import type { Body, MessageBody } from '../core/body.ts'
import { ranAway } from '../core/clock.ts'
import type { Conversation } from '../core/conversation.ts'
import type { ConversationId, IncarnationId } from '../core/ids.ts'
import { feedKey } from '../core/record.ts'
import { makeIncarnation } from '../crypto/incarnation.ts'
import type { Change } from '../store/store.ts'
import { append, type Author } from './append.ts'
import type { Ledger, State } from './ledger.ts'
import { profileOf } from './profile.ts'
import { rolledBack, type ReadRecord } from './set-back.ts'

/** What a person does that ends in a record or a row. Each resolves when it is on the disk. */
export interface Acts {
  /** Words take the place of the draft. */
  say(conversation: ConversationId, body: MessageBody): Promise<void>
  /** Tells every contact the new name. */
  rename(name: string): Promise<void>
  markRead(conversation: ConversationId): Promise<void>
  saveDraft(conversation: ConversationId, draft: string): Promise<void>
  /**
   * A new life of this device in place of the one named, if that is the present one still: others may hold records
   * of it that were lost here, or its clock ran away (PROTOCOL §1). It is made later than `after`, milliseconds since
   * 1970: another life of ours that was seen. Every link must be made anew.
   */
  beginAgain(how?: { instead?: IncarnationId; after?: number }): Promise<void>
}

export function createActs(ledger: Ledger, author: Author, readRecord: ReadRecord): Acts {
  const tell = async (conversation: ConversationId, body: Body): Promise<void> => {
    const { self } = ledger.state
    if (ranAway(ownClock(ledger.state, conversation), author.now()))
      await beginAgain({ instead: self.incarnation.id })
    await ledger.transact(async (state) => {
      const known = state.conversations.get(conversation)
      if (!known) throw new Error('there is no such conversation')
      const chat = body.kind === 'text' ? withDraft(known, '') : known
      return { changes: await append(state, author, { chat, bodies: [body] }), result: undefined }
    })
  }
  const beginAgain: Acts['beginAgain'] = ({ instead, after = 0 } = {}) =>
    ledger.transact(async (state) => {
      const { self } = state
      if (instead !== undefined && self.incarnation.id !== instead) return { changes: [], result: undefined }
      const madeAt = Math.max(author.now(), self.incarnation.madeAt + 1, after + 1)
      const incarnation = await makeIncarnation(author.signer, author.randomBytes(8), madeAt)
      const changes: Change[] = [{ table: 'self', put: { ...self, incarnation } }]
      return { changes: [...changes, ...(await rolledBack(state, readRecord))], result: undefined }
    })
  const change = (id: ConversationId, edit: (chat: Conversation) => Conversation): Promise<void> =>
    ledger.transact((state) => {
      const chat = state.conversations.get(id)
      const edited = chat && edit(chat)
      const changes: Change[] = edited && edited !== chat ? [{ table: 'conversations', put: edited }] : []
      return Promise.resolve({ changes, result: undefined })
    })

  return {
    say: tell,
    rename: async (name) => {
      await ledger.transact(async (state) => {
        const renamed = { ...state, self: { ...state.self, name } }
        const bodies = [{ kind: 'profile', profile: profileOf(renamed.self) } as const]
        const told = [...state.conversations.values()].map((chat) =>
          append(renamed, author, { chat, bodies }),
        )
        const changes: Change[] = [{ table: 'self', put: renamed.self }]
        return { changes: [...changes, ...(await Promise.all(told)).flat()], result: undefined }
      })
    },
    markRead: (id) =>
      change(id, (chat) => {
        const { newest } = chat
        return chat.unread === 0 || !newest ? chat : { ...chat, unread: 0, read: newest }
      }),
    saveDraft: (id, draft) => change(id, (chat) => withDraft(chat, draft)),
    beginAgain,
  }
}

function withDraft(chat: Conversation, draft: string): Conversation {
  const { draft: old = '', ...rest } = chat
  if (old === draft) return chat
  return draft === '' ? rest : { ...chat, draft }
}

/** The clock of what we said last in this conversation, 0 before. */
function ownClock({ feeds, self }: State, conversation: ConversationId): number {
  const { identity: author, incarnation } = self
  return feeds.get(feedKey({ conversation, author, incarnation: incarnation.id }))?.clock ?? 0
}
