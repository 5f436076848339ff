import type { Bytes } from './bytes.ts'
import type { Address, ConversationId, IdentityKey } from './ids.ts'

/** How long a code on the screen is good for, and a link that was copied (PROTOCOL §4). */
export const QR_LIFETIME_MS = 10 * 60_000
export const LINK_LIFETIME_MS = 7 * 24 * 3_600_000
/** For so long past its end an invite still answers "already used" or "run out" to whoever holds the secret. */
export const REMEMBERED_MS = 24 * 3_600_000

/** What a code or link carries (PROTOCOL §4). */
export interface Invite {
  readonly secret: Bytes
  /** Milliseconds since 1970, whole seconds on the wire. */
  readonly expires: number
  readonly identity: IdentityKey
  readonly address: Address
  /** Of the person, or of the group. */
  readonly name: string
  /** Many may use it, to ask the organiser to be let into a group. */
  readonly group?: true
}

/** What we remember of an invite that we made. */
export type ShownInvite = {
  readonly secret: Bytes
  readonly expires: number
  readonly via: 'qr' | 'link'
  /** It leads into a group, not to us. */
  readonly group?: { readonly conversation: ConversationId; readonly admit: 'ask' | 'all' }
} & (
  | { readonly state: 'live' }
  | { readonly state: 'claimed'; readonly by: IdentityKey }
  | { readonly state: 'spent' }
  | { readonly state: 'withdrawn' }
)

/** What somebody who knocks with this invite finds. */
export type Admission = 'welcome' | 'used' | 'expired' | 'forgotten'

/**
 * Decides by the invite's state alone; `who` is the identity that proved itself, or undefined before that.
 * A claimed invite still admits the one who claimed it, even past expiry: their first link may have broken.
 */
export function admit(invite: ShownInvite, now: number, who?: IdentityKey): Admission {
  if (invite.state === 'claimed' && (who === undefined || who === invite.by)) return 'welcome'
  if (now > invite.expires + REMEMBERED_MS) return 'forgotten'
  if (invite.state === 'claimed' || invite.state === 'spent') return 'used'
  if (invite.state === 'withdrawn' || now > invite.expires) return 'expired'
  return 'welcome'
}
