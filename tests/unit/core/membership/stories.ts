import type { Have } from '../../../../src/core/feed.ts'
import type { Handover } from '../../../../src/core/handover.ts'
import { identityKey, type IdentityKey } from '../../../../src/core/ids.ts'
import type { Card, Membership } from '../../../../src/core/membership.ts'
import {
  judge,
  type FeedHead,
  type Judgement,
  type Knowledge,
  type Roster,
} from '../../../../src/core/roster.ts'
import type { FeedId } from '../../../../src/core/record.ts'
import {
  addressOfNumber,
  bytesOf,
  conversationOf,
  identityOf,
  incarnationIdOf,
  incarnationOf,
} from '../../../support/samples.ts'

export const CHAT = conversationOf(1)
/** In the order of their keys. */
export const [ann, ben, cem, dora] = [identityOf(1), identityOf(2), identityOf(3), identityOf(4)]

export const era = (generation: number, epoch: number) => ({ generation, epoch })

/** One of very many. */
export function nth(n: number): IdentityKey {
  return identityKey(n.toString(16).padStart(64, '0'))
}

/** A place in the feed that somebody writes in their first life, or another one. */
export function place(author: IdentityKey, seq: number, life = 1): FeedId & { seq: number } {
  return { conversation: CHAT, author, incarnation: incarnationIdOf(life), seq }
}

export function cardOf(identity: IdentityKey): Card {
  return {
    ...{ identity, name: 'somebody', address: addressOfNumber(1), knockKey: bytesOf(32, 1) },
    incarnation: incarnationOf(1),
  }
}

/** So far the organiser knew that feed. */
export function knew({ author, incarnation, seq }: FeedId & { seq: number }): FeedHead {
  return { author, incarnation, seq, head: bytesOf(32, 1) }
}

export interface Told extends Omit<Partial<Roster>, 'seats' | 'ended'> {
  readonly in?: readonly IdentityKey[]
  readonly out?: readonly IdentityKey[]
  readonly ended?: Roster['ended']
}

/** What a roster record tells; who is new is so since it. */
export function roster({ begins = era(1, 0), cause = 'commit', base = [], ...told }: Told): Roster {
  const out = (told.out ?? []).map((identity) => ({ identity, cuts: [], left: false }))
  return {
    ...{ begins, cause, base, ended: told.ended ?? out },
    seats: (told.in ?? []).map((identity) => ({ card: cardOf(identity), since: begins })),
  }
}

/** Somebody hands that generation over, in the first record of a life. */
export const hands = (by: IdentityKey, to: IdentityKey, generation = 1): Handover => {
  return { generation, by, to, at: { incarnation: incarnationIdOf(1), seq: 10 } }
}

/** So far ben's own feed goes. */
export const OURS: Have = { ...place(ben, 8), head: bytesOf(8, 2) }

/** Ben judges what somebody's roster record, at that place, does to the conversation. */
export function judged(
  membership: Membership,
  told: Told,
  known: Partial<Knowledge> & Pick<Knowledge, 'record'>,
): Judgement {
  return judge(membership, roster(told), { me: ben, pair: false, now: 1_000, ours: OURS, ...known })
}

/** As {@link judged}, when it is certain to count. */
export function after(...args: Parameters<typeof judged>): Membership {
  const judgement = judged(...args)
  if (judgement.verdict === 'open') throw new Error('it does not count')
  return judgement.membership
}

/** Ann's group of three in its second epoch. */
export const group: Membership = {
  ...{ conversation: CHAT, era: era(1, 2), organiser: ann, organisers: [[1, ann]], open: [] },
  seats: [
    { identity: ann, since: era(1, 0) },
    { identity: ben, since: era(1, 1) },
    { identity: cem, since: era(1, 2) },
  ],
  last: { author: ann, incarnation: incarnationIdOf(1), seq: 9 },
}
