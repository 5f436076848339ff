import type { Contact, Trust } from '../core/contact.ts'

/** How sure it is that somebody is who they say, in a word. */
export const TRUST: Record<Trust, string> = {
  verified: 'Verified',
  'private-invite': 'Private invite',
  unverified: 'Unverified',
}

/** What is known of those through whom somebody was met. */
export interface Through {
  /** What a group is called, if this person still has it. */
  groupName(group: string): string | undefined
  /** What somebody is called here, if they are known. */
  personName(who: string): string | undefined
}

/** How somebody was met, and what that is worth. */
export function metText(contact: Contact, { groupName, personName }: Through): string {
  const { trust } = contact
  if (trust === 'verified') return 'You scanned their code in person: this is really them.'
  if (trust === 'private-invite') return 'You met through a private invitation.'
  const through = contact.stage === 'invited' ? undefined : contact.through
  if (through && 'by' in through) {
    const by = personName(through.by) ?? 'Somebody'
    return `${by} introduced you. Nobody but ${by} says that this is really them.`
  }
  const group = through && groupName(through.group)
  const where = group === undefined ? 'a group' : `the group ${group}`
  return `You met through ${where}. Nobody but its organiser says that this is really them.`
}
