import type { Profile } from '../core/body.ts'
import { addressOf, addressToken } from '../crypto/address.ts'
import type { Self } from '../store/tables.ts'

/** What we tell contacts about ourselves. */
export function profileOf(self: Self): Profile {
  return { name: self.name, address: addressOf(tokenOf(self)), knockKey: self.knockKey }
}

/** Owns our address; shown to the introducer and to nobody else. */
export function tokenOf(self: Self): string {
  return addressToken(self.addressKey, self.addressIndex)
}
