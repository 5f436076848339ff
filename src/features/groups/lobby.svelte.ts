import { SvelteSet } from 'svelte/reactivity'
import type { Invitation } from '../../core/group.ts'
import type { ConversationId, IdentityKey } from '../../core/ids.ts'
import { seatOf } from '../../core/membership.ts'
import type { TableName } from '../../store/rows.ts'
import { showToast } from '../../ui/toasts.ts'
import type { Engine } from '../context.ts'
import { peopleOf, type People } from '../people.ts'
import type { Groups } from './groups.ts'

/** Somebody who asks to be let into a group of ours. */
export interface Wish {
  readonly group: ConversationId
  readonly groupName: string
  readonly who: IdentityKey
  readonly name: string
}

const SOURCES: readonly TableName[] = ['invitations', 'requests', 'contacts', 'conversations', 'memberships']

/** What happens at the doors of groups: who invites us, where we wait, and who waits for us. */
export class Lobby {
  /** In the order in which they came. */
  invitations = $state.raw<readonly Invitation[]>([])
  wishes = $state.raw<readonly Wish[]>([])
  people = $state.raw<People>()
  /** Invitations that are to be answered another time, by id. */
  readonly #later = new SvelteSet<string>()

  /** The person wants to see a group. */
  onopen: ((group: ConversationId) => void) | undefined

  readonly #engine: Engine
  readonly #groups: Groups
  readonly #stop: () => void
  #turn: Promise<void> = Promise.resolve()
  #known: ReadonlySet<ConversationId> | undefined
  /** Wishes of which a note tells. */
  #told: readonly (Pick<Wish, 'group' | 'who'> & { readonly toast: Promise<() => void> })[] = []

  constructor(engine: Engine, groups: Groups) {
    this.#engine = engine
    this.#groups = groups
    this.#stop = engine.store.watch(({ tables }) => {
      if (SOURCES.some((table) => tables.has(table))) this.#refresh()
    })
    this.#refresh()
  }

  /** The one that is to be answered now. */
  get question(): Invitation | undefined {
    return this.invitations.find(({ id, at }) => at === 'asked' && !this.#later.has(id))
  }

  /** Where nothing is to be answered now. */
  get waiting(): readonly Invitation[] {
    return this.invitations.filter(({ id, at }) => at !== 'asked' || this.#later.has(id))
  }

  putOff({ id }: Invitation): void {
    this.#later.add(id)
  }

  takeUp({ id }: Invitation): void {
    this.#later.delete(id)
  }

  /** Who lets us in, as far as they are known here. */
  organiserOf({ organiser }: Invitation): string | undefined {
    return this.people?.known.has(organiser) ? this.people.nameOf(organiser) : undefined
  }

  close(): void {
    this.#stop()
  }

  #refresh(): void {
    this.#turn = this.#turn.then(() => this.#read()).catch(reportError)
  }

  async #read(): Promise<void> {
    const { store, me } = this.#engine
    const [invitations, requests, contacts, conversations, memberships] = await Promise.all([
      store.all('invitations'),
      store.all('requests'),
      store.all('contacts'),
      store.all('conversations'),
      store.all('memberships'),
    ])
    const people = peopleOf(me, contacts)
    const ours = new Map(memberships.map((membership) => [membership.conversation, membership]))
    const wishes = requests.flatMap(({ group, identity: who, at, card }): Wish[] => {
      const circle = conversations.find(({ id }) => id === group)?.circle
      const membership = ours.get(group)
      if (at !== 'wishes' || circle?.kind !== 'group' || membership?.organiser !== me) return []
      if (seatOf(membership, who)) return []
      const name = people.known.has(who) ? people.nameOf(who) : (card?.name ?? people.nameOf(who))
      return [{ group, groupName: circle.name, who, name }]
    })
    const before = { wishes: this.wishes, invitations: this.invitations, known: this.#known }
    this.people = people
    this.wishes = wishes
    const isIn = ({ group }: Invitation): boolean => {
      const membership = group === undefined ? undefined : ours.get(group)
      return membership !== undefined && seatOf(membership, me) !== undefined
    }
    this.invitations = this.#inOrder(invitations.filter((one) => one.at !== 'declined' && !isIn(one)))
    const groups = conversations.filter(({ circle }) => circle.kind === 'group')
    this.#known = new Set(groups.map(({ id }) => id))
    this.#takeBack()
    // What was there from the beginning stands beside the list.
    if (!before.known) return
    for (const wish of wishes) if (!before.wishes.some((one) => same(one, wish))) this.#tellOf(wish)
    if (before.invitations.length <= this.invitations.length) return
    for (const { id, circle } of groups)
      if (!before.known.has(id) && circle.kind === 'group') this.#welcome(id, circle.name)
  }

  /** Those that were there keep their place, so that no question takes the place of another. */
  #inOrder(invitations: readonly Invitation[]): Invitation[] {
    const places = new Map(this.invitations.map(({ id }, place) => [id, place]))
    const placeOf = ({ id }: Invitation): number => places.get(id) ?? places.size
    return [...invitations].sort((a, b) => placeOf(a) - placeOf(b))
  }

  #tellOf({ group, groupName, who, name }: Wish): void {
    const answer = (how: 'admit' | 'turn-away') => () => {
      this.#groups.decide(group, who, how).catch(reportError)
    }
    const toast = showToast({
      text: `${name} wants to join ${groupName}`,
      action: { label: 'Let in', run: answer('admit') },
      other: { label: 'Turn away', run: answer('turn-away') },
    })
    this.#told = [...this.#told, { group, who, toast }]
    toast.catch(reportError)
  }

  /** Those who were answered elsewhere. */
  #takeBack(): void {
    const over = this.#told.filter((told) => !this.wishes.some((wish) => same(wish, told)))
    this.#told = this.#told.filter((told) => !over.includes(told))
    for (const { toast } of over) toast.then((take) => take(), reportError)
  }

  #welcome(group: ConversationId, name: string): void {
    const action = { label: 'Open', run: () => this.onopen?.(group) }
    showToast({ kind: 'good', text: `You are in ${name} now.`, action }).catch(reportError)
  }
}

function same(one: Pick<Wish, 'group' | 'who'>, other: Pick<Wish, 'group' | 'who'>): boolean {
  return one.group === other.group && one.who === other.who
}
