import { fromHex, toHex } from '../core/bytes.ts'
import { address, conversationId, type Address, type ConversationId, type IdentityKey } from '../core/ids.ts'
import { label } from '../core/labels.ts'
import { derive, hash } from './hash.ts'

/** The `n`-th token of an identity (PROTOCOL §1): whoever knows it owns the address. 64 lower-case hex digits. */
export function addressToken(addressKey: Uint8Array, n: number): string {
  return toHex(derive(addressKey, 32, label.token, n))
}

/** First 40 hex digits of H("address" ‖ token), the token hashed as bytes (PROTOCOL §1). */
export function addressOf(token: string): Address {
  return address(toHex(hash(label.address, fromHex(token))).slice(0, 40))
}

/** H("pair" ‖ lower ‖ higher identity key)[0..16] (PROTOCOL §5). */
export function pairConversation(a: IdentityKey, b: IdentityKey): ConversationId {
  const [lower, higher] = [a, b].sort()
  return conversationId(toHex(hash(label.pair, fromHex(lower ?? ''), fromHex(higher ?? ''))).slice(0, 32))
}
