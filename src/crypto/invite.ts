import { toHex } from '../core/bytes.ts'
import { inviteId, type InviteId } from '../core/ids.ts'
import { label } from '../core/labels.ts'
import type { SharedKey } from '../core/membership.ts'
import { derive } from './hash.ts'

/** HKDF(secret, "invite/id"): names an invite to whoever holds it, and tells nothing to others. */
export function inviteIdOf(secret: Uint8Array): InviteId {
  return inviteId(toHex(derive(secret, 16, label.inviteId)))
}

/** The external pre-shared key of the first MLS group behind an invite (PROTOCOL §6; RFC 9420 §8.4). */
export function pskOf(secret: Uint8Array): SharedKey {
  return { id: derive(secret, 16, label.inviteId), secret: derive(secret, 32, label.invitePsk) }
}
