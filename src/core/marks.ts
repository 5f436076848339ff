import type { Body, Mention, Target } from './body.ts'
import { comparePlaces, type Place } from './clock.ts'
import type { ConversationId, IdentityKey, IncarnationId } from './ids.ts'
import { recordKey } from './record.ts'

/** What later records say about an earlier one (PROTOCOL §5, edit, delete, reaction). */
export interface Marks {
  /** In the order in which they count: the last one is shown, the others are its history. */
  readonly edits?: readonly Edit[]
  /** One per person. */
  readonly reactions?: readonly Reaction[]
  /** Its author took it back; nothing undoes that. */
  readonly deleted?: true
}

/** Where an edit counts: clock, then incarnation, then seq. */
export interface Edit {
  readonly text: string
  readonly mentions?: readonly Mention[]
  readonly clock: number
  readonly incarnation: IncarnationId
  readonly seq: number
}

export interface Reaction extends Place {
  readonly author: IdentityKey
  /** Empty: taken back. Kept, so that an older one does not come up again. */
  readonly emoji: string
}

/** Bodies that say something about another record. */
export type MarkBody = Extract<Body, { kind: 'edit' | 'delete' | 'react' }>

/** Who said it, and where. */
export interface Marking extends Place {
  readonly author: IdentityKey
  readonly incarnation: IncarnationId
}

/** Edits kept of one message; more are counted by nobody. */
const MAX_EDITS = 64

export function isMark(body: Body): body is MarkBody {
  return body.kind === 'edit' || body.kind === 'delete' || body.kind === 'react'
}

/** Only its author may edit or delete a message, from any incarnation; everybody may react. */
export function mayMark(body: MarkBody, by: IdentityKey): boolean {
  return body.kind === 'react' || body.target.author === by
}

/** The marks with one more; the same whatever comes first. */
export function marked(marks: Marks, body: MarkBody, by: Marking): Marks {
  if (marks.deleted) return marks
  switch (body.kind) {
    case 'delete':
      return { deleted: true }
    case 'edit':
      return { ...marks, edits: withEdit(marks.edits ?? [], editOf(body, by)) }
    case 'react':
      return {
        ...marks,
        reactions: withReaction(marks.reactions ?? [], { ...placeOf(by), emoji: body.emoji }),
      }
  }
}

/** Both marks of the same record, told in two places. */
export function together(one: Marks, other: Marks): Marks {
  if (one.deleted || other.deleted) return { deleted: true }
  const edits = (other.edits ?? []).reduce(withEdit, one.edits ?? [])
  const reactions = (other.reactions ?? []).reduce(withReaction, one.reactions ?? [])
  return { ...(edits.length > 0 && { edits }), ...(reactions.length > 0 && { reactions }) }
}

/** The key of the record that a body names. */
export function targetKey(conversation: ConversationId, target: Target): string {
  return recordKey({ conversation, ...target })
}

function editOf({ text, mentions }: MarkBody & { kind: 'edit' }, by: Marking): Edit {
  const { clock, incarnation, seq } = by
  return { text, clock, incarnation, seq, ...(mentions && { mentions }) }
}

function placeOf({ clock, author, seq }: Marking): Place & { author: IdentityKey } {
  return { clock, author, seq }
}

function withEdit(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  if (edits.some(({ incarnation, seq }) => incarnation === edit.incarnation && seq === edit.seq)) return edits
  return [...edits, edit].sort(compareEdits).slice(-MAX_EDITS)
}

function compareEdits(a: Edit, b: Edit): number {
  if (a.clock !== b.clock) return a.clock - b.clock
  if (a.incarnation !== b.incarnation) return a.incarnation < b.incarnation ? -1 : 1
  return a.seq - b.seq
}

function withReaction(reactions: readonly Reaction[], next: Reaction): readonly Reaction[] {
  const before = reactions.find(({ author }) => author === next.author)
  if (before && compareReactions(before, next) >= 0) return reactions
  return [...reactions.filter((other) => other !== before), next].sort(compareReactions)
}

/** Two lives of one person may react at the same place: one of the two counts for everybody. */
function compareReactions(a: Reaction, b: Reaction): number {
  return comparePlaces(a, b) || Number(a.emoji > b.emoji) - Number(a.emoji < b.emoji)
}
