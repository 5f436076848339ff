import { toHex } from '../../core/bytes.ts'
import { endOf, type Contact } from '../../core/contact.ts'
import { admit } from '../../core/invite.ts'
import { doorOfInvite, doorOfPair, type DoorKeys } from '../../crypto/bind.ts'
import { pairKey } from '../../crypto/identity.ts'
import type { Door, Doors } from '../../net/doors.ts'
import type { Ledger } from '../../sync/ledger.ts'

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
    if (contact.stage === 'met') {
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
        const door = ofContact(contact)
        if (door) yield door
      }
      for (const invite of ledger.state.invites.values()) {
        if (admit(invite, now()) === 'forgotten') continue
        const keys = ofInvite(invite.secret)
        if (keys) yield { keys, expects: undefined, address: undefined, secret: invite.secret }
      }
    },
  }
}
