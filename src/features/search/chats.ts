import type { Contact } from '../../core/contact.ts'
import type { Conversation } from '../../core/conversation.ts'
import type { Named } from './names.ts'

/** A chat as the list has it. */
export interface Listed {
  readonly conversation: Conversation
  /** The other person, one to one. */
  readonly contact: Contact | undefined
  readonly title: string
  /** Decides the colour of its picture. */
  readonly face: string
}

/** A chat as it is found. */
export interface FoundChat extends Named {
  readonly listed: Listed
}

/** By what they are called here, by themselves, and when they were met. */
export function chatsOf(entries: readonly Listed[]): FoundChat[] {
  return entries.map((listed) => {
    const { title, contact } = listed
    return { listed, title, names: [contact?.name, contact?.metAs].filter((name) => name !== undefined) }
  })
}
