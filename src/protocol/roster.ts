import * as v from 'valibot'
import type { Incarnation, Profile } from '../core/body.ts'
import { fromHex } from '../core/bytes.ts'
import type { Era } from '../core/era.ts'
import type { Address, IdentityKey, IncarnationId } from '../core/ids.ts'
import { MAX_MEMBERS, type Card, type Cut } from '../core/membership.ts'
import type { FeedHead, Roster } from '../core/roster.ts'
import { cleanName } from '../core/name.ts'
import { MAX_CUTS, MAX_FRAME, MAX_NAME } from './limits.ts'
import { bytes, count, eraNumber, id, ordinal, text } from './schema.ts'

/** `[id, made at, signature]` */
export const incarnationSchema = v.pipe(
  v.strictTuple([id<IncarnationId>(8), count, bytes(64)]),
  v.transform(([id, madeAt, signature]): Incarnation => ({ id, madeAt, signature })),
)

export function incarnationTuple({ id, madeAt, signature }: Incarnation): unknown[] {
  return [fromHex(id), madeAt, signature]
}

/** `[name, address, knock key]` */
export const profileSchema = v.pipe(
  v.strictTuple([text(MAX_NAME), id<Address>(20), bytes(32)]),
  v.transform(([name, address, knockKey]): Profile => ({ name: cleanName(name), address, knockKey })),
)

export function profileTuple({ name, address, knockKey }: Profile): unknown[] {
  return [name, fromHex(address), knockKey]
}

/** `[identity, profile, incarnation]` */
export const cardSchema = v.pipe(
  v.strictTuple([id<IdentityKey>(32), profileSchema, incarnationSchema]),
  v.transform(([identity, profile, incarnation]): Card => ({ identity, ...profile, incarnation })),
)

export function cardTuple(card: Card): unknown[] {
  return [fromHex(card.identity), profileTuple(card), incarnationTuple(card.incarnation)]
}

/** `[generation, epoch]` */
export const eraSchema = v.pipe(
  v.strictTuple([eraNumber, eraNumber]),
  v.transform(([generation, epoch]): Era => ({ generation, epoch })),
)

export function eraTuple({ generation, epoch }: Era): unknown[] {
  return [generation, epoch]
}

/** `[author, incarnation, seq, head]` */
export const feedHeadSchema = v.pipe(
  v.strictTuple([id<IdentityKey>(32), id<IncarnationId>(8), ordinal, bytes(32)]),
  v.transform(([author, incarnation, seq, head]): FeedHead => ({ author, incarnation, seq, head })),
)

export function feedHeadTuple({ author, incarnation, seq, head }: FeedHead): unknown[] {
  return [fromHex(author), fromHex(incarnation), seq, head]
}

/** `[card, since]` */
export const seatSchema = v.pipe(
  v.strictTuple([cardSchema, eraSchema]),
  v.transform(([card, since]) => ({ card, since })),
)

export function seatTuple({ card, since }: { card: Card; since: Era }): unknown[] {
  return [cardTuple(card), eraTuple(since)]
}

/** The number first: of too many none is looked at. */
export const few = <T>(most: number, each: v.GenericSchema<unknown, T>) =>
  v.pipe(v.array(v.unknown()), v.maxLength(most), v.array(each))

const cut = v.pipe(
  v.strictTuple([id<IncarnationId>(8), ordinal]),
  v.transform(([incarnation, seq]): Cut => ({ incarnation, seq })),
)

const ended = v.pipe(
  v.strictTuple([id<IdentityKey>(32), few(MAX_CUTS, cut), v.boolean()]),
  v.transform(([identity, cuts, left]) => ({ identity, cuts, left })),
)

const CAUSES = ['commit', 'first', 'lost', 'handover', 'without'] as const

/** `[begins, cause, seats, ended, base, MLS commit | null]`; cause 0 commit, 1 first, 2 lost, 3 handover, 4 without. */
export const rosterSchema = v.pipe(
  v.strictTuple([
    eraSchema,
    v.pipe(count, v.maxValue(CAUSES.length - 1)),
    few(MAX_MEMBERS, seatSchema),
    few(MAX_MEMBERS, ended),
    few(MAX_FRAME / 64, feedHeadSchema),
    v.nullable(bytes(1, MAX_FRAME)),
  ]),
  v.transform(([begins, cause, seats, ended, base, commit]): Roster => ({
    ...{ begins, cause: CAUSES[cause] ?? 'commit', seats, ended, base },
    ...(commit && { commit }),
  })),
)

export function rosterTuple({ begins, cause, seats, ended, base, commit }: Roster): unknown[] {
  return [
    eraTuple(begins),
    CAUSES.indexOf(cause),
    seats.map(seatTuple),
    ended.map(({ identity, cuts, left }) => [
      fromHex(identity),
      cuts.map(({ incarnation, seq }) => [fromHex(incarnation), seq]),
      left,
    ]),
    base.map(feedHeadTuple),
    commit ?? null,
  ]
}
