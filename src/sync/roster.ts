import type { Body } from '../core/body.ts'
import type { Line } from '../core/conversation.ts'
import { compareEras } from '../core/era.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { handedOver } from '../core/handover.ts'
import { members, seatOf, type Membership } from '../core/membership.ts'
import { judge, type Roster } from '../core/roster.ts'
import { emptyFeed, haveOf } from '../core/feed.ts'
import { feedKey, recordKey, withKey, type FeedRecord } from '../core/record.ts'
import { decodeBody } from '../protocol/body.ts'
import type { StoredRecord } from '../store/tables.ts'
import { acquaint } from './acquaint.ts'
import type { Author } from './author.ts'
import { ownFeed, type Draft } from './draft.ts'
import { markLate } from './late.ts'
import { takeEarly } from './settings.ts'
import { tell } from './tell.ts'

/** Roster records of one person that wait for something to come before them. */
const MAX_OPEN = 32

interface RosterRecord {
  readonly stored: StoredRecord
  readonly roster: Roster
}

/** A roster record was stored: it counts now, or when what must come before it is here (PROTOCOL §6). */
export async function takeRoster(
  draft: Draft,
  author: Author,
  { stored, body }: { stored: StoredRecord; body: Body & { kind: 'roster' } },
): Promise<void> {
  const { roster } = body
  if (compareEras(stored.record.era, roster.begins) >= 0) return
  const before = draft.get('memberships', stored.record.conversation)
  if (!before || isBehind(before, stored.record.author, { roster, me: draft.self.identity })) return
  if (await counts(draft, author, { stored, roster })) await reconsider(draft, author, before.conversation)
  else leaveOpen(draft, { stored, roster })
}

/** What others told us of before its record came. Our own is never behind us, unless it was lost here. */
function isBehind(
  { era, organisers }: Membership,
  author: IdentityKey,
  { roster: { begins }, me }: { roster: Roster; me: IdentityKey },
): boolean {
  const organised = organisers.some(([generation, who]) => generation === begins.generation && who === author)
  return author !== me && organised && compareEras(begins, era) <= 0
}

/** The organiser names the next one: what that one began may have come before. */
export async function handOver(
  draft: Draft,
  author: Author,
  { stored, body }: { stored: StoredRecord; body: Body & { kind: 'handover' } },
): Promise<void> {
  const { conversation, author: by, era, incarnation, seq } = stored.record
  const membership = draft.get('memberships', conversation)
  if (!membership) return
  const next = { generation: era.generation, by, to: body.to, at: { incarnation, seq } }
  draft.put('memberships', handedOver(membership, next))
  await reconsider(draft, author, conversation)
}

/** Judges again what did not count before; whatever counts may let another one count. */
export async function reconsider(draft: Draft, author: Author, conversation: ConversationId): Promise<void> {
  for (let again = true; again;) {
    again = false
    for (const key of draft.get('memberships', conversation)?.open ?? []) {
      const found = await rosterAt(draft, key)
      if (!found) close(draft, conversation, key)
      else if (await counts(draft, author, found)) {
        close(draft, conversation, key)
        again = true
        break
      }
    }
  }
}

/** The roster record of that key. */
export async function rosterAt(draft: Draft, key: string): Promise<RosterRecord | undefined> {
  const stored = await draft.record(key)
  const roster = stored && rosterOf(stored.record)
  return roster && { stored, roster }
}

export function rosterOf(record: FeedRecord): Roster | undefined {
  if (record.form === 'tombstone' || record.content.kind !== 'roster') return undefined
  const body = decodeBody('roster', record.content.body)
  return body?.kind === 'roster' ? body.roster : undefined
}

function leaveOpen(draft: Draft, { stored, roster }: RosterRecord): void {
  const { record } = stored
  const membership = draft.get('memberships', record.conversation)
  if (!membership) return
  const key = recordKey(record)
  draft.put('memberships', { ...membership, open: withKey(membership.open, record, MAX_OPEN) })
  const { organiser } = membership
  if (roster.cause === 'without' && organiser !== undefined && record.author !== draft.self.identity)
    tell(draft, stored, { line: 'without', by: record.author, organiser, roster: key })
}

function close(draft: Draft, conversation: ConversationId, key: string): void {
  const membership = draft.get('memberships', conversation)
  if (!membership) return
  draft.put('memberships', { ...membership, open: membership.open.filter((other) => other !== key) })
}

/** False, and nothing is changed, if it does not count. */
async function counts(draft: Draft, author: Author, { stored, roster }: RosterRecord): Promise<boolean> {
  const { record } = stored
  const before = draft.get('memberships', record.conversation)
  const chat = draft.get('conversations', record.conversation)
  if (!before || !chat) return false
  const me = draft.self.identity
  const own = ownFeed(draft, record.conversation)
  const ours = haveOf(draft.get('feeds', feedKey(own)) ?? emptyFeed(own))
  const known = { me, pair: chat.circle.kind === 'pair', record, now: author.now(), ours }
  const judgement = judge(before, roster, known)
  if (judgement.verdict === 'open') return false
  const { membership } = judgement
  draft.put('memberships', membership)
  for (const { card } of roster.seats) await acquaint(draft, card, { group: record.conversation })
  if (record.author !== me) await followKeys(draft, author, { stored, roster })
  if (chat.circle.kind === 'group') {
    const line = lineOf(before, membership, { record, roster })
    if (line) tell(draft, stored, line)
  }
  await markLate(draft, before, membership)
  await takeEarly(draft, record.conversation)
  settle(draft, record.conversation, roster)
  return true
}

/** Whoever is in it need not ask any more, and whoever is out need not be let go. */
function settle(draft: Draft, conversation: ConversationId, { seats, ended }: Roster): void {
  for (const { identity } of ended) draft.remove('requests', `${conversation}/${identity}`)
  for (const { card } of seats) {
    const key = `${conversation}/${card.identity}`
    if (draft.get('requests', key)?.at !== 'leaves') draft.remove('requests', key)
  }
}

/** Our MLS state follows the organiser's commit; what does not fit is given up, and we ask to be added again. */
async function followKeys(draft: Draft, author: Author, { stored, roster }: RosterRecord): Promise<void> {
  const { conversation, author: organiser } = stored.record
  const membership = draft.get('memberships', conversation)
  const held = draft.get('mls', conversation)
  if (!held || !membership) return
  const { mls } = author
  const group = mls.look(held.state)
  const { begins, commit } = roster
  const apart = held.generation !== begins.generation || group.members[0] !== organiser
  if (apart || !members(membership).includes(draft.self.identity)) {
    if (held.generation <= begins.generation) draft.remove('mls', conversation)
    return
  }
  if (group.epoch >= begins.epoch) return
  const taken =
    commit && group.epoch === begins.epoch - 1
      ? await mls.take(held.state, commit, { organiser })
      : ({ result: 'later' } as const)
  if (taken.result === 'taken') {
    const inside = mls.look(taken.state).members
    // The commit added us anew: the welcome is on its way.
    if (!inside.includes(draft.self.identity)) return draft.remove('mls', conversation)
    if (inside.every((who) => seatOf(membership, who)))
      return draft.put('mls', { ...held, state: taken.state })
  }
  author.suspicious('fork')
  draft.remove('mls', conversation)
}

/** What a roster record did, in the words of the chat; nothing where only keys were renewed. */
function lineOf(
  before: Membership,
  after: Membership,
  { record, roster }: { record: FeedRecord; roster: Roster },
): Line | undefined {
  const by = record.author
  const [were, are] = [new Set(members(before)), new Set(members(after))]
  const added = [...are].filter((who) => !were.has(who))
  const removed = [...were].filter((who) => !are.has(who))
  if (roster.cause === 'first') return { line: 'created', by }
  if (roster.cause === 'handover') return { line: 'organiser', who: by }
  if (added.length > 0) return { line: 'added', by, who: added }
  const [first] = removed
  if (first === undefined) return undefined
  const left = roster.ended.some(({ identity, left }) => identity === first && left)
  return left ? { line: 'left', who: first } : { line: 'removed', by, who: removed }
}
