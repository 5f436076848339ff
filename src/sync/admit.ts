import type { Bytes } from '../core/bytes.ts'
import type { ConversationId, IdentityKey } from '../core/ids.ts'
import { hasRoom, seatOf, type Membership, type SharedKey } from '../core/membership.ts'
import { inviteIdOf } from '../crypto/invite.ts'
import type { Frame, Joining } from '../protocol/frame.ts'
import type { Author } from './author.ts'
import type { Draft } from './draft.ts'
import {
  arrange,
  beginGeneration,
  cardOf,
  isUsed,
  showSettings,
  type Newcomer,
  type Welcomed,
} from './organise.ts'
import { beginnerOf, nameOf, works } from './wish.ts'

/** Somebody asks on their link to be added. */
export interface Ask {
  readonly peer: IdentityKey
  readonly to: Joining
  readonly keyPackage: Bytes
}

/** What goes back on the link once the draft is on the disk. */
export type Answer = Frame & { type: 'welcome' | 'turned-away' }

/** Adds who may be added, as the organiser of what they ask for; everybody else gets no answer. */
export async function admit(draft: Draft, author: Author, ask: Ask): Promise<Answer | undefined> {
  if ((await author.mls.inspect(ask.keyPackage)) !== ask.peer) return undefined
  if (!('conversation' in ask.to)) return admitByPoster(draft, author, { ...ask, invite: ask.to.invite })
  const { conversation } = ask.to
  const membership = draft.get('memberships', conversation)
  const kind = draft.get('conversations', conversation)?.circle.kind
  if (!membership || isUsed(draft, conversation, ask.keyPackage)) return undefined
  const { generation, invite } = ask.to
  if (kind === 'pair') return admitToPair(draft, author, { ...ask, membership, generation, invite })
  return kind === 'group' ? admitToGroup(draft, author, { ...ask, membership, generation }) : undefined
}

interface PairAsk extends Ask {
  readonly membership: Membership
  readonly generation: number
  /** The pre-shared key that they want to be used. */
  readonly invite: string | undefined
}

async function admitToPair(draft: Draft, author: Author, ask: PairAsk): Promise<Answer | undefined> {
  const { peer, membership, generation, invite, keyPackage } = ask
  const { conversation, organiser, era, psks } = membership
  const me = draft.self.identity
  if (!seatOf(membership, peer)) return undefined
  const newcomer = { identity: peer, keyPackage }
  const psk = pskFor(psks?.opened, invite)
  if (invite !== undefined && !psk) return undefined
  const shared = psk ? { psk } : {}
  if (
    organiser === me &&
    generation === era.generation &&
    works(draft.get('mls', conversation), membership, author.mls)
  ) {
    return answer(ask, await arrange(draft, author, { conversation, add: [newcomer], ...shared }))
  }
  const first = organiser === undefined && generation === 1
  if (first && beginnerOf(membership, me, peer) !== me) return undefined
  const anew = organiser === peer && generation === era.generation + 1
  if (!first && !anew) return undefined
  const cause = first ? 'first' : 'lost'
  const beginning = { conversation, cause, first: newcomer, ...shared } as const
  return answer(ask, await beginGeneration(draft, author, beginning))
}

function pskFor(opened: SharedKey | undefined, invite: string | undefined): SharedKey | undefined {
  return opened && nameOf(opened) === invite ? opened : undefined
}

async function admitToGroup(
  draft: Draft,
  author: Author,
  ask: Ask & { membership: Membership; generation: number },
): Promise<Answer | undefined> {
  const { peer, membership, generation, keyPackage } = ask
  const { conversation, era, organiser } = membership
  if (organiser !== draft.self.identity) return undefined
  if (seatOf(membership, peer)) {
    // Whoever was let in and never heard of it still asks as one who was invited.
    const anew = generation === 0
    if (!anew && generation !== era.generation) return undefined
    const add = [{ identity: peer, keyPackage, anew }]
    return answer(ask, await arrange(draft, author, { conversation, add }))
  }
  const request = draft.get('requests', `${conversation}/${peer}`)
  const card = cardOf(draft, peer)
  if (!card || (request?.at !== 'asked' && request?.at !== 'admitted')) return undefined
  return letIn(draft, author, { ask, membership, newcomer: { identity: peer, keyPackage, card } })
}

async function letIn(
  draft: Draft,
  author: Author,
  { ask, membership, newcomer }: { ask: Ask; membership: Membership; newcomer: Newcomer },
): Promise<Answer | undefined> {
  const { conversation } = membership
  if (!hasRoom(membership)) return turnedAway(ask, 'full')
  const welcomed = await arrange(draft, author, { conversation, add: [newcomer] })
  if (welcomed) {
    draft.remove('requests', `${conversation}/${newcomer.identity}`)
    await showSettings(draft, author, conversation)
  }
  return answer(ask, welcomed, conversation)
}

/** People who wait for us to decide, of one group; who comes after them asks again later. */
const MAX_WISHES = 64

/** Somebody who found our group's code: let in at once, or after we were asked. */
async function admitByPoster(
  draft: Draft,
  author: Author,
  ask: Ask & { invite: string },
): Promise<Answer | undefined> {
  const shown = draft.all('invites').find(({ secret }) => inviteIdOf(secret) === ask.invite)
  if (!shown?.group) return undefined
  const { conversation, admit } = shown.group
  const membership = draft.get('memberships', conversation)
  const over = shown.state !== 'live' || author.now() > shown.expires
  if (over || membership?.organiser !== draft.self.identity) return turnedAway(ask, 'over')
  if (isUsed(draft, conversation, ask.keyPackage)) return undefined
  const key = `${conversation}/${ask.peer}`
  const request = draft.get('requests', key)
  const card = request?.card ?? cardOf(draft, ask.peer)
  if (request?.at === 'turned-away') return turnedAway(ask, 'declined')
  if (!card) return undefined
  const newcomer = { identity: ask.peer, keyPackage: ask.keyPackage, card }
  if (seatOf(membership, ask.peer)) {
    return answer(ask, await arrange(draft, author, { conversation, add: [newcomer] }), conversation)
  }
  if (admit === 'all' || request?.at === 'admitted')
    return letIn(draft, author, { ask, membership, newcomer })
  const others = draft.all('requests').filter(({ group, at }) => group === conversation && at === 'wishes')
  if (request?.at !== 'wishes' && others.length >= MAX_WISHES) return undefined
  draft.put('requests', { group: conversation, identity: ask.peer, at: 'wishes', card, invite: ask.invite })
  return undefined
}

function turnedAway({ to }: Ask, reason: 'declined' | 'full' | 'over'): Answer | undefined {
  return to.invite === undefined ? undefined : { type: 'turned-away', invite: to.invite, reason }
}

function answer({ to }: Ask, welcomed: Welcomed | undefined, conversation = idOf(to)): Answer | undefined {
  if (!welcomed?.welcome || conversation === undefined) return undefined
  const { generation, welcome, start } = welcomed
  return { type: 'welcome', conversation, generation, welcome, start }
}

function idOf(to: Joining): ConversationId | undefined {
  return 'conversation' in to ? to.conversation : undefined
}
