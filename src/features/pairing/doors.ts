import { toHex } from '../../core/bytes.ts'
import { endOf, isKnown, type Contact } from '../../core/contact.ts'
import { admit, REMEMBERED_MS } from '../../core/invite.ts'
import { brings } from '../../core/membership.ts'
import { doorOfInvite, doorOfPair, type DoorKeys } from '../../crypto/bind.ts'
import { pairKey } from '../../crypto/identity.ts'
import type { Door, Doors } from '../../net/doors.ts'
import type { Ledger, State } from '../../sync/ledger.ts'

/** The doors that follow from contacts and invites. Keys are computed once and remembered. */
export function createDoors(ledger: Ledger, now: () => number): Doors {
  const known = new Map<string, DoorKeys | undefined>()
  const remember = (name: string, make: () => DoorKeys | undefined): DoorKeys | undefined => {
    if (!known.has(name)) known.set(name, make())
    return known.get(name)
  }
  const ofInvite = (secret: Uint8Array): DoorKeys | undefined =>
    remember(`invite/${toHex(secret)}`, () => doorOfInvite(secret))

  const ofContact = (contact: Contact): Door | undefined => {
    const { identity: expects, address } = contact
    if (isKnown(contact)) {
      const { knockKey } = contact
      const keys = remember(`pair/${expects}/${toHex(knockKey)}`, () => {
        const pair = pairKey(ledger.state.self, { identity: expects, knockKey })
        return pair && doorOfPair(pair)
      })
      return keys && { keys, expects, address, secret: undefined }
    }
    const { secret } = contact
    // A day longer than it lives: whoever claimed it in time is still admitted, and others hear how it stands.
    const keys = endOf(contact, now()) ? undefined : ofInvite(secret)
    return keys && { keys, expects, address, secret }
  }

  return {
    *all() {
      for (const contact of ledger.state.contacts.values()) {
        if (contact.stage === 'fellow' && !concerns(ledger.state, contact, now())) continue
        const door = ofContact(contact)
        if (door) yield door
      }
      for (const { organiser, at, poster } of ledger.state.invitations.values()) {
        if (!poster || at !== 'accepted' || now() > poster.expires + REMEMBERED_MS) continue
        const { secret, address } = poster
        const keys = ofInvite(secret)
        if (keys && !isKnown(ledger.state.contacts.get(organiser)))
          yield { keys, expects: organiser, address, secret }
      }
      for (const invite of ledger.state.invites.values()) {
        if (admit(invite, now()) === 'forgotten') continue
        const keys = ofInvite(invite.secret)
        if (keys) yield { keys, expects: undefined, address: undefined, secret: invite.secret }
      }
    },
  }
}

/** A fellow member is met as long as a group is shared with them, or a chat was begun. */
export function concerns(state: State, { identity: peer, conversation }: Contact, now: number): boolean {
  const me = state.self.identity
  if (state.conversations.has(conversation)) return true
  return [...state.memberships.values()].some((membership) => brings(membership, { me, peer }, now))
}
