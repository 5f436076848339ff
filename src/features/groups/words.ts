import type { Invitation } from '../../core/group.ts'
import { MAX_MEMBERS } from '../../core/membership.ts'
import type { Book, Guest, Proposal } from './book.ts'
import type { GroupProblem } from './groups.ts'

/** Said wherever people are chosen. */
export const ROOM_FOR = `A group has room for ${String(MAX_MEMBERS)} people, you included.`

export const PROBLEMS: Record<GroupProblem, string> = {
  full: ROOM_FOR,
  'no-keys': 'This device is still catching up with the group. Try again in a moment.',
  'not-organiser': 'Only the organiser can do this.',
}

const list = new Intl.ListFormat('en-GB')

export const NO_PICTURE = 'This file could not be read as a picture.'

/** "1 person", "4 people" */
export function countText(count: number): string {
  return count === 1 ? '1 person' : `${String(count)} people`
}

/** "Ann is the organiser" */
export function organiserText({ organiser, successor, people }: Book): string {
  const says = (who: Book['organiser'], you: string, they: (name: string) => string): string =>
    who === people.me ? you : they(who === undefined ? 'somebody' : people.nameOf(who))
  if (successor !== undefined)
    return says(successor, 'You take over soon', (name) => `${name} takes over soon`)
  return says(organiser, 'You are the organiser', (name) => `${name} is the organiser`)
}

/** How it stands with somebody who is not in the group yet. */
export const GUEST: Record<Exclude<Guest['at'], 'wishes'>, string> = {
  asked: 'Asked, no answer yet',
  declined: 'Does not want to join',
  admitted: 'Comes in as soon as you are both online',
}

/** How it stands with a group that this person wants to be in; `organiser`: what they are called here, if they are known. */
export function waitingText(
  { at, refusal, poster, name }: Invitation,
  { organiser, now }: { organiser: string | undefined; now: number },
): string {
  if (at === 'asked') return `${organiser ?? 'Somebody'} invites you to ${name}`
  if (at === 'refused') return refusedText(refusal, { organiser, name })
  if (poster && now > poster.expires) return `The invite to ${name} has run out. Ask for a new one.`
  return `Waiting for ${organiser ?? 'the organiser'} to let you in`
}

function refusedText(
  refusal: Invitation['refusal'],
  { organiser, name }: { organiser: string | undefined; name: string },
): string {
  switch (refusal) {
    case 'full':
      return `${name} is full: no more than ${String(MAX_MEMBERS)} people fit into a group.`
    case 'over':
      return `The invite to ${name} is not good any more. Ask for a new one.`
    case 'declined':
    case undefined:
      return `${organiser ?? 'The organiser'} did not let you in.`
  }
}

/** What it means to leave. */
export function leavingText({ part, members }: Pick<Book, 'part' | 'members'>): string {
  const stays = 'What was written stays on this device.'
  if (part !== 'organiser') return `Nothing new from this group reaches you any more. ${stays}`
  if (members.length === 1) return `Nobody else is in it. ${stays}`
  return `A group needs an organiser. Choose who takes over from you: they let you go as soon as their device has heard of it. ${stays}`
}

/** What it means to remove somebody. */
export function removalText(name: string): string {
  return `${name} reads nothing that is written from now on, and is told. What they have read so far, they keep.`
}

/** What it means to make somebody else the organiser. */
export function handOverText(name: string, { poster }: Pick<Book, 'poster'>): string {
  const plain = `${name} decides from then on who is in the group; you stay in it. Only ${name} can give it back.`
  return poster ? `${plain} Your invite link stops working.` : plain
}

/** What it means to go on without the organiser. */
export function goingOnText(name: string): string {
  return [
    `Only for when ${name} is gone for good, say with a lost phone. Until then nobody can be added or removed, but everybody can go on writing.`,
    `You become the organiser of the group as it is, without ${name}. Each of the others is asked, and decides alone; whoever does not come along is apart from you. What was written stays.`,
    `If ${name} comes back, there may be two groups of this name.`,
  ].join('\n\n')
}

/** What somebody's proposal to go on without the organiser would do. */
export function proposalText(
  proposal: Pick<Proposal, 'out' | 'in'>,
  name: string,
  organiser: string,
): string {
  const { out, in: fresh } = proposal
  return [
    `If you continue with ${name}, they become the organiser, and ${organiser} is no longer in the group for you.`,
    ...(out.length > 0 ? [`${list.format(out)} would be left out as well.`] : []),
    ...(fresh.length > 0 ? [`${list.format(fresh)} would come in.`] : []),
    'If you stay, you are apart from those who continue.',
  ].join(' ')
}

/** What is left to know of a group in which this person is no more. */
export const OUTSIDE: Record<'leaving' | 'left' | 'removed', string> = {
  leaving: 'You left this group. The others hear of it as soon as you are online together.',
  left: 'You left this group.',
  removed: 'You were removed from this group.',
}
