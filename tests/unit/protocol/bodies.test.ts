import { encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { KIND_CODES, type Body } from '../../../src/core/body.ts'
import { MAX_MEMBERS } from '../../../src/core/membership.ts'
import { decodeBody, encodeBody, kindOf } from '../../../src/protocol/body.ts'
import * as limits from '../../../src/protocol/limits.ts'
import { toUtf8 } from '../../../src/protocol/text.ts'
import { bytesOf, identityOf, incarnationIdOf } from '../../support/samples.ts'

const who = bytesOf(32, 1)
const life = bytesOf(8, 2)
const group = bytesOf(16, 3)
const target = [who, life, 5]
const plain = [null, false, 0]
const profile = ['Ann', bytesOf(20, 1), bytesOf(32, 1)]
const card = [who, profile, [life, 1, bytesOf(64, 1)]]
const manifest = [group, 'a.txt', 'text/plain', 1, bytesOf(32, 1), 1_024, 0]
const many = (n: number, what: unknown) => Array.from({ length: n }, () => what)
const words = (n: number) => 'a'.repeat(n)

/** A roster record with something else in it. */
function roster(odd: { [field: string]: unknown } = {}): unknown[] {
  const parts = { begins: [1, 0], cause: 0, seats: [], ended: [], base: [], commit: bytesOf(9, 1), ...odd }
  return [parts.begins, parts.cause, parts.seats, parts.ended, parts.base, parts.commit]
}
const cuts = (n: number) => [who, many(n, [life, 1]), false]

test.each<[string, Body['kind'], unknown]>([
  ['the longest text', 'text', words(limits.MAX_TEXT)],
  ['an answer that disappears after a year', 'text', ['hi', [target, true, limits.MAX_VANISH], []]],
  ['a text that names many', 'text', ['hi', plain, many(limits.MAX_MENTIONS, [0, 1, who])]],
  ['a file that was forwarded', 'file', [manifest, [null, true, 0]]],
  ['a card', 'card', [card, plain]],
  ['the longest name', 'profile', [words(limits.MAX_NAME), ...profile.slice(1)]],
  ['a reaction', 'react', [target, '👩‍👩‍👧‍👦']],
  ['a reaction taken back', 'react', [target, '']],
  ['messages that stay', 'vanish', 0],
  ['a picture', 'info', ['Choir', ['image/webp', bytesOf(limits.MAX_PICTURE, 1)]]],
  ['a roster of all', 'roster', roster({ cause: 1, seats: many(MAX_MEMBERS, [card, [1, 0]]), commit: null })],
  ['an end with many cuts', 'roster', roster({ ended: [cuts(limits.MAX_CUTS)] })],
  ['a leave', 'leave', null],
  ['a report of many feeds', 'seen', many(limits.MAX_SEEN, target)],
])('%s is understood', (_, kind, value) => {
  const body = decodeBody(kind, encode(value))
  if (!body) throw new Error('it is not')
  expect(encodeBody(body)).toEqual(new Uint8Array(encode(value)))
})

describe('refused is', () => {
  test.each<[string, Body['kind'], unknown]>([
    ['a text that is a byte too long', 'text', words(limits.MAX_TEXT + 1)],
    ['a text in other letters that is two bytes too long', 'text', 'é'.repeat(limits.MAX_TEXT / 2 + 1)],
    ['a text without its mentions', 'text', ['hi', plain]],
    ['an answer to the record 0', 'text', ['hi', [[who, life, 0], false, 0], []]],
    ['a text that disappears in more than a year', 'text', ['hi', [null, false, 31_536_001], []]],
    ['a text that disappears before it came', 'text', ['hi', [null, false, -1], []]],
    ['too many mentions', 'text', ['hi', plain, many(limits.MAX_MENTIONS + 1, [0, 1, who])]],
    ['a mention of no letters', 'text', ['hi', plain, [[0, 0, who]]]],
    ['a file with mentions', 'file', [manifest, plain, []]],
    ['a card without a manner', 'card', card],
    ['a card without an incarnation', 'card', [[who, profile], plain]],
    ['a name that is a byte too long', 'profile', [words(limits.MAX_NAME + 1), ...profile.slice(1)]],
    ['an edit of nothing', 'edit', [null, 'hi', []]],
    ['an edit that is too long', 'edit', [target, words(limits.MAX_TEXT + 1), []]],
    ['an edit without mentions', 'edit', [target, 'hi']],
    ['a deletion with words', 'delete', [target, 'hi']],
    ['a reaction that is a book', 'react', [target, words(limits.MAX_EMOJI + 1)]],
    ['a pin that is neither', 'pin', [target, null]],
    ['disappearing in halves', 'vanish', 0.5],
    ['disappearing in more than a year', 'vanish', limits.MAX_VANISH + 1],
    ['a picture that is too large', 'info', ['Choir', ['image/webp', bytesOf(limits.MAX_PICTURE + 1, 1)]]],
    ['an empty picture', 'info', ['Choir', ['image/jpeg', bytesOf(0, 1)]]],
    ['a picture that may hold a script', 'info', ['Choir', ['image/svg+xml', bytesOf(9, 1)]]],
    ['a roster for a reason nobody knows', 'roster', roster({ cause: 5 })],
    ['a roster of too many', 'roster', roster({ seats: many(MAX_MEMBERS + 1, [card, [1, 0]]) })],
    ['too many ends', 'roster', roster({ ended: many(MAX_MEMBERS + 1, cuts(1)) })],
    ['too many cuts', 'roster', roster({ ended: [cuts(limits.MAX_CUTS + 1)] })],
    ['a cut at nothing', 'roster', roster({ ended: [[who, [[life, 0]], false]] })],
    ['an end that is neither', 'roster', roster({ ended: [[who, [], null]] })],
    ['a base with a short head', 'roster', roster({ base: [[who, life, 1, life]] })],
    ['a commit of nothing', 'roster', roster({ commit: bytesOf(0, 1) })],
    ['a roster that begins never', 'roster', roster({ begins: null })],
    ['a hand-over to half a person', 'handover', life],
    ['a leave with a reason', 'leave', 'because'],
    ['a report of too many feeds', 'seen', many(limits.MAX_SEEN + 1, target)],
    ['an invitation into half a group', 'invitation', [life, 'Choir']],
    ['a no to nothing', 'declined', null],
  ])('%s', (_, kind, value) => {
    expect(decodeBody(kind, encode(value))).toBeUndefined()
  })
})

test('a body of one kind is not taken for another, unless it says no more than that', () => {
  const kinds = Object.keys(KIND_CODES) as Body['kind'][]
  const text = encodeBody({ kind: 'text', text: 'hello' })
  expect(kinds.filter((kind) => decodeBody(kind, text))).toEqual(['text'])
  const edit = encodeBody({ kind: 'edit', target: targetOf(), text: 'hello' })
  expect(kinds.filter((kind) => decodeBody(kind, edit))).toEqual(['edit'])
})

test('every kind has a number of its own, and no other number means anything', () => {
  const known = Object.entries(KIND_CODES).map(([kind, code]) => [kindOf(code), kind])
  expect(known.every(([found, kind]) => found === kind)).toBe(true)
  expect([-1, 0, 19, 0.5].map(kindOf)).toEqual([undefined, undefined, undefined, undefined])
})

test('a plain text travels as that alone, and one with a manner says it', () => {
  expect(encodeBody({ kind: 'text', text: 'hi' })).toEqual(new Uint8Array(encode('hi')))
  expect(encodeBody({ kind: 'text', text: 'hi', vanish: 5 })[0]).toBe(0x83)
  expect(toUtf8('é'.repeat(limits.MAX_TEXT / 2 + 1)).length).toBe(limits.MAX_TEXT + 2)
})

test("names are cleaned where they are read: of a person's, of a group's, in an invitation", () => {
  const dirty = 'Ann\u202e\nis verified'
  expect(decodeBody('profile', encode([dirty, ...profile.slice(1)]))).toMatchObject({
    profile: { name: 'Ann is verified' },
  })
  for (const [kind, value] of [
    ['info', [dirty, null]],
    ['invitation', [group, dirty]],
  ] as const)
    expect(decodeBody(kind, encode(value))).toMatchObject({ name: 'Ann is verified' })
})

function targetOf() {
  return { author: identityOf(1), incarnation: incarnationIdOf(2), seq: 5 }
}
