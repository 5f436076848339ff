import { expect, test } from 'vitest'
import { around, membersOf } from '../support/circle.ts'
import { neighbourhood, type Person } from '../support/people.ts'
import { callId, fileId, type ConversationId } from '../../src/core/ids.ts'

async function posterOf(alice: Person, group: ConversationId, admit: 'ask' | 'all'): Promise<string> {
  return (await alice.app.groups.poster(group, { via: 'link', admit })).text
}

async function knock(person: Person, text: string): Promise<void> {
  const read = person.app.pairing.read(text)
  if (!('invite' in read)) throw new Error(`${person.name} cannot read the invite`)
  await person.app.groups.knock(read.invite)
}

test('whoever comes with a code that was withdrawn hears so', async () => {
  const world = neighbourhood(61)
  const [alice] = await around(world, ['Alice'])
  const bob = await world.person('Bob')
  const group = await world.during(alice.app.groups.create({ name: 'Harbour crew', people: [] }))
  const text = await world.during(posterOf(alice, group, 'all'))
  await world.during(alice.app.groups.withdraw(group))
  await world.during(knock(bob, text))
  await world.settle(10_000)
  const [invitation] = await bob.app.engine.store.all('invitations')
  expect(invitation).toMatchObject({ name: 'Harbour crew', at: 'refused', refusal: 'over' })
  expect(await membersOf(alice, group)).toEqual(['Alice'])
})

test('the code of a group and an invite of its organiser are told apart', async () => {
  const world = neighbourhood(62)
  const [alice] = await around(world, ['Alice'])
  const bob = await world.person('Bob')
  const group = await world.during(alice.app.groups.create({ name: 'Harbour crew', people: [] }))
  const poster = await world.during(posterOf(alice, group, 'all'))
  const { text } = await world.during(alice.app.pairing.show('link'))
  await world.during(alice.app.groups.withdraw(group))
  await world.during(knock(bob, poster))
  const read = bob.app.pairing.read(text)
  if (!('invite' in read)) throw new Error('Bob cannot read the invite')
  await world.during(bob.app.pairing.accept(read.invite, 'private-invite'))
  await world.settle(60_000)
  const contact = await bob.app.engine.store.get('contacts', alice.identity)
  expect(contact).toMatchObject({ stage: 'met', trust: 'private-invite' })
  const [invitation] = await bob.app.engine.store.all('invitations')
  expect(invitation).toMatchObject({ at: 'refused', refusal: 'over' })
  await bob.say('hello', alice)
  await world.settle(10_000)
  expect(await alice.reads(bob)).toEqual(['hello'])
})

test('whoever holds a code and waits at the door neither rings nor sends files', async () => {
  const world = neighbourhood(63)
  const [alice] = await around(world, ['Alice'])
  const bob = await world.person('Bob')
  const group = await world.during(alice.app.groups.create({ name: 'Harbour crew', people: [] }))
  await world.during(knock(bob, await world.during(posterOf(alice, group, 'ask'))))
  await world.settle(10_000)
  const { links } = bob.app.engine
  expect(links.state(alice.identity).at).toBe('linked')
  const call = callId('00'.repeat(16))
  expect(links.send(alice.identity, { type: 'call', call: { call, step: 'ring', video: false } })).toBe(true)
  const file = { file: fileId('00'.repeat(16)), step: 'want', ticket: 1, from: 0 } as const
  links.send(alice.identity, { type: 'file', file })
  await world.settle(10_000)
  expect(alice.app.dropped.get('refused')).toBe(2)
  expect(alice.app.calls.busy.current).toBe(false)
})
