import { moves } from '../fixtures/calls.ts'
import { answer, createGroup, openInfo, seesMembers } from '../fixtures/groups.ts'
import { befriend, expect } from '../fixtures/test.ts'
import { test } from './test.ts'

// Two kinds of browsers are started, and find each other.
test.slow()

test('Fay follows Alice’s link in her Firefox, and they write both ways', async ({ alice, fay }) => {
  await Promise.all([alice.arrive(), fay.arrive()])
  await fay.connectBy(await alice.inviteLink())
  await alice.chatWith('Fay')
  await alice.isLinked()
  await alice.say('hello Firefox')
  await fay.sees('hello Firefox')
  await alice.seesStatus('hello Firefox', 'Delivered')
  await fay.say('hello Chromium')
  await alice.sees('hello Chromium')
})

test('Alice follows Fay’s link, calls her, and both see each other move', async ({ alice, fay }) => {
  await Promise.all([alice.arrive(), fay.arrive()])
  await alice.connectBy(await fay.inviteLink())
  await alice.isLinked()
  await alice.call({ video: true })
  await fay.press('Accept')
  await fay.seesMoving('Video of Alice')
  await moves(alice.callWith('Fay').getByLabel('Video of Fay'))
  await fay.press('Hang up')
  await expect(alice.callWith('Fay')).toBeHidden()
})

test('a group of Chromium and Firefox', async ({ alice, bob, fay }) => {
  const group = 'Harbour crew'
  await befriend(alice, bob)
  await fay.arrive()
  await fay.connectBy(await alice.inviteLink())
  await createGroup(alice, group, ['Bob', 'Fay'])
  await answer(bob, { from: 'Alice', group, how: 'Join' })
  await fay.press('Join')
  await seesMembers(alice, ['You', 'Bob', 'Fay'])
  await Promise.all([bob.chatWith(group), fay.chatWith(group)])
  await alice.say('hello all')
  await bob.sees('hello all')
  await fay.sees('hello all')
  await fay.say('hello from Firefox')
  for (const person of [alice, bob]) await person.sees('hello from Firefox')
  // The two who never met talk straight to each other.
  const member = (await openInfo(bob)).getByRole('listitem').filter({ hasText: 'Fay' })
  await expect(member).toContainText('Connected')
})
