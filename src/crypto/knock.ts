import { concat, equal, fromHex, type Bytes } from '../core/bytes.ts'
import type { Address } from '../core/ids.ts'
import { label } from '../core/labels.ts'
import { mac } from './hash.ts'

const NONCE = 8
const TAG = 16

/** Who calls whom; both go into the knock, so that nobody can carry it to another door. */
export interface Parties {
  readonly caller: Address
  readonly callee: Address
}

function tag(key: Uint8Array, { caller, callee }: Parties, nonce: Uint8Array): Bytes {
  return mac(key, label.knock, fromHex(caller), fromHex(callee), nonce).slice(0, TAG)
}

/** nonce(8) ‖ HMAC(key, "knock" ‖ caller ‖ callee ‖ nonce)[0..16] (PROTOCOL §2). `nonce`: 8 fresh random bytes. */
export function makeKnock(key: Uint8Array, parties: Parties, nonce: Uint8Array): Bytes {
  return concat(nonce, tag(key, parties, nonce))
}

/** Synchronous, so that a stranger's connection is closed in the turn in which it appears. */
export function fitsKnock(key: Uint8Array, parties: Parties, knock: Uint8Array): boolean {
  if (knock.length !== NONCE + TAG) return false
  return equal(tag(key, parties, knock.subarray(0, NONCE)), knock.subarray(NONCE))
}
