import type { Body, MessageBody } from '../core/body.ts'
import type { Conversation } from '../core/conversation.ts'
import type { ConversationId, IncarnationId } from '../core/ids.ts'
import { makeIncarnation } from '../crypto/incarnation.ts'
import type { Change } from '../store/store.ts'
import { append, type Author } from './append.ts'
import type { Ledger } from './ledger.ts'
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
   * A new life of this device: others may hold records of the present one that were lost here (PROTOCOL §1). With
   * `instead` only if that is the present one still.
   */
  beginAgain(instead?: IncarnationId): Promise<void>
}

export function createActs(ledger: Ledger, author: Author, readRecord: ReadRecord): Acts {
  const tell = async (conversation: ConversationId, body: Body): Promise<void> => {
    await ledger.transact(async (state) => {
      const known = state.conversations.get(conversation)
      if (!known) throw new Error('there is no such conversation')
      const chat = body.kind === 'text' ? withDraft(known, '') : known
      return { changes: await append(state, author, { chat, bodies: [body] }), result: undefined }
    })
  }
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
      await ledger.transact((state) => {
        return Promise.resolve({
          changes: [{ table: 'self', put: { ...state.self, name } }],
          result: undefined,
        })
      })
      const profile = profileOf(ledger.state.self)
      for (const id of [...ledger.state.conversations.keys()]) await tell(id, { kind: 'profile', profile })
    },
    markRead: (id) =>
      change(id, (chat) => {
        const { newest } = chat
        return chat.unread === 0 || !newest ? chat : { ...chat, unread: 0, read: newest }
      }),
    saveDraft: (id, draft) => change(id, (chat) => withDraft(chat, draft)),
    beginAgain: (instead) =>
      ledger.transact(async (state) => {
        const { self } = state
        if (instead !== undefined && self.incarnation.id !== instead)
          return { changes: [], result: undefined }
        const madeAt = Math.max(author.now(), self.incarnation.madeAt + 1)
        const incarnation = await makeIncarnation(author.signer, author.randomBytes(8), madeAt)
        const changes: Change[] = [{ table: 'self', put: { ...self, incarnation } }]
        return { changes: [...changes, ...(await rolledBack(state, readRecord))], result: undefined }
      }),
  }
}

function withDraft(chat: Conversation, draft: string): Conversation {
  const { draft: old = '', ...rest } = chat
  if (old === draft) return chat
  return draft === '' ? rest : { ...chat, draft }
}
