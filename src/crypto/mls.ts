import type { Bytes } from '../core/bytes.ts'
import type { IdentityKey } from '../core/ids.ts'

/**
 * Messaging Layer Security (RFC 9420) as Earshot uses it: one organiser commits, everybody else takes his commits in,
 * and each message has a key of its own. State in, state out: nothing here is remembered, and whoever calls writes the
 * state it gets to the disk before anything leaves.
 */

/** A group as one member holds it, encoded: secret, and to be stored sealed. */
export type MlsState = Bytes

/** What may be known of a state without using it. */
export interface MlsGroup {
  /** 8 bytes. */
  readonly id: Bytes
  readonly epoch: number
  /** In the order of the leaves of the ratchet tree; nobody is in it twice. */
  readonly members: readonly IdentityKey[]
  /** Epoch authenticator (RFC 9420 §8.7), 32 bytes: equal for all who are in the same epoch of the same group. */
  readonly authenticator: Bytes
}

/** A key package of our own (RFC 9420 §10); whoever adds us needs `shown`, and we need both to join. */
export interface OwnKeyPackage {
  readonly shown: Bytes
  /** Secret; to be deleted once it was used. */
  readonly kept: Bytes
}

/** An external pre-shared key (RFC 9420 §8.4): whoever does not hold it cannot join or follow. */
export interface Psk {
  readonly id: Bytes
  readonly secret: Bytes
}

export interface Membership {
  /** Key packages of those who are added, checked with `inspect` before. */
  readonly add?: readonly Bytes[]
  readonly remove?: readonly IdentityKey[]
  readonly psk?: Psk
}

/** What came of a commit or a message of somebody else. Whatever state comes back takes the place of the old one. */
export type Taken =
  | { readonly result: 'taken'; readonly state: MlsState }
  /** Of an epoch that we have not reached. Nothing was used up. */
  | { readonly result: 'later' }
  /** Not for this group, not by the organiser, too old, used before, or broken. */
  | { readonly result: 'refused'; readonly state: MlsState }

export type Opened =
  | Exclude<Taken, { result: 'taken' }>
  | {
      readonly result: 'opened'
      readonly state: MlsState
      readonly epoch: number
      /** Who sealed it, by the leaf of that epoch: may have been removed since. */
      readonly sender: IdentityKey
      readonly plain: Bytes
      /** The authenticated data that travelled in the clear. */
      readonly context: Bytes
    }

/** One device's MLS. Throws only when it is used wrongly; bytes from outside never make it throw. */
export interface Mls {
  /** Good from a day ago, for clocks differ, for 28 days. */
  keyPackage(): Promise<OwnKeyPackage>
  /** Whose key package that is; undefined unless it is signed, in force, of our suite and of nobody else's key. */
  inspect(shown: Bytes): Promise<IdentityKey | undefined>
  /** A new group of which we are the only member. `id`: 8 bytes. */
  create(id: Bytes): Promise<MlsState>
  /**
   * Adds and removes in one commit. Somebody who is in both is taken out and in again. The welcome is for all who are
   * added. Throws if somebody to be removed is no member, or somebody to be added is one.
   */
  commit(
    state: MlsState,
    membership: Membership,
  ): Promise<{ state: MlsState; commit: Bytes; welcome: Bytes | undefined }>
  /**
   * Undefined unless `organiser` made the group of this `id`, the welcome is for this key package, and the
   * pre-shared key, where there is one, was asked for.
   */
  join(
    welcome: Bytes,
    own: OwnKeyPackage,
    expected: { id: Bytes; organiser: IdentityKey; psk?: Psk },
  ): Promise<MlsState | undefined>
  /** Takes a commit in, if it is the organiser's and does nothing but add and remove. */
  take(state: MlsState, commit: Bytes, from: { organiser: IdentityKey; psk?: Psk }): Promise<Taken>
  /** Seals for all members of this epoch under a key that is never used again. `context` travels in the clear. */
  seal(state: MlsState, plain: Bytes, context: Bytes): Promise<{ state: MlsState; sealed: Bytes }>
  open(state: MlsState, sealed: Bytes): Promise<Opened>
  /** Of which group and epoch a sealed message claims to be. */
  header(sealed: Bytes): { readonly id: Bytes; readonly epoch: number } | undefined
  look(state: MlsState): MlsGroup
}
