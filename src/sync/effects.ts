import type { Body } from '../core/body.ts'
import { isKnown, renamed } from '../core/contact.ts'
import { compareEras } from '../core/era.ts'
import { isMark, marked, mayMark, targetKey, type MarkBody, type Marking } from '../core/marks.ts'
import { seatOf } from '../core/membership.ts'
import { feedKey, feedOf, recordKey, type FeedId } from '../core/record.ts'
import { confirmed, NOWHERE } from '../core/status.ts'
import { later } from '../crypto/incarnation.ts'
import { reachKey, type StoredRecord } from '../store/tables.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'
import { entomb, explain } from './entomb.ts'
import { goesOn, lookWhoStays } from './left-behind.ts'
import { handOver, takeRoster } from './roster.ts'
import { isSetting, takeSetting } from './settings.ts'
import { tell } from './tell.ts'

/** A record that was just taken in, and what it says. */
export interface Said<B extends Body = Body> {
  readonly stored: StoredRecord
  readonly body: B
}

/** What a record does to other things than its own place: the same whoever brought it, and in whatever order. */
export async function effect(draft: Draft, author: Author, { stored, body }: Said): Promise<void> {
  if (isMark(body)) return mark(draft, stored, body)
  if (isSetting(body)) return takeSetting(draft, { stored, body })
  switch (body.kind) {
    case 'incarnation':
      recognise(draft, { stored, body })
      return
    case 'profile':
      learn(draft, { stored, body })
      return
    case 'roster':
      await takeRoster(draft, author, { stored, body })
      await lookWhoStays(draft, author, stored.record.conversation)
      return
    case 'handover':
      await handOver(draft, author, { stored, body })
      return
    case 'leave':
      askToLeave(draft, stored)
      return
    case 'follow':
      goesOn(draft, stored, body.target)
      await lookWhoStays(draft, author, stored.record.conversation)
      return
    case 'seen':
      saw(draft, author, { stored, body })
      return
    case 'invitation':
      invited(draft, { stored, body })
      return
    case 'declined':
      declined(draft, { stored, body })
      return
    case 'text':
    case 'file':
    case 'card':
  }
}

async function mark(draft: Draft, { record, order }: StoredRecord, body: MarkBody): Promise<void> {
  if (!mayMark(body, record.author)) return
  const key = targetKey(record.conversation, body.target)
  const marking = { ...record, clock: order }
  const target = await draft.record(key)
  if (target?.message?.deleted) await entombEdit(draft, body, marking)
  else if (target?.message && body.kind === 'delete') await entomb(draft, key, 'deleted')
  else if (target?.message) {
    const { message } = target
    draft.put('records', { ...target, message: { ...message, ...marked(message, body, marking) } })
  } else if (!target || target.missing || (await draft.load('marks', key))) {
    await wait(draft, key, { body, marking })
    if (target && body.kind === 'delete') explain(draft, target)
  }
}

/** What names a record that is absent, or of which only the place is here, waits for it, unseen. */
async function wait(
  draft: Draft,
  target: string,
  { body, marking }: { body: MarkBody; marking: Marking & FeedId },
): Promise<void> {
  const marks = (await draft.load('marks', target))?.marks ?? {}
  if (marks.deleted) await entombEdit(draft, body, marking)
  if (body.kind === 'delete') {
    for (const edit of marks.edits ?? []) await entomb(draft, recordKey({ ...marking, ...edit }), 'deleted')
  }
  draft.put('marks', { target, marks: marked(marks, body, marking) })
}

/** What its author took back does not come up again in an edit. */
async function entombEdit(draft: Draft, body: MarkBody, marking: Marking & FeedId): Promise<void> {
  if (body.kind === 'edit') await entomb(draft, recordKey(marking), 'deleted')
}

/** A new life of somebody who had another one here before. */
function recognise(draft: Draft, { stored, body }: Said<Body & { kind: 'incarnation' }>): void {
  const { author, conversation, incarnation } = stored.record
  const contact = draft.get('contacts', author)
  if (isKnown(contact)) {
    const newest = later(body.incarnation, contact.incarnation)
    if (newest !== contact.incarnation) draft.put('contacts', { ...contact, incarnation: newest })
  }
  const before = draft
    .feedsOf(conversation)
    .some((feed) => feed.author === author && feed.incarnation !== incarnation)
  if (before && author !== draft.self.identity) tell(draft, stored, { line: 'restored', who: author })
}

/** A profile counts only from its own person as they are now. */
function learn(draft: Draft, { stored, body }: Said<Body & { kind: 'profile' }>): void {
  const { author, incarnation } = stored.record
  const contact = draft.get('contacts', author)
  if (!isKnown(contact) || contact.incarnation.id !== incarnation) return
  draft.put('contacts', { ...renamed(contact, body.profile.name), ...body.profile })
}

/** Everybody remembers it: who organises the group may be another one by the time they are let go. */
function askToLeave(draft: Draft, { record }: StoredRecord): void {
  const { conversation: group, author: identity } = record
  const membership = draft.get('memberships', group)
  const seat = membership && seatOf(membership, identity)
  // Who came back has not asked to leave again.
  if (!seat || compareEras(record.era, seat.since) < 0) return
  draft.put('requests', { group, identity, at: 'leaves' })
}

/** A member whom we do not meet tells how far they hold our feeds. */
function saw(draft: Draft, author: Author, { stored, body }: Said<Body & { kind: 'seen' }>): void {
  const { conversation, author: peer } = stored.record
  for (const target of body.feeds) {
    const feed = draft.get('feeds', feedKey({ conversation, ...target }))
    if (target.author !== draft.self.identity || !feed || target.seq > feed.seq) continue
    const reach = draft.get('reaches', reachKey({ feed, peer })) ?? { feed: feedOf(feed), peer, ...NOWHERE }
    if (target.seq > reach.delivered) draft.put('reaches', confirmed(reach, target.seq, author.now()))
  }
}

function invited(draft: Draft, { stored, body }: Said<Body & { kind: 'invitation' }>): void {
  const { conversation, author } = stored.record
  const { group, name } = body
  if (draft.get('conversations', conversation)?.circle.kind !== 'pair') return
  tell(draft, stored, { line: 'invited', by: author, group, name })
  if (author === draft.self.identity) return
  // Also if we think that we are in it: that we were removed may be heard later than this.
  draft.put('invitations', { id: group, group, name, organiser: author, at: 'asked' })
}

function declined(draft: Draft, { stored, body }: Said<Body & { kind: 'declined' }>): void {
  const { author } = stored.record
  const request = draft.get('requests', `${body.group}/${author}`)
  if (request?.at !== 'asked') return
  draft.put('requests', { ...request, at: 'declined' })
  const circle = draft.get('conversations', body.group)?.circle
  if (circle?.kind === 'group') tell(draft, stored, { line: 'declined', who: author, name: circle.name })
}
