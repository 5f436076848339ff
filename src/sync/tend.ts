import type { Request } from '../core/group.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { successorOf } from '../core/handover.ts'
import { members, seatOf, type Membership } from '../core/membership.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'
import type { State } from './ledger.ts'
import { arrange, beginGeneration } from './organise.ts'
import { rosterAt } from './roster.ts'
import { works } from './wish.ts'

/** What an organiser owes a group and nobody asked for on a link. */
type Duty =
  /** Others claim to hold words of ours that we do not have: they may tell of keys. */
  | 'hear'
  /** The former organiser named us. */
  | 'take-over'
  /** Our keys are lost. */
  | 'begin-anew'
  /** Commits of ours were lost here, and others hold them: what we began since knows nothing of them. */
  | 'take-in'
  /** Members asked to be let go. */
  | 'let-go'

/**
 * What nobody gave us in this time is not waited for: whoever knows better does not follow what we begin, and gives it
 * to us then. Milliseconds.
 */
const HEAR_MS = 120_000

/** `informed`: for how long a member is there who told what they hold, milliseconds. */
export function dutyOf(
  state: Pick<State, 'self' | 'conversations' | 'memberships' | 'mls' | 'requests' | 'feedsOf'>,
  conversation: ConversationId,
  { author, informed }: { author: Author; informed: number | undefined },
): Duty | undefined {
  const membership = state.memberships.get(conversation)
  const me = state.self.identity
  if (!membership || !seatOf(membership, me)) return undefined
  if (state.conversations.get(conversation)?.circle.kind !== 'group') return undefined
  const { organiser } = membership
  const successor = successorOf(membership)
  if (successor !== undefined) return successor === me && organiser !== me ? 'take-over' : undefined
  if (organiser !== me) return undefined
  const alone = members(membership).length === 1
  if (!works(state.mls.get(conversation), membership, author.mls)) {
    if (alone) return 'begin-anew'
    if (informed === undefined) return undefined
    return informed >= HEAR_MS || isComplete(state, conversation) ? 'begin-anew' : 'hear'
  }
  if (membership.open.some((key) => isOwnCommit(key, membership, me))) return 'take-in'
  const leaves = [...state.requests.values()].some((request) => isLetGo(request, { conversation, me }))
  return leaves ? 'let-go' : undefined
}

/** An organiser who leaves is let go by whoever takes over. */
function isLetGo(
  { group, at, identity }: Request,
  { conversation, me }: { conversation: ConversationId; me: IdentityKey },
): boolean {
  return group === conversation && at === 'leaves' && identity !== me
}

/** Nobody claimed to hold more of what we wrote than we do. */
function isComplete(
  { self, feedsOf }: Pick<State, 'self' | 'feedsOf'>,
  conversation: ConversationId,
): boolean {
  return [...(feedsOf.get(conversation)?.values() ?? [])].every(
    ({ author, seq, claimed = 0, tail }) =>
      author !== self.identity || (claimed <= seq && tail === undefined),
  )
}

/** Of all roster records of ours, only commits that came back from others after we had begun anew do not count. */
function isOwnCommit(key: string, { conversation }: Membership, me: string): boolean {
  return key.startsWith(`${conversation}/${me}/`)
}

export async function fulfil(
  draft: Draft,
  author: Author,
  { conversation, duty }: { conversation: ConversationId; duty: Exclude<Duty, 'hear'> },
): Promise<void> {
  switch (duty) {
    case 'take-over':
      await beginGeneration(draft, author, { conversation, cause: 'handover' })
      return
    case 'begin-anew':
      await beginGeneration(draft, author, { conversation, cause: 'lost' })
      return
    case 'take-in':
      await takeIn(draft, author, conversation)
      return
    case 'let-go':
      await letGo(draft, author, conversation)
  }
}

/** Whom those commits had added and removed is added and removed now. */
async function takeIn(draft: Draft, author: Author, conversation: ConversationId): Promise<void> {
  const membership = draft.get('memberships', conversation)
  if (!membership) return
  const me = draft.self.identity
  const keys = membership.open.filter((key) => isOwnCommit(key, membership, me))
  const found = (await Promise.all(keys.map((key) => rosterAt(draft, key)))).flatMap((one) => one ?? [])
  const also = found.flatMap(({ roster }) => roster.seats)
  const without = found.flatMap(({ roster }) => roster.ended.map(({ identity }) => identity))
  const open = membership.open.filter((key) => !keys.includes(key))
  draft.put('memberships', { ...membership, open })
  await beginGeneration(draft, author, { conversation, cause: 'lost', also, without })
}

async function letGo(draft: Draft, author: Author, conversation: ConversationId): Promise<void> {
  const membership = draft.get('memberships', conversation)
  const me = draft.self.identity
  const leaving = draft.all('requests').filter((request) => isLetGo(request, { conversation, me }))
  for (const { identity } of leaving) draft.remove('requests', `${conversation}/${identity}`)
  const remove = leaving
    .filter(({ identity }) => membership && seatOf(membership, identity))
    .map(({ identity }) => ({ identity, left: true }))
  if (remove.length > 0) await arrange(draft, author, { conversation, remove })
}
