import type { Bytes } from './bytes.ts'
import type { Address, ConversationId, FileId, IdentityKey, IncarnationId } from './ids.ts'
import type { Card } from './membership.ts'
import type { Roster } from './roster.ts'

/** One life of one device: a new one begins after a restore or a move (PROTOCOL §1). */
export interface Incarnation {
  readonly id: IncarnationId
  /** Milliseconds since 1970; the latest retires all others of the same identity. */
  readonly madeAt: number
  /** Ed25519 by the identity key, 64 bytes. */
  readonly signature: Bytes
}

/** What a person tells a contact about themselves. */
export interface Profile {
  readonly name: string
  readonly address: Address
  /** X25519 public key, 32 bytes. */
  readonly knockKey: Bytes
}

/** Everything a receiver needs to fetch, verify and name a file (DESIGN §3.4). */
export interface Manifest {
  readonly file: FileId
  readonly name: string
  /** Media type as the sender's browser states it; shown, never trusted. */
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** AES-256 key of this file alone, 32 bytes. */
  readonly key: Bytes
  /** Bytes of plaintext per block; the last block may be shorter. */
  readonly blockSize: number
  /** The file stands for a message that was too long to be one. */
  readonly longText?: true
}

/** Names a record of the same conversation. */
export interface Target {
  readonly author: IdentityKey
  readonly incarnation: IncarnationId
  readonly seq: number
}

/** Somebody named in a text: so many UTF-16 units from there on are their name. */
export interface Mention {
  readonly at: number
  readonly length: number
  readonly who: IdentityKey
}

/** What may go with a message, whatever it holds. */
export interface Manner {
  /** What it answers. */
  readonly reply?: Target
  /** Somebody else wrote it first. */
  readonly forwarded?: true
  /** It disappears so many seconds after it was first stored, on each device. */
  readonly vanish?: number
}

export type Body =
  | { readonly kind: 'incarnation'; readonly incarnation: Incarnation }
  | { readonly kind: 'profile'; readonly profile: Profile }
  | (Manner & { readonly kind: 'text'; readonly text: string; readonly mentions?: readonly Mention[] })
  | (Manner & { readonly kind: 'file'; readonly manifest: Manifest })
  /** Introduces one contact to another. */
  | (Manner & { readonly kind: 'card'; readonly card: Card })
  /** A new text for a message of one's own. */
  | {
      readonly kind: 'edit'
      readonly target: Target
      readonly text: string
      readonly mentions?: readonly Mention[]
    }
  | { readonly kind: 'delete'; readonly target: Target }
  /** An empty `emoji` takes the reaction back. */
  | { readonly kind: 'react'; readonly target: Target; readonly emoji: string }
  | { readonly kind: 'pin'; readonly target: Target; readonly pinned: boolean }
  /** From now on messages disappear after so many seconds; 0: they stay. */
  | { readonly kind: 'vanish'; readonly seconds: number }
  /** What a group is called and looks like. */
  | { readonly kind: 'info'; readonly name: string; readonly picture?: Picture }
  | { readonly kind: 'roster'; readonly roster: Roster }
  /** The organiser names the next one. */
  | { readonly kind: 'handover'; readonly to: IdentityKey }
  /** Asks the organiser to be let go. */
  | { readonly kind: 'leave' }
  /** Agrees to go on without the organiser, as the roster record proposes. */
  | { readonly kind: 'follow'; readonly target: Target }
  /** How far this device holds the feeds of members whom it does not meet. */
  | { readonly kind: 'seen'; readonly feeds: readonly Target[] }
  /** Between two contacts: one asks the other into a group. */
  | { readonly kind: 'invitation'; readonly group: ConversationId; readonly name: string }
  | { readonly kind: 'declined'; readonly group: ConversationId }

/** A small picture of a group, as it travels: JPEG or WebP. */
export interface Picture {
  readonly type: 'image/jpeg' | 'image/webp'
  readonly bytes: Bytes
}

/** Bodies that stand on the screen as a message; the others are housekeeping. */
export type MessageBody = Extract<Body, { kind: 'text' | 'file' | 'card' }>

export function isMessage(body: Body): body is MessageBody {
  return body.kind === 'text' || body.kind === 'file' || body.kind === 'card'
}

/** How a kind is named inside hashes and on the wire; a number once given is never given to another kind. */
export const KIND_CODES = {
  ...{
    incarnation: 1,
    profile: 2,
    text: 3,
    file: 4,
    card: 5,
    edit: 6,
    delete: 7,
    react: 8,
    pin: 9,
    vanish: 10,
  },
  ...{ info: 11, roster: 12, handover: 13, leave: 14, follow: 15, seen: 16, invitation: 17, declined: 18 },
} as const satisfies Record<Body['kind'], number>
