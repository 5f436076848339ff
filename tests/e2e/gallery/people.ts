import type { MessageBody } from '../../../src/core/body.ts'
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../../src/core/bytes.ts'
import type { Contact, Invited } from '../../../src/core/contact.ts'
import type { Conversation, Message } from '../../../src/core/conversation.ts'
import {
  address,
  conversationId,
  identityKey,
  incarnationId,
  type IdentityKey,
} from '../../../src/core/ids.ts'
import { FIRST_ERA } from '../../../src/core/era.ts'
import type { StoredRecord } from '../../../src/store/tables.ts'

const hex = (seed: string) => toHex(sha256(new TextEncoder().encode(seed)))

export const keyOf = (name: string): IdentityKey => identityKey(hex(name))
export const ME = keyOf('me')
export const conversationOf = (name: string) => conversationId(hex(`chat ${name}`).slice(0, 32))
export const localOf = (name: string) => parseInt(hex(name).slice(0, 8), 16)
const incarnation = (who: IdentityKey) => incarnationId(who.slice(0, 16))

export function metContact(name: string, trust: Contact['trust']): Contact {
  return {
    ...{ stage: 'met', identity: keyOf(name), conversation: conversationOf(name), name, trust },
    address: address(hex(name).slice(0, 40)),
    knockKey: new Uint8Array(32),
    incarnation: { id: incarnation(keyOf(name)), madeAt: 0, signature: new Uint8Array(64) },
  }
}

export function invitedContact(name: string, ended?: 'used' | 'expired'): Invited {
  return {
    ...{
      stage: 'invited',
      identity: keyOf(name),
      conversation: conversationOf(name),
      name,
      trust: 'private-invite',
    },
    ...{
      address: address(hex(name).slice(0, 40)),
      secret: new Uint8Array(16),
      expires: Date.UTC(2100, 0, 1),
    },
    ...(ended && { ended }),
  }
}

/** One message of an invented chat. `clock`: milliseconds since 1970. */
export function recordOf(
  chat: string,
  who: IdentityKey,
  at: { seq: number; clock: number },
  body: MessageBody,
): StoredRecord {
  const message: Omit<Message, 'record'> = { author: who, ...at, body }
  return {
    record: {
      form: 'record',
      ...{
        conversation: conversationOf(chat),
        author: who,
        incarnation: incarnation(who),
        seq: at.seq,
        era: FIRST_ERA,
      },
      ...{ inner: new Uint8Array(32), signature: new Uint8Array(64) },
      content: { kind: body.kind, clock: at.clock, body: new Uint8Array(), salt: new Uint8Array(8) },
    },
    ...{ local: localOf(chat), order: at.clock, head: new Uint8Array(32), message },
  }
}

export function chatOf(name: string, active: number, more: Partial<Conversation>): Conversation {
  return {
    ...{ id: conversationOf(name), circle: { kind: 'pair', peer: keyOf(name) }, local: localOf(name) },
    ...{ active, unread: 0, messages: 0 },
    ...more,
  }
}
