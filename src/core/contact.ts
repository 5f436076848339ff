import type { Bytes } from './bytes.ts'
import type { Incarnation } from './body.ts'
import type { Address, ConversationId, IdentityKey } from './ids.ts'
import { REMEMBERED_MS } from './invite.ts'

/** How surely the key belongs to the person (PROTOCOL §4). */
export type Trust = 'unverified' | 'private-invite' | 'verified'

interface Known {
  readonly identity: IdentityKey
  readonly conversation: ConversationId
  readonly name: string
  /** Under what name they were met, if they have given themselves another one since. */
  readonly metAs?: string
  /** What this person calls them. */
  readonly alias?: string
  readonly address: Address
  readonly trust: Trust
  /** Why the last attempt to connect failed, where the person must hear about it. */
  readonly alarm?: Alarm
}

/**
 * 'intercepted': somebody stood between us. 'broken': our proof stayed without an answer. 'key-changed': the right
 * door, another key. The others: no common version of the protocol.
 */
export type Alarm = 'intercepted' | 'broken' | 'key-changed' | 'they-must-update' | 'we-must-update'

/** We opened this person's invite and have not met them yet. */
export interface Invited extends Known {
  readonly stage: 'invited'
  /** The invite's secret, 16 bytes: until it runs out we dial with it. */
  readonly secret: Bytes
  /** Milliseconds since 1970. */
  readonly expires: number
  /** What ended the invite before we met, if anything did. */
  readonly ended?: 'used' | 'expired'
}

/** We have been bound to this person: from now on the pair key opens the door. */
export interface Met extends Known {
  readonly stage: 'met'
  /** If others told us of them first. */
  readonly through?: Through
  /** Their X25519 public key, 32 bytes. */
  readonly knockKey: Bytes
  readonly incarnation: Incarnation
}

/**
 * Somebody whom others told us of: a fellow member of a group, or a friend of a friend. Never a chat by itself, until
 * one of the two begins it.
 */
export interface Fellow extends Known {
  readonly stage: 'fellow'
  readonly knockKey: Bytes
  readonly incarnation: Incarnation
  readonly through: Through
}

/** Through which group, or through whom, somebody was met. */
export type Through = { readonly group: ConversationId } | { readonly by: IdentityKey }

export type Contact = Invited | Met | Fellow

/** Whose pair key can be computed. */
export function isKnown(contact: Contact | undefined): contact is Met | Fellow {
  return contact !== undefined && contact.stage !== 'invited'
}

/** Why this invitation leads nowhere any more, if so. Its maker may be away for good: then time alone ends it. */
export function endOf({ ended, expires }: Invited, now: number): Invited['ended'] {
  return ended ?? (now > expires + REMEMBERED_MS ? 'expired' : undefined)
}

/** Somebody of whom others told, and with whom there is a chat now. */
export function acquainted(fellow: Fellow): Met {
  return { ...fellow, stage: 'met' }
}

/** What they are called on this device. */
export function nameOf({ alias, name }: Pick<Contact, 'alias' | 'name'>): string {
  return alias ?? name
}

/** The same person with the name they give themselves now. */
export function renamed<T extends Contact>(contact: T, name: string): T {
  const { metAs = contact.name, ...rest } = contact
  return (metAs === name ? { ...rest, name } : { ...rest, name, metAs }) as T
}

/** Of two trusts in the same key, the better: a new invite never lowers it. */
export function betterTrust(a: Trust, b: Trust): Trust {
  const order: Trust[] = ['unverified', 'private-invite', 'verified']
  return order.indexOf(a) > order.indexOf(b) ? a : b
}
