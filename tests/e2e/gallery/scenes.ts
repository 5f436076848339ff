import type { Contact } from '../../../src/core/contact.ts'
import { preview, type Conversation } from '../../../src/core/conversation.ts'
import type { Change } from '../../../src/store/store.ts'
import { fileId } from '../../../src/core/ids.ts'
import { chatOf, conversationOf, invitedContact, keyOf, ME, metContact, recordOf } from './people.ts'

/** Now, in the gallery: the same on every run, so that pictures can be compared. */
export const NOW = new Date(2026, 10, 21, 18, 42).getTime()
const MINUTE = 60_000

const TALK: readonly [minutesAgo: number, mine: boolean, text: string][] = [
  [1500, false, 'Did you get home all right?'],
  [1497, true, 'Yes! Missed the tram, walked along the canal instead. Worth it 🌙'],
  [1496, true, 'The whole town smelled of rain'],
  [1490, false, '❤️'],
  [
    64,
    false,
    'I found the recipe we talked about: https://example.org/kitchen/plum-cake?serves=8 (the one with the almonds)',
  ],
  [62, false, 'Grandma says to take half the sugar'],
  [61, true, 'Half the sugar, twice the plums. Got it.'],
  [58, true, 'Saturday at ours then?\nI can pick you up at the station, the train comes in at 10:24.'],
  [42, false, 'Perfect. Shall I bring the big pan?'],
  [41, false, 'And Cem asks whether he may bring his trombone 🎺'],
  [3, true, 'Bring the pan. As for the trombone… let me ask the neighbours first'],
  [2, true, 'They said yes, until eight'],
]

/** What happens to each is told by its view in fake-engine.ts. */
const FILES: readonly [name: string, mine: boolean, bytes: number][] = [
  ['canal-by-night.jpg', true, 4_200_000],
  ['trombone.m4a', true, 31_000_000],
  ['agenda.odt', false, 48_000],
  ['the whole archive of the choir.zip', false, 3_400_000_000],
  ['minutes-2026-11.pdf', false, 220_000],
]

function talk(name: string, lines: typeof TALK): Change[] {
  return lines.map(([ago, mine, text], index) => {
    const clock = NOW - ago * MINUTE
    return {
      table: 'records',
      put: recordOf(name, mine ? ME : keyOf(name), { seq: index + 1, clock }, { kind: 'text', text }),
    }
  })
}

function person(
  contact: Contact,
  minutesAgo: number,
  more: Partial<Conversation> & { said?: string },
): Change[] {
  const { said, ...rest } = more
  const last = said === undefined ? {} : { last: { author: keyOf(contact.name), text: said } }
  const chat = chatOf(contact.name, NOW - minutesAgo * MINUTE, { ...last, messages: said ? 3 : 0, ...rest })
  return [
    { table: 'contacts', put: contact },
    { table: 'conversations', put: chat },
  ]
}

/** Ann, with a real conversation, and people around her. */
export function friends(): Change[] {
  const ann = TALK.at(-1)
  return [
    ...talk('Ann Lindqvist', TALK),
    ...person(metContact('Ann Lindqvist', 'verified'), 2, {
      messages: TALK.length,
      ...(ann && { last: { author: ME, text: preview({ kind: 'text', text: ann[2] }) } }),
    }),
    {
      table: 'reaches',
      put: { feed: feedOf('Ann Lindqvist'), peer: keyOf('Ann Lindqvist'), delivered: 8, sent: 11 },
    },
    ...person({ ...metContact('Cem', 'private-invite'), metAs: 'Kemal' }, 9, {
      unread: 2,
      said: 'The neighbours are warned 🎶',
    }),
    ...person(metContact('Field team', 'verified'), 75, {
      unread: 14,
      said: 'Station 4 is dry, moving on to 5',
    }),
    ...person(metContact('مريم', 'verified'), 190, { said: 'شكرا، وصلت الصور' }),
    ...FILES.map(([name, mine, size], index): Change => {
      const at = { seq: index + 1, clock: NOW - (1504 - index) * MINUTE }
      const manifest = {
        file: fileId(keyOf(name).slice(0, 32)),
        name,
        size,
        type: '',
        key: new Uint8Array(32),
        blockSize: 1_048_576,
      }
      return {
        table: 'records',
        put: recordOf('Ben Okafor', mine ? ME : keyOf('Ben Okafor'), at, { kind: 'file', manifest }),
      }
    }),
    ...person(metContact('Ben Okafor', 'private-invite'), 1500, {
      said: 'minutes-2026-11.pdf',
      messages: FILES.length,
    }),
    ...person(metContact('Quiet Heron', 'unverified'), 4000, { draft: 'About the keys: ' }),
    ...person(invitedContact('Dora'), 5000, {}),
    ...person(invitedContact('Emil', 'expired'), 20_000, {}),
    ...person(invitedContact('Finn', 'used'), 21_000, {}),
    ...person({ ...metContact('Gerda', 'verified'), alarm: 'intercepted' }, 22_000, { said: 'See you!' }),
  ]
}

function feedOf(chat: string) {
  return {
    conversation: conversationOf(chat),
    author: ME,
    incarnation: recordOf(chat, ME, { seq: 1, clock: 0 }, { kind: 'text', text: '' }).record.incarnation,
  }
}

/** A chat of `count` messages with Ann, the last `unread` of them not seen. */
export function longChat(count: number, unread: number): Change[] {
  const lines = Array.from({ length: count }, (_, i): (typeof TALK)[number] => {
    const mine = i < count - unread && i % 3 === 0
    return [
      (count - i) * 3,
      mine,
      `Message ${String(i + 1)}${i % 7 === 0 ? ': a longer one, that goes on for a while and breaks its line somewhere in the middle' : ''}`,
    ]
  })
  const lastRead = count - unread
  const read = { clock: NOW - (count - lastRead + 1) * 3 * MINUTE, author: keyOf('Ann'), seq: lastRead }
  return [
    ...talk('Ann', lines),
    ...person(metContact('Ann', 'verified'), 3, {
      messages: count,
      unread,
      said: 'Message',
      read,
    }),
  ]
}
