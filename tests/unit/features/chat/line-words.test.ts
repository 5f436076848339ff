import { describe, expect, it } from 'vitest'
import type { Line } from '../../../../src/core/conversation.ts'
import { lineText } from '../../../../src/features/chat/line-words.ts'
import { peopleOf } from '../../../../src/features/people.ts'
import { conversationOf, keyOf, ME, metContact, targetOf } from '../../../e2e/gallery/people.ts'

const [ann, cem, dora] = ['Ann', 'Cem', 'Dora'].map(keyOf) as [
  ReturnType<typeof keyOf>,
  ReturnType<typeof keyOf>,
  ReturnType<typeof keyOf>,
]
const people = peopleOf(ME, [
  metContact('Ann', 'verified'),
  { ...metContact('Cem', 'verified'), alias: 'Kemal' },
])
const text = (line: Line): string => lineText(line, people)

describe('what happened to a chat', () => {
  it.each<[Line, string]>([
    [{ line: 'created', by: ME }, 'You made this group.'],
    [{ line: 'joined', by: ME }, 'You joined the group.'],
    [{ line: 'renamed', by: ann, name: 'Choir' }, 'Ann named the group “Choir”.'],
    [{ line: 'pictured', by: ann }, 'Ann changed the picture of the group.'],
    [{ line: 'added', by: ME, who: [cem] }, 'You added Kemal.'],
    [{ line: 'added', by: ann, who: [ME, cem, dora] }, 'Ann added you, Kemal and Somebody.'],
    [{ line: 'removed', by: ann, who: [ME] }, 'Ann removed you.'],
    [{ line: 'left', who: cem }, 'Kemal left the group.'],
    [{ line: 'restored', who: ann }, 'Ann’s device was restored from a backup or set up anew.'],
    [{ line: 'organiser', who: ME }, 'You look after this group from now on.'],
    [{ line: 'organiser', who: ann }, 'Ann looks after this group from now on.'],
    [{ line: 'declined', who: ann, name: 'Choir' }, 'Ann declined the invitation to “Choir”.'],
    [
      { line: 'without', by: cem, organiser: ann, roster: '' },
      'Kemal suggested to go on without Ann, who looks after this group.',
    ],
    [{ line: 'vanish', by: ME, seconds: 86_400 }, 'You set new messages to disappear after 1 day.'],
    [{ line: 'vanish', by: ann, seconds: 0 }, 'Ann turned disappearing messages off.'],
    [{ line: 'pinned', by: ann, target: targetOf(ann, 1) }, 'Ann pinned a message.'],
    [
      { line: 'invited', by: ann, group: conversationOf('Choir'), name: 'Choir' },
      'Ann invites you to the group “Choir”.',
    ],
  ])('%o', (line, words) => {
    expect(text(line)).toBe(words)
  })
})
