import { endOf, nameOf, type Contact, type Met } from '../../core/contact.ts'
import type { Status } from '../../core/status.ts'
import type { LinkState } from '../../net/links.ts'

/** The state of the connection to one person: a word for the button and sentences for whoever wants to know. */
export interface ConnectionWords {
  readonly word: 'Direct' | 'Local network' | 'Relayed' | 'Connecting' | 'Offline'
  readonly title: string
  readonly text: string
}

export function connectionWords(state: LinkState, name: string): ConnectionWords {
  if (state.at === 'offline') {
    return {
      word: 'Offline',
      title: `${name} is not connected`,
      text: `What you write waits on this device and goes out by itself as soon as you are both online.`,
    }
  }
  if (state.at === 'connecting' || state.path === undefined) {
    return {
      word: 'Connecting',
      title: `Looking for a way to ${name}`,
      text: 'This usually takes a few seconds. You can write meanwhile.',
    }
  }
  const words = {
    direct: {
      word: 'Direct',
      title: `Straight to ${name}`,
      text: 'Your devices talk to each other over the internet without anybody in between.',
    },
    local: {
      word: 'Local network',
      title: 'In the same network',
      text: `You and ${name} are on the same network: nothing you send leaves it.`,
    },
    relayed: {
      word: 'Relayed',
      title: 'Passed on by a relay',
      text: 'There is no straight way between your networks, so a relay passes on what you send. It sees sealed data only.',
    },
  } as const
  return words[state.path]
}

export const STATUS_TEXT: Record<Status, string> = {
  Waiting: 'Waiting: goes out as soon as you are both online',
  Sent: 'Sent: on its way',
  Delivered: 'Delivered: stored on the other device',
  Read: 'Read',
  Failed: 'Failed: this can never be sent',
}

const SPANS = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** "1 week", "36 hours": how long messages stay. */
export function spanText(seconds: number): string {
  const [unit, length] = SPANS.find(([, length]) => seconds % length === 0) ?? SPANS[4]
  const count = seconds / length
  return count === 1 ? `1 ${unit}` : `${String(count)} ${unit}s`
}

export const NOT_STORED = 'This could not be stored on your device, and was not sent.'

export const NOT_THERE = 'This message is no longer here.'
export const TOO_LONG = 'This is too long for one message. Send it in several parts.'

/** What stands above a chat when something about it must be known. */
export interface Notice {
  readonly kind: 'info' | 'warning' | 'danger'
  readonly text: string
}

export function noticeOf(contact: Contact, now: number): Notice | undefined {
  const { alarm } = contact
  const name = nameOf(contact)
  const alarmed = alarm && ({ kind: 'danger', ...ALARMS[alarm](name) } as const)
  if (contact.stage !== 'invited') return alarmed
  const ended = endOf(contact, now)
  if (ended === 'used') {
    return {
      kind: 'warning',
      text: `This invitation was already used by somebody else. Ask ${name} for a new one.`,
    }
  }
  if (ended === 'expired') {
    return { kind: 'warning', text: `This invitation has run out. Ask ${name} for a new one.` }
  }
  return alarmed ?? { kind: 'info', text: `Waiting for ${name} to come online. You can write already.` }
}

/** Stays for good: nobody can say which of the two stories is true. */
export function forkNotice(who: readonly string[]): Notice {
  return {
    kind: 'danger',
    text: `Two different messages were sent in the name of ${listed(who)} for the same moment, each with a valid signature. Others may read something else here than you do. ${askThem(who)}`,
  }
}

/** Stays for good: somebody may have been given keys that nobody else has. */
export function apartNotice(who: readonly string[]): Notice {
  return {
    kind: 'danger',
    text: `${listed(who)} and you should have the same keys in this chat, and do not. Somebody may have shown you two different groups. ${askThem(who)}`,
  }
}

function askThem(who: readonly string[]): string {
  return `Ask ${who.length === 1 ? 'them' : 'each of them'} in another way whether all is well.`
}

function listed(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(names)
}

const ALARMS: Record<NonNullable<Met['alarm']>, (name: string) => Pick<Notice, 'text'> & Partial<Notice>> = {
  intercepted: (name) => ({
    text: `Somebody stood between you and ${name} at the last attempt to connect. Nothing was sent.`,
  }),
  broken: (name) => ({
    text: `The last connection to ${name} was intercepted or broken. Nothing was sent over it.`,
  }),
  'key-changed': (name) => ({
    text: `${name}’s key is not the one you know. Somebody else may be using the address. Nothing is sent until this is cleared up.`,
  }),
  'they-must-update': (name) => ({
    kind: 'warning',
    text: `${name} needs to update Earshot before you can connect.`,
  }),
  'we-must-update': (name) => ({
    kind: 'warning',
    text: `Update Earshot to talk to ${name}: close all its tabs and open it again.`,
  }),
}

export function unreadText(count: number): string {
  return count === 1 ? '1 unread message' : `${String(count)} unread messages`
}

export function jumpLabel(count: number): string {
  return count === 0 ? 'Jump to the latest' : `Jump to the latest, ${unreadText(count)}`
}
