import type { Body } from '../core/body.ts'
import { comparePlaces } from '../core/clock.ts'
import type { Standing } from '../core/conversation.ts'
import { arranges } from '../core/handover.ts'
import type { ConversationId } from '../core/ids.ts'
import { withKey } from '../core/record.ts'
import { decodeBody } from '../protocol/body.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { Draft } from './draft.ts'
import { tell } from './tell.ts'

/** What is set for a chat as a whole. */
export type SettingBody = Body & { kind: 'pin' | 'vanish' | 'info' }

interface Arranged<B extends SettingBody = SettingBody> {
  readonly stored: StoredRecord
  readonly body: B
}

/** Records of one person that wait for a generation to be known. */
const MAX_EARLY = 16

export function isSetting(body: Body): body is SettingBody {
  return body.kind === 'pin' || body.kind === 'vanish' || body.kind === 'info'
}

/** Everybody may pin; the rest is in a group for whoever organised it then, and counts by generation first. */
export function takeSetting(draft: Draft, { stored, body }: Arranged): void {
  const chat = draft.get('conversations', stored.record.conversation)
  const membership = draft.get('memberships', stored.record.conversation)
  if (!chat || !membership) return
  if (body.kind === 'pin') return pin(draft, { stored, body })
  const group = chat.circle.kind === 'group'
  const rightful = group ? arranges(membership, stored.record) : 'yes'
  if (rightful === 'unknown') {
    draft.put('memberships', {
      ...membership,
      early: withKey(membership.early ?? [], stored.record, MAX_EARLY),
    })
  }
  if (rightful !== 'yes') return
  if (body.kind === 'vanish') vanish(draft, { stored, body })
  else if (group) inform(draft, { stored, body })
}

/** Who organises a generation is known now: what they arranged may have come before. */
export async function takeEarly(draft: Draft, conversation: ConversationId): Promise<void> {
  const { early, ...membership } = draft.get('memberships', conversation) ?? {}
  if (!early || !('era' in membership)) return
  draft.put('memberships', membership)
  for (const key of early) {
    const stored = await draft.record(key)
    if (!stored || stored.record.form === 'tombstone') continue
    const { kind, body: bytes } = stored.record.content
    const body = decodeBody(kind, bytes)
    if (body && isSetting(body)) takeSetting(draft, { stored, body })
  }
}

function pin(draft: Draft, { stored, body }: Arranged<Body & { kind: 'pin' }>): void {
  const chat = draft.get('conversations', stored.record.conversation)
  const place = byClock(stored)
  if (!chat || !outranks(place, chat.pin)) return
  const { target } = body
  draft.put('conversations', { ...chat, pin: { ...place, value: body.pinned ? target : undefined } })
  if (body.pinned) tell(draft, stored, { line: 'pinned', by: stored.record.author, target })
}

function vanish(draft: Draft, { stored, body }: Arranged<Body & { kind: 'vanish' }>): void {
  const chat = draft.get('conversations', stored.record.conversation)
  const place = chat?.circle.kind === 'group' ? inGeneration(stored) : byClock(stored)
  if (!chat || !outranks(place, chat.vanish)) return
  const { seconds } = body
  draft.put('conversations', { ...chat, vanish: { ...place, value: seconds } })
  // Said again, it is meant for whoever is new.
  if (chat.vanish?.value !== seconds)
    tell(draft, stored, { line: 'vanish', by: stored.record.author, seconds })
}

function inform(draft: Draft, { stored, body }: Arranged<Body & { kind: 'info' }>): void {
  const { conversation, author: by } = stored.record
  const chat = draft.get('conversations', conversation)
  const place = inGeneration(stored)
  if (chat?.circle.kind !== 'group' || !outranks(place, chat.named)) return
  const { name, picture } = body
  draft.put('conversations', { ...chat, circle: { kind: 'group', name }, named: place })
  if (picture) draft.put('pictures', { of: conversation, picture })
  else draft.remove('pictures', conversation)
  if (name !== chat.circle.name) tell(draft, stored, { line: 'renamed', by, name })
}

function outranks(next: Standing, before: Standing | undefined): boolean {
  if (!before) return true
  const { generation = 0 } = next
  const { generation: known = 0 } = before
  return generation === known ? comparePlaces(next, before) > 0 : generation > known
}

function inGeneration({ record, order }: StoredRecord): Standing {
  const { author, seq, era } = record
  return { clock: order, author, seq, generation: era.generation }
}

/** By the author's clock alone: whenever it comes, it must count the same for all. */
function byClock({ record, order }: StoredRecord): Standing {
  return { clock: order, author: record.author, seq: record.seq }
}
