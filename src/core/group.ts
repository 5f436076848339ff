import type { Bytes } from './bytes.ts'
import type { Address, ConversationId, IdentityKey } from './ids.ts'
import type { Card } from './membership.ts'

/** We are asked into a group, by a contact or by a code on a wall. */
export interface Invitation {
  /** The group's id where it is known, else that of the invite. */
  readonly id: string
  readonly name: string
  /** Who lets us in. */
  readonly organiser: IdentityKey
  readonly at:
    | 'asked'
    /** We want to: told to the organiser as soon as we meet. */
    | 'accepted'
    | 'declined'
    /** The organiser does not let us in. */
    | 'refused'
  /** A contact asked us. */
  readonly group?: ConversationId
  /** We hold a group invite: its secret, where its maker is found, and until when it is good, milliseconds. */
  readonly poster?: { readonly secret: Bytes; readonly address: Address; readonly expires: number }
  readonly refusal?: 'declined' | 'full' | 'over'
}

/** Somebody whom we, as its organiser, asked into a group, or who asks to be let in. */
export interface Request {
  readonly group: ConversationId
  readonly identity: IdentityKey
  readonly at:
    /** We asked; the answer is theirs. */
    | 'asked'
    | 'declined'
    /** They hold the group's code, and have not asked yet. */
    | 'called'
    /** They ask; the answer is ours. */
    | 'wishes'
    /** They are added as soon as their key package is here. */
    | 'admitted'
    | 'turned-away'
    /** A member asks to be let go. */
    | 'leaves'
  /** Of somebody who came with a group invite. */
  readonly card?: Card
  /** Hex of the invite's id. */
  readonly invite?: string
}
