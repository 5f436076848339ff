import type { Body, MessageBody } from '../../../src/core/body.ts'
import type { Line } from '../../../src/core/conversation.ts'
import type { Change } from '../../../src/store/store.ts'
import type { StoredRecord } from '../../../src/store/tables.ts'
import {
  chatOf,
  conversationOf,
  drawnPicture,
  incarnationOf,
  keyOf,
  lineOf,
  ME,
  membershipOf,
  metContact,
  recordOf,
  targetOf,
} from './people.ts'
import { NOW } from './scenes.ts'

const CHOIR = 'Kitchen choir'
const MINUTE = 60_000
const [ann, ben, cem, dora] = ['Ann Lindqvist', 'Ben Okafor', 'Cem', 'Dora'].map(keyOf) as [
  ReturnType<typeof keyOf>,
  ReturnType<typeof keyOf>,
  ReturnType<typeof keyOf>,
  ReturnType<typeof keyOf>,
]

type Entry = [minutesAgo: number, who: typeof ann, said: string | Body | Line, more?: More]
type More = Partial<NonNullable<StoredRecord['message']>>

const text = (words: string, manner: Partial<MessageBody & { kind: 'text' }> = {}): Body => ({
  kind: 'text',
  text: words,
  ...manner,
})
const like = (who: typeof ann, emoji: string, seq: number) => ({ author: who, emoji, clock: NOW + seq, seq })

const TOLD: Entry[] = [
  [3000, ME, { line: 'created', by: ME }],
  [2990, ME, { line: 'added', by: ME, who: [ann, ben, cem] }],
  [2989, ME, { line: 'renamed', by: ME, name: CHOIR }],
  [2900, ann, 'What a name. I shall bring the big spoon.'],
  [2890, ME, { line: 'added', by: ME, who: [dora] }],
  [2880, dora, 'Hello everybody! Which part do you need?'],
  [2870, ben, 'All of them 😅', { reactions: [like(ann, '😂', 1), like(dora, '😂', 2)] }],
  [75, ann, 'I copied the parts for “Autumn rain”. Altos: please look at bar 24, the breath mark moved.'],
  [74, ann, { ...text('And bring a pencil'), vanish: 604_800 } as Body],
  [
    70,
    cem,
    text('@Quiet Otter can you take the key for Thursday?', {
      mentions: [{ at: 0, length: 12, who: ME }],
    }),
  ],
  [
    66,
    ME,
    text('Yes, I have it. @Ben Okafor you lock up?', {
      reply: targetOf(cem, 10),
      mentions: [{ at: 16, length: 11, who: ben }],
    }),
    { reactions: [like(cem, '🙏', 3), like(ann, '👍', 4), like(ME, '👍', 5)] },
  ],
  [
    60,
    ben,
    text('Will do. From seven on, as always?', { reply: targetOf(ME, 11) }),
    {
      edits: [
        {
          text: 'Will do. From seven on, as every week?',
          clock: NOW - 59 * MINUTE,
          incarnation: incarnationOf(ben),
          seq: 90,
        },
      ],
    },
  ],
  [44, dora, text('', {}), { body: undefined, deleted: true } as unknown as More],
  [40, ME, { line: 'vanish', by: ME, seconds: 604_800 }],
  [
    12,
    dora,
    text('The baker keeps two trays of buns for us: https://example.org/bakery', {
      forwarded: true,
    }),
    { reactions: [like(ann, '❤️', 6), like(ben, '❤️', 7), like(cem, '🎉', 8)] },
  ],
  [9, ann, { line: 'pinned', by: ann, target: targetOf(ann, 8) }],
  [4, ME, 'Perfect. See you all on Thursday 🎶'],
  [2, ME, 'Oh, and who has the tuning fork?', {}],
]

function records(): Change[] {
  return TOLD.map(([ago, who, said, more], index): Change => {
    const at = { seq: index + 1, clock: NOW - ago * MINUTE }
    if (typeof said !== 'string' && 'line' in said)
      return { table: 'records', put: lineOf(CHOIR, who, at, said) }
    const row = recordOf(CHOIR, who, at, typeof said === 'string' ? text(said) : said)
    return { table: 'records', put: { ...row, ...(row.message && { message: { ...row.message, ...more } }) } }
  })
}

/** A group with everything that can happen in one, and what a list looks like after some months. */
export async function choir(): Promise<Change[]> {
  const at = (minutesAgo: number) => NOW - minutesAgo * MINUTE
  const feed = { conversation: conversationOf(CHOIR), author: ME, incarnation: incarnationOf(ME) }
  const reach = (peer: typeof ann, delivered: number, read = 0): Change => ({
    table: 'reaches',
    put: { feed, peer, delivered, sent: delivered, read, steps: [[delivered, at(1)]] },
  })
  const others = (name: string, key: string) => ({
    ...metContact(name, 'private-invite'),
    identity: keyOf(key),
    conversation: conversationOf(key),
  })
  const pair = (key: string) => ({ circle: { kind: 'pair', peer: keyOf(key) } }) as const
  return [
    { table: 'contacts', put: metContact('Dora', 'unverified') },
    ...records(),
    { table: 'memberships', put: membershipOf(CHOIR, ['Ann Lindqvist', 'Ben Okafor', 'Cem', 'Dora'], 'me') },
    {
      table: 'conversations',
      put: chatOf(CHOIR, at(2), {
        circle: { kind: 'group', name: CHOIR },
        messages: TOLD.filter(([, , said]) => typeof said === 'string' || 'kind' in said).length,
        last: { author: ME, text: 'Oh, and who has the tuning fork?' },
        pinned: true,
        receipts: true,
        vanish: { value: 604_800, clock: at(40), author: ME, seq: 14 },
        pin: { value: targetOf(ann, 8), clock: at(9), author: ann, seq: 16 },
      }),
    },
    reach(ann, 18, 17),
    reach(ben, 17, 17),
    reach(cem, 17, 17),
    reach(dora, 17, 17),
    { table: 'pictures', put: { of: conversationOf(CHOIR), picture: await drawnPicture(40) } },
    { table: 'pictures', put: { of: ann, picture: await drawnPicture(200) } },
    { table: 'contacts', put: { ...others('Lena', 'Lena 1'), metAs: 'Lena from the pool' } },
    { table: 'contacts', put: others('Lena', 'Lena 2') },
    {
      table: 'conversations',
      put: chatOf('Lena 1', at(30), {
        ...pair('Lena 1'),
        last: { author: keyOf('Lena 1'), text: 'Lane four, at six' },
      }),
    },
    {
      table: 'conversations',
      put: chatOf('Lena 2', at(1600), { ...pair('Lena 2'), last: { author: ME, text: 'Thank you!' } }),
    },
    {
      table: 'conversations',
      put: chatOf('Neighbours', at(20), {
        circle: { kind: 'group', name: 'Neighbours' },
        muted: true,
        unread: 31,
        messages: 900,
        last: { author: keyOf('Dora'), text: 'The lift is stuck again' },
      }),
    },
    { table: 'memberships', put: membershipOf('Neighbours', ['Dora', 'Cem'], 'Dora') },
    {
      table: 'conversations',
      put: chatOf('Moving day', at(50), {
        circle: { kind: 'group', name: 'Moving day' },
        unread: 3,
        mentioned: true,
        messages: 40,
        last: { author: ann, text: 'And who carries the piano?' },
      }),
    },
    { table: 'memberships', put: membershipOf('Moving day', ['Ann Lindqvist', 'Cem'], 'Ann Lindqvist') },
    {
      table: 'conversations',
      put: chatOf('Summer house', at(90_000), {
        circle: { kind: 'group', name: 'Summer house' },
        archived: true,
        left: true,
        messages: 1,
        last: { author: ben, text: 'Until next year!' },
      }),
    },
    {
      table: 'records',
      put: recordOf(
        'Summer house',
        ben,
        { seq: 1, clock: at(90_000) },
        { kind: 'text', text: 'Until next year!' },
      ),
    },
    { table: 'memberships', put: membershipOf('Summer house', ['Ben Okafor'], 'Ben Okafor') },
    {
      table: 'conversations',
      put: chatOf('notes', at(700), {
        circle: { kind: 'self' },
        messages: 1,
        last: { author: ME, text: 'Plums, almonds, half the sugar' },
      }),
    },
    {
      table: 'records',
      put: recordOf(
        'notes',
        ME,
        { seq: 1, clock: at(700) },
        { kind: 'text', text: 'Plums, almonds, half the sugar' },
      ),
    },
  ]
}
