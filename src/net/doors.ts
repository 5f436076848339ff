import type { Bytes } from '../core/bytes.ts'
import type { Address, IdentityKey } from '../core/ids.ts'
import type { DoorKeys } from '../crypto/bind.ts'

/**
 * A way to be met. With an address we dial it and expect its owner; without one we only answer: an invite that we
 * showed and nobody has claimed may bring anybody who holds it.
 */
export interface Door {
  readonly keys: DoorKeys
  readonly expects: IdentityKey | undefined
  readonly address: Address | undefined
  /** The invite behind the door, 16 bytes. */
  readonly secret: Bytes | undefined
}

/** All doors of this device, as they stand now. Kept in memory: a knock is answered in the turn in which it comes. */
export interface Doors {
  all(): Iterable<Door>
}
