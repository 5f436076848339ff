import type { Bytes } from '../core/bytes.ts'
import type { Signer } from '../crypto/identity.ts'
import type { Mls } from '../crypto/mls.ts'

/** The one who speaks on this device, and what that takes. */
export interface Author {
  readonly signer: Signer
  readonly mls: Mls
  /** Milliseconds since 1970, corrected by the introducer's clock where this device's is wrong. */
  now(): number
  /** How long this device has lived, milliseconds (age.ts). */
  age(): number
  randomBytes(length: number): Bytes
  /** Something that is not as it should be: counted. */
  suspicious(what: Suspicion, times?: number): void
}

/** 'refused': a record that fits nothing. 'fork': two stories about one moment. 'unopened': sealed, and not for us. */
export type Suspicion = 'refused' | 'fork' | 'unopened' | 'set-back'
