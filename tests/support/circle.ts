import type { ConversationId } from '../../src/core/ids.ts'
import { pair, type Neighbourhood, type Person } from './people.ts'

/** Alice and her contacts, who need not know each other. */
export async function around<const Names extends readonly string[]>(
  world: Neighbourhood,
  names: Names,
): Promise<{ -readonly [K in keyof Names]: Person }> {
  const people: Person[] = []
  for (const name of names) people.push(await world.person(name))
  const [first, ...others] = people
  if (!first) throw new Error('nobody there')
  for (const other of others) {
    await pair(first, other)
    await world.settle(5_000)
  }
  return people as { -readonly [K in keyof Names]: Person }
}

/** The first asks all others into a group, and they join. */
export async function circle(
  world: Neighbourhood,
  [first, ...others]: readonly Person[],
  name = 'Field team',
): Promise<ConversationId> {
  if (!first) throw new Error('nobody there')
  const people = others.map(({ identity }) => identity)
  const group = await world.during(first.app.groups.create({ name, people }))
  await world.settle(5_000)
  for (const other of others) await join(other)
  await world.settle(20_000)
  return group
}

/** Says yes to everything they were asked into. */
export async function join(person: Person): Promise<void> {
  for (const { id, at } of await person.app.engine.store.all('invitations')) {
    if (at === 'asked') await person.app.groups.answer(id, 'join')
  }
}

/** Who is in the group, as somebody sees it, by name. */
export async function membersOf(person: Person, group: ConversationId): Promise<string[]> {
  const { store, me } = person.app.engine
  const membership = await store.get('memberships', group)
  const contacts = await store.all('contacts')
  const present = membership?.seats.filter(({ ended }) => !ended) ?? []
  return present
    .map(({ identity }) =>
      identity === me
        ? person.name
        : (contacts.find((contact) => contact.identity === identity)?.name ?? '?'),
    )
    .sort()
}
