import type { Line } from '../../core/conversation.ts'
import type { IdentityKey } from '../../core/ids.ts'
import type { People } from '../people.ts'
import { spanText } from './words.ts'

/** What happened to a chat, in plain words. */
export function lineText(line: Line, people: People): string {
  const { nameOf, me } = people
  switch (line.line) {
    case 'created':
      return `${nameOf(line.by)} made this group.`
    case 'joined':
      return `${nameOf(line.by)} joined the group.`
    case 'renamed':
      return `${nameOf(line.by)} named the group “${line.name ?? ''}”.`
    case 'pictured':
      return `${nameOf(line.by)} changed the picture of the group.`
    case 'added':
      return `${nameOf(line.by)} added ${listed(line.who, people)}.`
    case 'removed':
      return `${nameOf(line.by)} removed ${listed(line.who, people)}.`
    case 'left':
      return `${nameOf(line.who)} left the group.`
    case 'restored':
      return `${possessive(line.who, people)} device was restored from a backup or set up anew.`
    case 'organiser':
      return line.who === me
        ? 'You look after this group from now on.'
        : `${nameOf(line.who)} looks after this group from now on.`
    case 'declined': {
      const group = line.name === undefined ? 'the group' : `“${line.name}”`
      return line.who === me
        ? `You declined the invitation to ${group}.`
        : `${nameOf(line.who)} declined the invitation to ${group}.`
    }
    case 'without':
      return `${nameOf(line.by)} suggested to go on without ${within(line.organiser, people)}, who looks after this group.`
    case 'vanish':
      return line.seconds === 0
        ? `${nameOf(line.by)} turned disappearing messages off.`
        : `${nameOf(line.by)} set new messages to disappear after ${spanText(line.seconds)}.`
    case 'pinned':
      return `${nameOf(line.by)} pinned a message.`
    case 'invited':
      return line.by === me
        ? `You sent an invitation to the group “${line.name}”.`
        : `${nameOf(line.by)} invites you to the group “${line.name}”.`
  }
}

/** Somebody in the middle of a sentence. */
function within(who: IdentityKey, { nameOf, me }: People): string {
  return who === me ? 'you' : nameOf(who)
}

function possessive(who: IdentityKey, { nameOf, me }: People): string {
  return who === me ? 'Your' : `${nameOf(who)}’s`
}

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' })

/** "you, Ann and Cem" */
function listed(who: readonly IdentityKey[], people: People): string {
  return list.format(who.map((one) => within(one, people)))
}
