import type { Incarnation, Manifest, Picture } from '../core/body.ts'
import { toHex, type Bytes } from '../core/bytes.ts'
import type { Contact } from '../core/contact.ts'
import type { Conversation, Line, Message } from '../core/conversation.ts'
import type { Feed } from '../core/feed.ts'
import type { Invitation, Request } from '../core/group.ts'
import type { ConversationId, FileId, IdentityKey } from '../core/ids.ts'
import type { ShownInvite } from '../core/invite.ts'
import type { Marks } from '../core/marks.ts'
import type { Membership } from '../core/membership.ts'
import { feedKey, recordKey, type FeedId, type FeedRecord } from '../core/record.ts'
import type { Reach } from '../core/status.ts'
import type { MlsState, OwnKeyPackage } from '../crypto/mls.ts'
import type { TableName } from './rows.ts'

/** The person this device belongs to. All keys are secret but `identity` and `knockKey`. */
export interface Self {
  readonly identity: IdentityKey
  readonly name: string
  /** Ed25519 seed, 32 bytes; becomes a non-extractable key at start and is not read again. */
  readonly seed: Bytes
  readonly knockSecret: Bytes
  readonly knockKey: Bytes
  readonly addressKey: Bytes
  /** Which of the address tokens is in use; grows when the person asks for a new address. */
  readonly addressIndex: number
  readonly incarnation: Incarnation
}

/** A record where it lies; records that are no messages have no place on the screen but are kept all the same. */
export interface StoredRecord {
  readonly record: FeedRecord
  /** The conversation's local number. */
  readonly local: number
  /** Milliseconds: the clock under which it is sorted. */
  readonly order: number
  /** The feed's head after this record, 32 bytes. */
  readonly head: Bytes
  readonly message?: Omit<Message, 'record'>
  /** What it did to the conversation itself. */
  readonly line?: Line
  /** A tombstone, and nothing known here explains why: somebody else may have the rest. */
  readonly missing?: true
}

/** How far one other device has come with one feed of ours. */
export interface StoredReach extends Reach {
  readonly feed: FeedId
  readonly peer: IdentityKey
}

/** Our part in the MLS group of a conversation's present generation. */
export interface StoredMls {
  readonly conversation: ConversationId
  readonly generation: number
  readonly state: MlsState
  /** For organisers: SHA-256 of key packages that were used, hex; none is taken twice. */
  readonly used: readonly string[]
}

/** A key package of ours that was shown, and what alone it is good for (PROTOCOL §6). */
export interface StoredKeyPackage extends OwnKeyPackage {
  /** 'conversation/generation/organiser' or 'invite/id'. */
  readonly purpose: string
  /** Milliseconds since 1970. */
  readonly madeAt: number
}

/** What was said about a record that is not here yet. */
export interface StoredMarks {
  readonly target: string
  readonly marks: Marks
}

/** A message that disappears. */
export interface Vanishing {
  /** Its recordKey. */
  readonly record: string
  /** By the device's age (age.ts), milliseconds. */
  readonly at: number
}

/** A message of ours that this person does not want here, and that others are still to get. */
export interface Concealed {
  /** Its recordKey. */
  readonly record: string
}

/** A file whose message is here no more: what lies of it on this device is to go. */
export interface Discard {
  readonly file: FileId
  readonly author: IdentityKey
}

/** A picture of a group, or one that this person gave to a contact. */
export interface StoredPicture {
  readonly of: ConversationId | IdentityKey
  readonly picture: Picture
}

/** A file on its way or here. `blocks` counts from the start: so many are on disk on the receiving side. */
export interface Transfer {
  readonly file: FileId
  readonly manifest: Manifest
  readonly peer: IdentityKey
  readonly direction: 'sending' | 'receiving'
  readonly blocks: number
  readonly total: number
  readonly state:
    | { readonly at: 'waiting' }
    | { readonly at: 'moving' }
    | { readonly at: 'complete' }
    | { readonly at: 'cancelled'; readonly by: 'us' | 'them' }
    | { readonly at: 'gone'; readonly reason: 'missing' | 'changed' | 'damaged' | 'disk-full' }
  /** The other side knows how it ended. */
  readonly told?: true
}

/** What each table holds. */
export interface Tables {
  self: Self
  /** 16 bytes: opened only for words, backup and move. */
  root: { readonly root: Bytes }
  contacts: Contact
  conversations: Conversation
  memberships: Membership
  mls: StoredMls
  keyPackages: StoredKeyPackage
  invitations: Invitation
  requests: Request
  feeds: Feed
  reaches: StoredReach
  records: StoredRecord
  marks: StoredMarks
  vanishings: Vanishing
  concealed: Concealed
  discards: Discard
  pictures: StoredPicture
  invites: ShownInvite
  transfers: Transfer
  settings: { readonly name: string; readonly value: unknown }
}

interface Shape<T> {
  /** The value's name within its table. */
  readonly key: (value: T) => string
  readonly conversation?: (value: T) => number
  readonly order?: (value: T) => number
  readonly shown?: (value: T) => boolean
}

export const SHAPES: { readonly [T in TableName]: Shape<Tables[T]> } = {
  self: { key: () => 'self' },
  root: { key: () => 'root' },
  contacts: { key: (contact) => contact.identity },
  conversations: { key: (conversation) => conversation.id },
  memberships: { key: ({ conversation }) => conversation },
  mls: { key: ({ conversation }) => conversation },
  keyPackages: { key: ({ purpose }) => purpose },
  invitations: { key: ({ id }) => id },
  requests: { key: ({ group, identity }) => `${group}/${identity}` },
  feeds: { key: feedKey },
  reaches: { key: reachKey },
  records: {
    key: ({ record }) => recordKey(record),
    conversation: ({ local }) => local,
    order: ({ order }) => order,
    shown: ({ message }) => message !== undefined && !message.hidden,
  },
  marks: { key: ({ target }) => target },
  vanishings: { key: ({ record }) => record },
  concealed: { key: ({ record }) => record },
  discards: { key: ({ file, author }) => `${file}/${author}` },
  pictures: { key: ({ of }) => of },
  invites: { key: ({ secret }) => toHex(secret) },
  transfers: { key: ({ file, peer }) => `${file}/${peer}` },
  settings: { key: ({ name }) => name },
}

export function reachKey({ feed, peer }: { feed: FeedId; peer: IdentityKey }): string {
  return `${feedKey(feed)}/${peer}`
}
