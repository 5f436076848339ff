import { ended, inCall, moves } from './fixtures/calls.ts'
import { befriend, expect, test } from './fixtures/test.ts'

test('a voice call: Bob answers, they talk, Alice hangs up', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.call({ video: false })
  await expect(bob.ringing('voice', 'Alice')).toBeVisible()
  await bob.accept()
  await inCall(alice, bob)
  await alice.button('Mute').click()
  await expect(alice.button('Unmute')).toBeVisible()
  await alice.hangUp()
  await ended(alice, bob)
  await alice.say('that was nice')
  await bob.sees('that was nice')
})

test('a call lies over everything, works by keyboard, and leads back to the chat', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await bob.reload()
  await expect(bob.chat('Alice')).toBeVisible()
  await bob.button('Settings').click()
  await expect(alice.button('Voice call')).not.toHaveAttribute('aria-disabled', 'true')
  await alice.call({ video: false })
  await bob.accept()
  await inCall(alice, bob)
  await expect(bob.dialog('Settings')).toBeHidden()
  await bob.button('Mute').focus()
  await bob.page.keyboard.press('Enter')
  await expect(bob.button('Unmute')).toBeFocused()
  await bob.button('Hang up').press('Enter')
  await ended(alice, bob)
  await expect(bob.heading('Alice')).toBeVisible()
  await expect(bob.page.locator('main :focus')).toHaveCount(1)
})

test('a video call: both see each other move', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.call({ video: true })
  await expect(bob.ringing('video', 'Alice')).toBeVisible()
  await bob.accept()
  await inCall(alice, bob)
  await moves(alice.callWith('Bob').getByLabel('Video of Bob'))
  await moves(bob.callWith('Alice').getByLabel('Video of Alice'))
  await moves(bob.callWith('Alice').getByLabel('Your video'))
  await bob.hangUp()
  await ended(alice, bob)
})

test('Bob turns his camera off and on', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.call({ video: true })
  await bob.accept()
  await moves(alice.callWith('Bob').getByLabel('Video of Bob'))
  await bob.button('Stop video').click()
  await expect(alice.callWith('Bob').getByRole('img', { name: 'Bob, camera off' })).toBeVisible()
  await bob.button('Start video').click()
  await moves(alice.callWith('Bob').getByLabel('Video of Bob'))
})

test('Bob declines', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.call({ video: true })
  await expect(bob.ringing('video', 'Alice')).toBeVisible()
  await bob.decline()
  await ended(alice, bob)
})

test('Alice changes her mind while it rings', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.call({ video: false })
  await expect(bob.ringing('voice', 'Alice')).toBeVisible()
  await alice.hangUp()
  await ended(alice, bob)
})

test('nobody answers: it stops ringing on both sides', async ({ alice, bob }) => {
  await alice.open('about:blank')
  await alice.context.clock.install()
  await befriend(alice, bob)
  await alice.call({ video: false })
  await expect(bob.ringing('voice', 'Alice')).toBeVisible()
  await alice.context.clock.fastForward(50_000)
  await expect(alice.page.getByText(/no answer|not answer/i).first()).toBeVisible()
  await alice.context.clock.fastForward(10_000)
  await ended(alice, bob)
})

test('Cem hears that Bob is busy, and the call of the others goes on', async ({ alice, bob, cem }) => {
  await befriend(alice, bob)
  await cem.arrive()
  await cem.connectBy(await bob.inviteLink())
  await cem.isLinked()
  await alice.call({ video: true })
  await bob.accept()
  await inCall(alice, bob)
  await cem.call({ video: false })
  await expect(cem.page.getByText(/busy|another call/i).first()).toBeVisible()
  await moves(alice.callWith('Bob').getByLabel('Video of Bob'))
})

test('they call again after a call', async ({ alice, bob }) => {
  await befriend(alice, bob)
  for (const [caller, called] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    await caller.call({ video: true })
    await called.accept()
    await moves(caller.callWith(called.name).getByLabel(`Video of ${called.name}`))
    await called.hangUp()
    await ended(alice, bob)
  }
})

test('a call needs no server: it is set up and goes on while there is none', async ({
  alice,
  bob,
  introducer,
}) => {
  await befriend(alice, bob)
  await introducer.stop()
  await alice.call({ video: true })
  await bob.accept()
  await inCall(alice, bob)
  await moves(alice.callWith('Bob').getByLabel('Video of Bob'))
  await moves(bob.callWith('Alice').getByLabel('Video of Alice'))
})
