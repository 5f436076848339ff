import { isMessage, type Body, type Picture } from '../core/body.ts'
import { ranAway } from '../core/clock.ts'
import type { Conversation } from '../core/conversation.ts'
import type { ConversationId, IdentityKey, IncarnationId } from '../core/ids.ts'
import { feedKey } from '../core/record.ts'
import { makeIncarnation } from '../crypto/incarnation.ts'
import { append } from './append.ts'
import type { Author } from './author.ts'
import type { Delivery } from './delivery.ts'
import { ownFeed, type Draft } from './draft.ts'
import { hide } from './hide.ts'
import type { Ledger } from './ledger.ts'
import { openPair } from './pair.ts'
import { profileOf } from './profile.ts'
import { rollBack } from './set-back.ts'

/** What a person does that ends in a record or a row. Each resolves when it is on the disk. */
export interface Acts {
  /** A message takes the place of the draft. */
  say(conversation: ConversationId, body: Body): Promise<void>
  /** Tells everybody the new name. */
  rename(name: string): Promise<void>
  /** What is this person's own business about a chat: nobody is told. */
  change(conversation: ConversationId, edit: (chat: Conversation) => Conversation): Promise<void>
  /** Takes a message off this device alone; `key`: its recordKey. */
  hide(key: string): Promise<void>
  /** The file of a message of ours can be had no more, and the message says so; `key`: its recordKey. */
  fileGone(key: string): Promise<void>
  /** What this person calls somebody, and the picture they gave them. */
  nickname(who: IdentityKey, as: { alias: string | undefined; picture: Picture | undefined }): Promise<void>
  /** The notes to oneself. */
  notes(): Promise<ConversationId>
  markRead(conversation: ConversationId): Promise<void>
  saveDraft(conversation: ConversationId, draft: string): Promise<void>
  /**
   * A new life of this device in place of the one named, if that is the present one still: others may hold records
   * of it that were lost here, or its clock ran away (PROTOCOL §1). It is made later than `after`, milliseconds since
   * 1970: another life of ours that was seen. Every link must be made anew.
   */
  beginAgain(how?: { instead?: IncarnationId; after?: number }): Promise<void>
}

export function createActs(ledger: Ledger, author: Author, delivery: Delivery): Acts {
  const beginAgain: Acts['beginAgain'] = ({ instead, after = 0 } = {}) =>
    ledger.transact(async (draft) => {
      const { self } = draft
      if (instead !== undefined && self.incarnation.id !== instead) return
      const madeAt = Math.max(author.now(), self.incarnation.madeAt + 1, after + 1)
      await rollBack(draft)
      const incarnation = await makeIncarnation(author.signer, author.randomBytes(8), madeAt)
      draft.put('self', { ...self, incarnation })
    })
  const change: Acts['change'] = (id, edit) =>
    ledger.transact((draft) => {
      const chat = draft.get('conversations', id)
      const edited = chat && edit(chat)
      if (edited && edited !== chat) draft.put('conversations', edited)
    })

  return {
    say: async (conversation, body) => {
      const { state } = ledger
      const clock = state.feeds.get(feedKey(ownFeed(state, conversation)))?.clock ?? 0
      if (ranAway(clock, author.now())) await beginAgain({ instead: state.self.incarnation.id })
      await delivery.carry(conversation, async (draft) => {
        const bodies = [vanishing(body, draft.get('conversations', conversation))]
        await append(draft, author, { conversation, bodies })
        const chat = draft.get('conversations', conversation)
        if (chat && body.kind === 'text') draft.put('conversations', withDraft(chat, ''))
      })
    },
    rename: async (name) => {
      await ledger.transact(async (draft) => {
        draft.put('self', { ...draft.self, name })
        const profile = profileOf(draft.self)
        for (const { id: conversation } of draft.all('conversations')) {
          await append(draft, author, { conversation, bodies: [{ kind: 'profile', profile }] })
        }
      })
    },
    change,
    hide: (key) => ledger.transact((draft) => hide(draft, key)),
    fileGone: (key) => ledger.transact((draft) => failFile(draft, key)),
    nickname: (who, { alias, picture }) =>
      ledger.transact((draft) => {
        const contact = draft.get('contacts', who)
        if (!contact) return
        const { alias: _, ...rest } = contact
        draft.put('contacts', alias === undefined ? rest : { ...rest, alias })
        if (picture) draft.put('pictures', { of: who, picture })
        else draft.remove('pictures', who)
      }),
    notes: () => ledger.transact((draft) => openPair(draft, draft.self.identity, author)),
    markRead: (id) =>
      change(id, (chat) => {
        const { newest, mentioned: _, ...rest } = chat
        return chat.unread === 0 || !newest ? chat : { ...rest, newest, unread: 0, read: newest }
      }),
    saveDraft: (id, draft) => change(id, (chat) => withDraft(chat, draft)),
    beginAgain,
  }
}

/** Messages disappear as the chat says, unless they say themselves. */
function vanishing(body: Body, chat: Conversation | undefined): Body {
  const seconds = chat?.vanish?.value ?? 0
  return isMessage(body) && seconds > 0 && body.vanish === undefined ? { ...body, vanish: seconds } : body
}

/** Upon the row as it is now: what was taken back meanwhile stays taken back. */
async function failFile(draft: Draft, key: string): Promise<void> {
  const row = await draft.record(key)
  if (row?.message?.body?.kind !== 'file') return
  draft.put('records', { ...row, message: { ...row.message, failed: 'file-gone' } })
}

function withDraft(chat: Conversation, draft: string): Conversation {
  const { draft: old = '', ...rest } = chat
  if (old === draft) return chat
  return draft === '' ? rest : { ...chat, draft }
}
