import type { Bytes } from './bytes.ts'
import type { Address, FileId, IncarnationId } from './ids.ts'

/** One life of one device: a new one begins after a restore or a move (PROTOCOL §1). */
export interface Incarnation {
  readonly id: IncarnationId
  /** Milliseconds since 1970; the latest retires all others of the same identity. */
  readonly madeAt: number
  /** Ed25519 by the identity key, 64 bytes. */
  readonly signature: Bytes
}

/** What a person tells a contact about themselves. */
export interface Profile {
  readonly name: string
  readonly address: Address
  /** X25519 public key, 32 bytes. */
  readonly knockKey: Bytes
}

/** Everything a receiver needs to fetch, verify and name a file (DESIGN §3.4). */
export interface Manifest {
  readonly file: FileId
  readonly name: string
  /** Media type as the sender's browser states it; shown, never trusted. */
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** AES-256 key of this file alone, 32 bytes. */
  readonly key: Bytes
  /** Bytes of plaintext per block; the last block may be shorter. */
  readonly blockSize: number
  /** The file stands for a message that was too long to be one. */
  readonly longText?: true
}

export type Body =
  | { readonly kind: 'incarnation'; readonly incarnation: Incarnation }
  | { readonly kind: 'profile'; readonly profile: Profile }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly manifest: Manifest }

/** Bodies that stand on the screen as a message; the others are housekeeping. */
export type MessageBody = Extract<Body, { kind: 'text' | 'file' }>

export function isMessage(body: Body): body is MessageBody {
  return body.kind === 'text' || body.kind === 'file'
}

/** How a kind is named inside hashes and on the wire; a number once given is never given to another kind. */
export const KIND_CODES = { incarnation: 1, profile: 2, text: 3, file: 4 } as const satisfies Record<
  Body['kind'],
  number
>
