import type { Bytes } from '../../src/core/bytes.ts'
import type { Incarnation } from '../../src/core/body.ts'
import {
  address,
  conversationId,
  identityKey,
  incarnationId,
  type Address,
  type ConversationId,
  type IdentityKey,
  type IncarnationId,
} from '../../src/core/ids.ts'
import type { FeedId } from '../../src/core/record.ts'

/** Things that look right and mean nothing, told apart by a small number. */

export function bytesOf(length: number, n: number): Bytes {
  return new Uint8Array(length).fill(n)
}

function hexOf(length: number, n: number): string {
  return n.toString(16).padStart(2, '0').repeat(length)
}

export const identityOf = (n: number): IdentityKey => identityKey(hexOf(32, n))
export const addressOfNumber = (n: number): Address => address(hexOf(20, n))
export const conversationOf = (n: number): ConversationId => conversationId(hexOf(16, n))
export const incarnationIdOf = (n: number): IncarnationId => incarnationId(hexOf(8, n))

export function feedIdOf(n: number): FeedId {
  return { conversation: conversationOf(n), author: identityOf(n), incarnation: incarnationIdOf(n) }
}

export function incarnationOf(n: number): Incarnation {
  return { id: incarnationIdOf(n), madeAt: n, signature: bytesOf(64, n) }
}
