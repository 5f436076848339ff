import { isKnown } from '../../core/contact.ts'
import type { IdentityKey } from '../../core/ids.ts'
import type { Engine } from '../context.ts'
import { peopleOf } from '../people.ts'
import { TRUST } from '../trust.ts'
import { compareNames, contactsWithChat } from './book.ts'

/** Somebody who can be chosen from a list. */
export interface Candidate {
  readonly identity: IdentityKey
  readonly name: string
  /** Small print that tells more about them, and tells apart people of the same name. */
  readonly note: string
  /** How they can be reached is known: they can be introduced. */
  readonly known: boolean
}

/** Everybody with whom this person has a chat, by name. */
export class Contacts {
  /** Undefined until they were read. */
  all = $state.raw<readonly Candidate[]>()
  readonly #engine: Engine
  readonly #stop: () => void
  #turn: Promise<void> = Promise.resolve()

  constructor(engine: Engine) {
    this.#engine = engine
    this.#stop = engine.store.watch(({ tables }) => {
      if (tables.has('contacts') || tables.has('conversations')) this.#refresh()
    })
    this.#refresh()
  }

  close(): void {
    this.#stop()
  }

  #refresh(): void {
    this.#turn = this.#turn.then(() => this.#read()).catch(reportError)
  }

  async #read(): Promise<void> {
    const { store, me } = this.#engine
    const [contacts, conversations] = await Promise.all([store.all('contacts'), store.all('conversations')])
    const people = peopleOf(me, contacts)
    this.all = contactsWithChat(contacts, conversations)
      .map((contact): Candidate => {
        const { identity, trust } = contact
        const hint = people.hintOf(identity)
        const note = [TRUST[trust], ...(hint === undefined ? [] : [hint])].join(' · ')
        return { identity, note, name: people.nameOf(identity), known: isKnown(contact) }
      })
      .sort((a, b) => compareNames(a.name, b.name))
  }
}
