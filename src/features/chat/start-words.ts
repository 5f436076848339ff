import type { Contact } from '../../core/contact.ts'
import type { Circle, Conversation } from '../../core/conversation.ts'
import type { People } from '../people.ts'

const CAREFUL = 'Ask them something only they can know before you trust the name.'

const MET = {
  verified: 'You scanned their code in person: this is really them.',
  'private-invite': 'You met through a private invitation.',
  unverified: `You met through others. ${CAREFUL}`,
}

/** How it is known who the others are. */
export function trustText(
  { circle }: Conversation,
  contact: Contact | undefined,
  people: Pick<People, 'nameOf'>,
): string | undefined {
  if (circle.kind === 'self') return 'Words for yourself: a list, an address, something to send on later.'
  if (circle.kind === 'group') return 'Everybody here reads what is written while they are a member.'
  if (!contact) return undefined
  const through = contact.stage === 'invited' || contact.trust !== 'unverified' ? undefined : contact.through
  if (!through) return MET[contact.trust]
  return 'by' in through
    ? `${people.nameOf(through.by)} introduced you. ${CAREFUL}`
    : `You are in a group together and have not met. ${CAREFUL}`
}

const KEPT: Record<Circle['kind'], string> = {
  pair: 'What you write stays between your two devices.',
  group: 'What you write stays between the devices of the members.',
  self: 'What you write stays on this device.',
}

/** Who can read it. */
export function privacyText(kind: Circle['kind']): string {
  return KEPT[kind]
}
