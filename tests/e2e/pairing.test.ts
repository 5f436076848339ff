import { join } from 'node:path'
import { codePicture, screenPicture, writeCameraFile } from './fixtures/camera.ts'
import { expect, test } from './fixtures/test.ts'

const WEEK_MS = 7 * 24 * 3_600_000

test('Bob pastes the link that Alice gave him, and both see each other', async ({ alice, bob }) => {
  await Promise.all([alice.arrive(), bob.arrive()])
  await bob.connectBy(await alice.inviteLink())
  await expect(bob.heading('Alice')).toBeVisible()
  await alice.chatWith('Bob')
  await Promise.all([alice.isLinked(), bob.isLinked()])
})

test('Bob follows the link before he ever saw Earshot', async ({ alice, bob, introducer }) => {
  await alice.arrive()
  await bob.open(await alice.inviteLink())
  await bob.start('Bob')
  await bob.dialog('Connect with Alice').getByRole('button', { name: 'Connect' }).click()
  await bob.isLinked()
  await expect(bob.page).toHaveURL(`${introducer.url}/`)
  await expect(alice.chat('Bob')).toBeVisible()
})

test('Bob follows the link in a tab where Earshot runs, and thinks better of it', async ({ alice, bob }) => {
  await Promise.all([alice.arrive(), bob.arrive()])
  await bob.open(await alice.inviteLink())
  await bob.dialog('Connect with Alice').getByRole('button', { name: 'Not now' }).click()
  await expect(bob.dialog('Connect with Alice')).toBeHidden()
  await expect(bob.chat('Alice')).toBeHidden()
})

test('the shortcut and links of the installed app find the window that is open', async ({ alice, bob }) => {
  await Promise.all([alice.arrive(), bob.arrive()])
  const link = await alice.inviteLink()
  // The browser has this queue for installed apps alone: what it would say is said here by the test.
  await bob.page.addInitScript(() => {
    type Consumer = (launch: { targetURL: string }) => void
    const page = globalThis as { launch?: Consumer }
    const value = { setConsumer: (consumer: Consumer) => (page.launch = consumer) }
    Object.defineProperty(globalThis, 'launchQueue', { value })
  })
  await bob.reload()
  await expect(bob.button('Settings')).toBeVisible()
  const launch = (url: string): Promise<void> =>
    bob.page.evaluate((targetURL) => {
      ;(globalThis as { launch?: (launch: { targetURL: string }) => void }).launch?.({ targetURL })
    }, url)
  await launch(`${new URL(link).origin}/?do=add`)
  await expect(bob.dialog('Add contact')).toBeVisible()
  await bob.closeDialog('Add contact')
  await launch(link)
  await bob.dialog('Connect with Alice').getByRole('button', { name: 'Connect' }).click()
  await bob.isLinked()
  // Chosen where both panes were on the screen, the chat is still left by its own button on a narrow one.
  await bob.page.setViewportSize({ width: 400, height: 800 })
  await bob.button('Back').click()
  await expect(bob.chat('Alice')).toBeVisible()
  // One step back is enough, also where a reload came between.
  await bob.chat('Alice').click()
  await bob.reload()
  await bob.chat('Alice').click()
  await bob.page.goBack()
  await expect(bob.chat('Alice')).toBeVisible()
})

test('Bob’s camera sees the code on Alice’s screen', async ({ alice, bob, folder }) => {
  await alice.arrive()
  const { picture } = await alice.showCode()
  bob.camera = join(folder, 'camera.y4m')
  await writeCameraFile(bob.camera, await screenPicture(picture))
  await bob.arrive()
  await bob.addContact('Scan')
  await bob.isLinked()
  await expect(bob.heading('Alice')).toBeVisible()
  await expect(alice.dialog('Add contact')).toBeHidden()
})

test('Bob reads Alice’s code from a picture', async ({ alice, bob, folder }) => {
  await Promise.all([alice.arrive(), bob.arrive()])
  const { picture } = await alice.showCode()
  const path = join(folder, 'code.png')
  await picture.screenshot({ path })
  const dialog = await bob.addContact('Scan')
  await dialog.getByLabel('QR picture').setInputFiles(path)
  await bob.isLinked()
})

test('the code of another app is refused in words, and the camera looks on', async ({ bob, folder }) => {
  bob.camera = join(folder, 'camera.y4m')
  await writeCameraFile(bob.camera, codePicture('WIFI:S=Cafe;T:WPA;P:espresso;;'))
  await bob.arrive()
  const dialog = await bob.addContact('Scan')
  await expect(dialog.getByText(/not an Earshot invitation/)).toBeVisible()
  await expect(dialog.getByLabel('Camera', { exact: true })).toBeVisible()
})

test('the copied link is the whole link', async ({ alice }) => {
  await alice.arrive()
  const { link } = await alice.showCode()
  await alice.button('Copy link').click()
  await expect.poll(() => alice.page.evaluate(() => navigator.clipboard.readText())).toBe(link)
})

test('every link that does not work says why, each in its own words', async ({ alice, bob }) => {
  await Promise.all([alice.arrive(), bob.arrive()])
  const link = await alice.inviteLink()
  const own = await bob.inviteLink()
  const middle = Math.floor(link.length / 2) + 20
  const damaged = link.slice(0, middle) + (link[middle] === 'x' ? 'y' : 'x') + link.slice(middle + 1)
  const wrong: [string, RegExp][] = [
    [link.slice(0, -30), /end of this invitation is missing/],
    [damaged, /damaged/],
    ['https://chat.example/join/abc', /not an Earshot invitation/],
    [link.replace(/^http:\/\/[^/]+/, 'https://earshot.example'), /invitation of earshot\.example/],
    [own, /your own/],
    [link.replace('#iAQ', '#iAg'), /newer Earshot/],
  ]
  for (const [text, sentence] of wrong) {
    const dialog = await bob.pasteLink(text)
    await expect(dialog.getByText(sentence)).toBeVisible()
  }
})

test('an invitation works once', async ({ alice, bob, cem }) => {
  await Promise.all([alice.arrive(), bob.arrive(), cem.arrive()])
  const link = await alice.inviteLink()
  await bob.connectBy(link)
  await bob.isLinked()
  await cem.connectBy(link)
  await expect(cem.page.getByText(/already used/)).toBeVisible()
  await expect(alice.chat('Cem')).toBeHidden()
})

test('a code that was replaced is worth nothing', async ({ alice, bob }) => {
  await Promise.all([alice.arrive(), bob.arrive()])
  const { link } = await alice.showCode()
  await alice.button('New code').click()
  await expect(alice.page.getByRole('textbox', { name: 'Invite link' })).not.toHaveValue(link)
  await bob.connectBy(link)
  await expect(bob.page.getByText(/has run out/)).toBeVisible()
})

test('an invitation runs out', async ({ alice, bob }) => {
  await Promise.all([alice.arrive(), bob.arrive()])
  const link = await alice.inviteLink()
  await bob.context.clock.setSystemTime(Date.now() + WEEK_MS + 60_000)
  const dialog = await bob.pasteLink(link)
  await expect(dialog.getByText(/has run out/)).toBeVisible()
})

test('Bob uses the link while Alice is away, and they meet when she is back', async ({ alice, bob }) => {
  await Promise.all([alice.arrive(), bob.arrive()])
  const link = await alice.inviteLink()
  await alice.close()
  await bob.connectBy(link)
  await expect(bob.page.getByText(/Waiting for Alice/)).toBeVisible()
  await bob.say('are you there?')
  await bob.seesStatus('are you there?', 'Waiting')
  await alice.reopen()
  await alice.chatWith('Bob')
  await alice.sees('are you there?')
  await bob.seesStatus('are you there?', 'Delivered')
})

test('a name is shown as it is written, whatever it is made of', async ({ someone, bob }) => {
  const name = '<b>Ann</b> & “Zoë” 🦊'
  const ann = someone(name)
  await Promise.all([ann.arrive(), bob.arrive()])
  await bob.connectBy(await ann.inviteLink())
  await bob.isLinked()
  await expect(bob.heading(name)).toBeVisible()
  await expect(bob.chat(name)).toBeVisible()
})
