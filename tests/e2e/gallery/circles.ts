import type { Body, Picture } from '../../../src/core/body.ts'
import type { Fellow } from '../../../src/core/contact.ts'
import type { Conversation } from '../../../src/core/conversation.ts'
import { FIRST_ERA } from '../../../src/core/era.ts'
import { fileId } from '../../../src/core/ids.ts'
import type { Card, Membership } from '../../../src/core/membership.ts'
import { recordKey } from '../../../src/core/record.ts'
import { encodeBody } from '../../../src/protocol/body.ts'
import type { Change } from '../../../src/store/store.ts'
import type { StoredRecord } from '../../../src/store/tables.ts'
import { chatOf, conversationOf, keyOf, ME, membershipOf, metContact, recordOf } from './people.ts'
import { NOW } from './scenes.ts'

const MINUTE = 60_000
const CREW = 'Harbour crew'
const FERRY = 'Night ferry'
const at = (minutesAgo: number) => NOW - minutesAgo * MINUTE

/** So many contacts that they must be looked for. */
const MANY = ['Ines', 'Jonas', 'Kaya', 'Lotte', 'Mehmet', 'Nadia']

function cardOf(name: string): Card {
  const { identity, address, knockKey, incarnation } = metContact(name, 'unverified')
  return { identity, name, address, knockKey, incarnation }
}

function fellow(name: string, through: Fellow['through']): Change {
  return {
    table: 'contacts',
    put: { ...metContact(name, 'unverified'), stage: 'fellow', through },
  }
}

function group(name: string, minutesAgo: number, more: Partial<Conversation>): Change {
  const circle = { kind: 'group', name } as const
  return { table: 'conversations', put: chatOf(name, at(minutesAgo), { circle, ...more }) }
}

function said(chat: string, who: string, [seq, minutesAgo]: readonly [number, number], body: Body): Change {
  const author = who === 'me' ? ME : keyOf(who)
  return { table: 'records', put: recordOf(chat, author, { seq, clock: at(minutesAgo) }, body) }
}

/** Somebody proposes to go on without the organiser. */
function proposal(by: string, membership: Membership): StoredRecord {
  const everybody = membership.seats.filter(({ identity }) => identity !== membership.organiser)
  const names = new Map(['Cem', 'Lotte', 'Rosa'].map((name) => [keyOf(name), name]))
  const seats = everybody.map(({ identity }) => ({
    card: { ...cardOf(names.get(identity) ?? 'Quiet Otter'), identity },
    since: FIRST_ERA,
  }))
  const body = {
    kind: 'roster',
    roster: { begins: { generation: 2, epoch: 0 }, cause: 'without', seats, ended: [], base: [] },
  } as const
  const row = recordOf(FERRY, keyOf(by), { seq: 40, clock: at(12) }, body)
  if (row.record.form !== 'record') return row
  const content = { ...row.record.content, body: encodeBody(body) }
  return { ...row, record: { ...row.record, content } }
}

/** Groups, their doors, and people who are introduced. */
export function circles(picture: Picture): Change[] {
  const crew = membershipOf(CREW, ['Ann Lindqvist', 'Ben Okafor', 'Cem', 'Rosa'], 'me')
  const ferry = membershipOf(FERRY, ['Ben Okafor', 'Cem', 'Lotte', 'Rosa'], 'Ben Okafor')
  const proposals = [proposal('Cem', ferry), proposal('Lotte', ferry)]
  const manifest = {
    ...{ file: fileId('f1'.repeat(16)), name: 'tide-tables-2027.pdf', size: 8_400_000 },
    ...{ type: '', key: new Uint8Array(32), blockSize: 1_048_576 },
  }
  return [
    ...MANY.flatMap((name): Change[] => [
      { table: 'contacts', put: metContact(name, name === 'Kaya' ? 'verified' : 'private-invite') },
      { table: 'conversations', put: chatOf(name, at(9_000), {}) },
    ]),
    { table: 'contacts', put: { ...metContact('Cem B', 'private-invite'), name: 'Cem' } },
    { table: 'conversations', put: chatOf('Cem B', at(9_001), {}) },
    fellow('Rosa', { group: conversationOf(CREW) }),
    { table: 'pictures', put: { of: conversationOf(CREW), picture } },
    { table: 'memberships', put: crew },
    group(CREW, 1, { messages: 4, last: { author: keyOf('Ann Lindqvist'), text: 'Rosa brings the ropes' } }),
    said(CREW, 'Ben Okafor', [1, 20], { kind: 'text', text: 'Who is on the pier tomorrow?' }),
    said(CREW, 'me', [2, 15], { kind: 'file', manifest }),
    said(CREW, 'Ann Lindqvist', [3, 9], { kind: 'text', text: 'I am, from six' }),
    said(CREW, 'Ann Lindqvist', [4, 1], { kind: 'text', text: 'Rosa brings the ropes' }),
    ...(['Dora', 'Emil'] as const).map((name, index): Change => ({
      table: 'requests',
      put: { group: conversationOf(CREW), identity: keyOf(name), at: index === 0 ? 'asked' : 'declined' },
    })),
    {
      table: 'requests',
      put: { group: conversationOf(CREW), identity: keyOf('Yusuf'), at: 'wishes', card: cardOf('Yusuf') },
    },
    {
      table: 'memberships',
      put: {
        ...ferry,
        era: { generation: 1, epoch: 3 },
        open: proposals.map(({ record }) => recordKey(record)),
      },
    },
    group(FERRY, 12, { messages: 1, last: { author: keyOf('Cem'), text: 'Has anybody heard of Ben?' } }),
    said(FERRY, 'Cem', [39, 13], { kind: 'text', text: 'Has anybody heard of Ben?' }),
    ...proposals.map((put): Change => ({ table: 'records', put })),
    said('Kaya', 'Kaya', [1, 30], { kind: 'card', card: cardOf('Signe') }),
    said('Kaya', 'me', [2, 10], { kind: 'card', card: cardOf('Ben Okafor') }),
    said('Kaya', 'Kaya', [3, 5], { kind: 'card', card: cardOf('Cem') }),
    {
      table: 'conversations',
      put: chatOf('Kaya', at(5), { messages: 3, last: { author: keyOf('Kaya'), text: 'Cem' } }),
    },
    {
      table: 'invitations',
      put: {
        ...{ id: 'c1'.repeat(16), name: 'Allotment 12', organiser: keyOf('Nadia'), at: 'refused' },
        ...{
          refusal: 'over',
          poster: { secret: new Uint8Array(16), address: cardOf('Nadia').address, expires: at(0) },
        },
      },
    },
    {
      table: 'invitations',
      put: {
        ...{ id: conversationOf('Choir'), group: conversationOf('Choir'), name: 'Choir' },
        ...{ organiser: keyOf('Ann Lindqvist'), at: 'accepted' },
      },
    },
  ]
}

/** Somebody invites us. */
export function invitation(): Change {
  const id = conversationOf('Sunday league')
  return {
    table: 'invitations',
    put: { id, group: id, name: 'Sunday league', organiser: keyOf('Ben Okafor'), at: 'asked' },
  }
}
