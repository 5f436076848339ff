import { grouped } from '../core/grouped.ts'
import { nameOf as calledHere, type Contact } from '../core/contact.ts'
import type { IdentityKey } from '../core/ids.ts'

/** Everybody of whom the screen may speak, as they are called on this device. */
export interface People {
  readonly me: IdentityKey
  /** Their name; "You" for this person. */
  nameOf(who: IdentityKey): string
  /** What they call themselves, which others know too. */
  ownNameOf(who: IdentityKey): string
  /** Small print that tells apart people of the same name; undefined where the name is enough. */
  hintOf(who: IdentityKey): string | undefined
  /** Everybody who is known here. */
  readonly known: ReadonlyMap<IdentityKey, Contact>
}

const YOU = 'You'
const STRANGER = 'Somebody'

export function peopleOf(me: IdentityKey, contacts: readonly Contact[]): People {
  const known = new Map(contacts.map((contact) => [contact.identity, contact]))
  const namesakes = grouped(contacts, (contact) => folded(calledHere(contact)))
  return {
    ...{ me, known },
    nameOf: (who) => {
      if (who === me) return YOU
      const contact = known.get(who)
      return contact ? calledHere(contact) : STRANGER
    },
    ownNameOf: (who) => known.get(who)?.name ?? STRANGER,
    hintOf: (who) => {
      const contact = known.get(who)
      const others = contact && namesakes.get(folded(calledHere(contact)))
      if (!contact || !others || others.length < 2) return undefined
      return hint(contact, others)
    },
  }
}

/** Nobody is called otherwise than before. */
export function samePeople(a: People, b: People): boolean {
  if (a.known.size !== b.known.size) return false
  return [...b.known].every(([who, { name, alias, metAs }]) => {
    const before = a.known.get(who)
    return before?.name === name && before.alias === alias && before.metAs === metAs
  })
}

/** Under what name they were met, if that tells them apart; else the end of their key. */
function hint({ identity, metAs }: Contact, namesakes: readonly Contact[]): string {
  const unique = metAs !== undefined && namesakes.filter((other) => other.metAs === metAs).length === 1
  return unique ? `met as ${metAs}` : `#${identity.slice(-4)}`
}

/** Names that look the same are the same here. */
function folded(name: string): string {
  return name.normalize('NFKC').trim().toLocaleLowerCase()
}
