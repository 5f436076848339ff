import { expect, test } from './fixtures/test.ts'

test('a name is all that is asked, and one is suggested', async ({ alice }) => {
  await alice.open()
  const name = alice.page.getByRole('textbox')
  await expect(name).toHaveAccessibleName('Your name')
  await expect(name).not.toHaveValue('')
  await alice.button('Start').click()
  await expect(alice.button('Add contact')).toHaveCount(1)
  await expect(alice.button('Settings')).toHaveCount(1)
  await expect(alice.network).toHaveText('Online')
})

test('an empty name is refused in words, and the keyboard alone is enough', async ({ alice }) => {
  await alice.open()
  const name = alice.page.getByRole('textbox', { name: 'Your name' })
  await name.fill('   ')
  await name.press('Enter')
  await expect(name).toHaveAttribute('aria-invalid', 'true')
  await expect(name).toHaveAccessibleDescription(/\S/)
  await name.fill('Alice')
  await name.press('Enter')
  await expect(alice.button('Settings')).toBeVisible()
})

test('the same identity is there after a reload and after the browser was closed', async ({ alice }) => {
  await alice.arrive()
  const link = await alice.inviteLink()
  await alice.reload()
  expect(await alice.inviteLink()).toBe(link)
  await alice.reopen()
  expect(await alice.inviteLink()).toBe(link)
})

test('the page never tells names: its title is only Earshot', async ({ alice }) => {
  await alice.arrive()
  await expect(alice.page).toHaveTitle('Earshot')
})

test('until the first screen can be used, at most 150 kB of JavaScript are asked for', async ({
  alice,
  introducer,
}) => {
  const sizes: Promise<number>[] = []
  // Where somebody was before, all of it is there already.
  await alice.profile()
  await alice.open('about:blank')
  alice.page.on('response', (response) => {
    const script = response.request().resourceType() === 'script' && !response.request().serviceWorker()
    if (script)
      sizes.push(
        response
          .request()
          .sizes()
          .then((sizes) => sizes.responseBodySize),
      )
  })
  await alice.page.goto(introducer.url)
  await expect(alice.button('Start')).toBeEnabled()
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(1000)
  expect(total).toBeLessThanOrEqual(150_000)
})
