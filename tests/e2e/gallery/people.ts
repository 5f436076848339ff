import type { Body, Picture } from '../../../src/core/body.ts'
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../../src/core/bytes.ts'
import type { Contact, Invited, Met } from '../../../src/core/contact.ts'
import type { Conversation, Line, Message } from '../../../src/core/conversation.ts'
import {
  address,
  conversationId,
  identityKey,
  incarnationId,
  type IdentityKey,
} from '../../../src/core/ids.ts'
import { FIRST_ERA } from '../../../src/core/era.ts'
import { firstMembership, type Membership } from '../../../src/core/membership.ts'
import { isMessage } from '../../../src/core/body.ts'
import type { StoredRecord } from '../../../src/store/tables.ts'

const hex = (seed: string) => toHex(sha256(new TextEncoder().encode(seed)))

export const keyOf = (name: string): IdentityKey => identityKey(hex(name))
export const ME = keyOf('me')
export const conversationOf = (name: string) => conversationId(hex(`chat ${name}`).slice(0, 32))
export const localOf = (name: string) => parseInt(hex(name).slice(0, 8), 16)
export const incarnationOf = (who: IdentityKey) => incarnationId(who.slice(0, 16))

export function metContact(name: string, trust: Contact['trust']): Met {
  return {
    ...{ stage: 'met', identity: keyOf(name), conversation: conversationOf(name), name, trust },
    address: address(hex(name).slice(0, 40)),
    knockKey: new Uint8Array(32),
    incarnation: { id: incarnationOf(keyOf(name)), madeAt: 0, signature: new Uint8Array(64) },
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

/** One record of an invented chat. `clock`: milliseconds since 1970. */
export function recordOf(
  chat: string,
  who: IdentityKey,
  at: { seq: number; clock: number },
  body: Body,
): StoredRecord {
  return recordIn({ id: conversationOf(chat), local: localOf(chat) }, { author: who, ...at }, body)
}

/** One record of a chat. */
export function recordIn(
  { id, local }: Pick<Conversation, 'id' | 'local'>,
  { author: who, ...at }: { author: IdentityKey; seq: number; clock: number },
  body: Body,
): StoredRecord {
  const message: Omit<Message, 'record'> | undefined = isMessage(body)
    ? { author: who, ...at, body }
    : undefined
  return {
    record: {
      form: 'record',
      ...{
        conversation: id,
        author: who,
        incarnation: incarnationOf(who),
        seq: at.seq,
        era: FIRST_ERA,
      },
      ...{ inner: new Uint8Array(32), signature: new Uint8Array(64) },
      content: { kind: body.kind, clock: at.clock, body: new Uint8Array(), salt: new Uint8Array(8) },
    },
    ...{ local, order: at.clock, head: new Uint8Array(32), ...(message && { message }) },
  }
}

/** Something that happened to an invented chat. */
export function lineOf(
  chat: string,
  who: IdentityKey,
  at: { seq: number; clock: number },
  line: Line,
): StoredRecord {
  return { ...recordOf(chat, who, at, { kind: 'leave' }), line }
}

/** Names a message of an invented chat. */
export function targetOf(
  who: IdentityKey,
  seq: number,
): { author: IdentityKey; incarnation: ReturnType<typeof incarnationOf>; seq: number } {
  return { author: who, incarnation: incarnationOf(who), seq }
}

export function chatOf(name: string, active: number, more: Partial<Conversation>): Conversation {
  return {
    ...{ id: conversationOf(name), circle: { kind: 'pair', peer: keyOf(name) } },
    ...{ local: localOf(name), active, unread: 0, messages: 0 },
    ...more,
  }
}

export function membershipOf(chat: string, names: readonly string[], organiser: string): Membership {
  const people = [ME, ...names.map(keyOf)]
  const who = organiser === 'me' ? ME : keyOf(organiser)
  return { ...firstMembership(conversationOf(chat), people, FIRST_ERA), organiser: who }
}

/** A small picture, drawn here. */
export async function drawnPicture(hue: number): Promise<Picture> {
  const canvas = new OffscreenCanvas(96, 96)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser cannot draw')
  const sky = context.createLinearGradient(0, 0, 0, 96)
  sky.addColorStop(0, `oklch(0.75 0.12 ${String(hue)})`)
  sky.addColorStop(1, `oklch(0.9 0.06 ${String(hue + 50)})`)
  context.fillStyle = sky
  context.fillRect(0, 0, 96, 96)
  context.fillStyle = `oklch(0.5 0.1 ${String(hue + 160)})`
  for (const [x, y, r] of [
    [20, 110, 60],
    [80, 116, 56],
  ] as const) {
    context.beginPath()
    context.arc(x, y, r, 0, 7)
    context.fill()
  }
  context.fillStyle = `oklch(0.96 0.05 90)`
  context.beginPath()
  context.arc(64, 30, 11, 0, 7)
  context.fill()
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
  return { type: 'image/jpeg', bytes: new Uint8Array(await blob.arrayBuffer()) }
}
