import type { ConversationId } from '../../../src/core/ids.ts'
import type { Neighbourhood, Person } from '../../support/people.ts'
import type { Chance } from '../../support/random.ts'

/** What people did, in plain arrays: nothing of it is read from the app. */
export interface Model {
  readonly words: Words[]
  readonly groups: GroupModel[]
}

/** One message that somebody typed. */
export interface Words {
  readonly text: string
  readonly by: Person
  /** A group, or the other person. */
  readonly place: ConversationId | Person
  /** The app said that it has it. */
  accepted: boolean
  /** Its author asked for it to be deleted; whether it is may be unknown: the process died meanwhile. */
  deleting: boolean
  /** The app said that it is deleted. */
  deleted: boolean
  /** What its author wanted it to say instead. */
  readonly tried: string[]
  /** Those of them that the app accepted, in that order. */
  readonly edits: string[]
  /** Who asked for it to be taken off their own device. */
  readonly hidden: Set<Person>
  /** It disappears after a while. */
  readonly fleeting: boolean
  /** Its author's device was set back behind it: only if somebody else holds it can it ever be seen again. */
  astray: boolean
}

export interface GroupModel {
  readonly id: ConversationId
  readonly name: string
  /** Somebody proposed to go on without the organiser; in one story only once. */
  parted: boolean
  /** Somebody arranged that messages disappear. */
  fleeting: boolean
}

/** Everything that happens in one story. */
export interface Stage {
  readonly world: Neighbourhood
  readonly people: Person[]
  readonly model: Model
  readonly chance: Chance
  /** Some of what peers say is not what was said: they may seem to contradict themselves. */
  garbles: boolean
  note(event: string): void
}

export function any<T>(chance: Chance, list: readonly T[]): T | undefined {
  return list[chance.below(list.length)]
}

export function wordsOf(model: Model, text: string): Words | undefined {
  return model.words.find((words) => words.text === text || words.tried.includes(text))
}
