import { join, fromHex, type Bytes } from '../core/bytes.ts'
import type { Incarnation } from '../core/body.ts'
import type { IdentityKey } from '../core/ids.ts'
import { label } from '../core/labels.ts'
import { derive, mac } from './hash.ts'

/** What opens a door (PROTOCOL §2–3): the pair key of a contact, or the keys of an invite. */
export interface DoorKeys {
  readonly knock: Bytes
  readonly seal: Bytes
  /** With an invite: both sides also prove that they hold its secret. */
  readonly bind?: Bytes
}

/** The pair key knocks as it is; what it seals goes under a key derived from it, so that no key has two uses. */
export function doorOfPair(pair: Bytes): DoorKeys {
  return { knock: pair, seal: derive(pair, 32, label.seal) }
}

/** `secret`: the 16 bytes of the invite (PROTOCOL §1). */
export function doorOfInvite(secret: Uint8Array): DoorKeys {
  return {
    knock: derive(secret, 32, label.inviteKnock),
    seal: derive(secret, 32, label.inviteWho),
    bind: derive(secret, 32, label.inviteBind),
  }
}

export type Role = 'dialer' | 'listener'

/** Everything a proof's signature covers (PROTOCOL §3). */
export interface BindTranscript {
  readonly role: Role
  readonly nonces: { readonly dialer: Uint8Array; readonly listener: Uint8Array }
  /** `[min, max]` of each side. */
  readonly versions: { readonly dialer: [number, number]; readonly listener: [number, number] }
  readonly identity: IdentityKey
  readonly incarnation: Incarnation
  /** SHA-256 of the DTLS certificates as the signer sees them. */
  readonly own: Uint8Array
  readonly theirs: Uint8Array
  /** The listener's signature also covers the dialer's sealed proof. */
  readonly answers?: Uint8Array
}

export function transcriptBytes(t: BindTranscript): Bytes {
  return join(
    ...[label.bind, t.role, t.nonces.dialer, t.nonces.listener],
    ...[...t.versions.dialer, ...t.versions.listener],
    ...[fromHex(t.identity), fromHex(t.incarnation.id), t.incarnation.madeAt, t.incarnation.signature],
    ...[t.own, t.theirs, t.answers ?? new Uint8Array()],
  )
}

/** Shows that the signer holds the invite's secret. */
export function meetingMac(bindKey: Uint8Array, transcript: Bytes): Bytes {
  return mac(bindKey, transcript)
}

/** What a sealed BIND frame is bound to: which frame, whose, and both nonces. */
export function sealContext(frame: 'proof' | 'verdict', t: Pick<BindTranscript, 'role' | 'nonces'>): Bytes {
  return join(label.bind, frame, t.role, t.nonces.dialer, t.nonces.listener)
}
