import { join } from 'node:path'
import { expectAccessible } from './fixtures/accessibility.ts'
import { MiB, writeRandomFile } from './fixtures/files.ts'
import { befriend, expect, test } from './fixtures/test.ts'

// Each screen is looked at several times: light and dark, on a desktop and on a phone.
test.slow()

test('the first screens shut nobody out', async ({ alice }) => {
  await alice.open()
  await expect(alice.button('Start')).toBeVisible()
  await expectAccessible(alice, 'first run')
  await alice.start('Alice')
  await expectAccessible(alice, 'nobody there yet')
  for (const tab of ['My code', 'Scan', 'Link'] as const) {
    await alice.addContact(tab)
    await expectAccessible(alice, `add contact: ${tab}`)
  }
})

test('settings and a second tab shut nobody out', async ({ alice }) => {
  await alice.arrive()
  await alice.button('Settings').click()
  await expect(alice.dialog('Settings').getByRole('heading', { name: 'About' })).toBeVisible()
  await expectAccessible(alice, 'settings')
  const second = await alice.anotherTab()
  await expect(second.button('Use here')).toBeVisible()
  await expectAccessible(second, 'another tab')
})

test('a chat shuts nobody out', async ({ alice, bob, folder }) => {
  await befriend(alice, bob)
  const path = join(folder, 'notes.bin')
  await writeRandomFile(path, MiB)
  await alice.say('look at https://earshot.example')
  await alice.sendFile(path)
  await bob.say('lovely')
  await alice.sees('lovely')
  await expectAccessible(alice, 'chat of Alice')
  await bob.acceptFile('notes.bin')
  await expect(bob.fileButton('notes.bin', 'Save')).toBeVisible()
  await expectAccessible(bob, 'chat of Bob')
})

test('a call shuts nobody out', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.call({ video: true })
  await expect(bob.ringing('video', 'Alice')).toBeVisible()
  await expectAccessible(bob, 'incoming call')
  await bob.accept()
  await expect(alice.callWith('Bob').getByLabel('Video of Bob')).toBeVisible()
  await expectAccessible(alice, 'call')
})

test('the keyboard alone leads from the list to a sent message', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.reload()
  await expect(alice.chat('Bob')).toBeVisible()
  await alice.chat('Bob').focus()
  await alice.page.keyboard.press('Enter')
  await alice.composer.focus()
  await alice.page.keyboard.type('without a mouse')
  await alice.page.keyboard.press('Enter')
  await bob.sees('without a mouse')
})

test('closing a dialog gives the focus back', async ({ alice }) => {
  await alice.arrive()
  for (const [button, dialog] of [
    ['Add contact', 'Add contact'],
    ['Settings', 'Settings'],
  ] as const) {
    await alice.button(button).focus()
    await alice.page.keyboard.press('Enter')
    await expect(alice.dialog(dialog)).toBeVisible()
    await alice.closeDialog(dialog)
    await expect(alice.button(button)).toBeFocused()
  }
})

test('everything fits a narrow screen and large text', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.say('averyveryverylongwordwithoutanyplacetobreakit'.repeat(4))
  await alice.page.setViewportSize({ width: 320, height: 640 })
  const overflow = (): Promise<number> =>
    alice.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await overflow()).toBe(0)
  await alice.page.setViewportSize({ width: 390, height: 844 })
  await alice.page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
  expect(await overflow()).toBe(0)
  await expect(alice.composer).toBeInViewport()
})
