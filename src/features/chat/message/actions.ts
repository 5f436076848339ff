import type { Target } from '../../../core/body.ts'
import type { Message } from '../../../core/conversation.ts'
import type { IdentityKey } from '../../../core/ids.ts'

/** What can be done with a message, by the names that its menu has for it. */
export type Action = 'Reply' | 'React' | 'Copy' | 'Forward' | 'Pin' | 'Unpin' | 'Edit' | 'Details' | 'Delete'

export interface Circumstances {
  readonly me: IdentityKey
  /** This person may write in the chat. */
  readonly mayWrite: boolean
  /** The message stands at the head of the chat. */
  readonly pinned: boolean
}

/** The actions that apply, in the order of the menu. */
export function actionsOn(message: Message, { me, mayWrite, pinned }: Circumstances): Action[] {
  const { body, author, failed, late } = message
  const live = body !== undefined && mayWrite && failed === undefined && !late
  const all: Record<Action, boolean> = {
    Reply: live,
    React: live,
    Copy: body?.kind === 'text',
    // A file is served by whoever was asked for it.
    Forward: body?.kind === 'text' || body?.kind === 'card',
    Pin: live && !pinned,
    Unpin: live && pinned,
    Edit: live && author === me && body.kind === 'text',
    Details: true,
    Delete: true,
  }
  return (Object.keys(all) as Action[]).filter((action) => all[action])
}

/** Only its author takes a message back, and only while others take it from them. */
export function canTakeBack(message: Message, { me, mayWrite }: Omit<Circumstances, 'pinned'>): boolean {
  const { author, body, failed } = message
  return author === me && body !== undefined && mayWrite && failed === undefined
}

/** Names a message towards others. */
export function targetOf({ record }: Message): Target {
  const { author, incarnation, seq } = record
  return { author, incarnation, seq }
}
