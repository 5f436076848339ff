import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { chat, expect, isPhone, painted, test } from './gallery.ts'

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()

async function info(page: Page, group: string): Promise<void> {
  await chat(page, group).click()
  await press(page, 'Group info')
  await page.getByRole('list', { name: 'Members' }).waitFor()
}

const inInfo = (group: string, then: (page: Page) => Promise<void>) => async (page: Page) => {
  await info(page, group)
  await then(page)
}

test.setTimeout(60_000)

const CREW = 'Harbour crew'
const FERRY = 'Night ferry'

/** Every screen of groups, and how to come to it. */
const SCREENS: Record<string, (page: Page) => Promise<void>> = {
  doors: async () => undefined,
  'new group': async (page) => {
    await press(page, 'New group')
    await page.getByRole('textbox', { name: 'Group name' }).fill('Sunday walks')
    await page.getByRole('checkbox', { name: 'Ines' }).check()
    await page.getByRole('checkbox', { name: 'Cem' }).first().check()
  },
  'new group, picture': async (page) => {
    await press(page, 'New group')
    await page.getByLabel('Group picture').setInputFiles('public/icons/icon-512.png')
    await page.getByRole('button', { name: 'Remove the picture' }).waitFor()
  },
  'chat of a group': (page) => chat(page, CREW).click(),
  'group info': (page) => info(page, CREW),
  'group info, end': inInfo(CREW, async (page) => {
    await page.getByRole('button', { name: 'Leave group' }).scrollIntoViewIfNeeded()
  }),
  'about a member': inInfo(CREW, async (page) => {
    await page.getByRole('button', { name: /^Rosa / }).click()
    await page.getByRole('dialog', { name: 'Rosa' }).waitFor()
  }),
  'name and picture': inInfo(CREW, (page) => press(page, 'Change name and picture')),
  'remove somebody': inInfo(CREW, (page) => press(page, 'Remove Cem')),
  'add members': inInfo(CREW, (page) => press(page, 'Add member')),
  'invite for many': inInfo(CREW, async (page) => {
    await press(page, 'Invite link')
    await page.getByRole('img', { name: 'Invite QR code' }).waitFor()
  }),
  'invite for many, end': inInfo(CREW, async (page) => {
    await press(page, 'Invite link')
    await page.getByRole('button', { name: 'Withdraw this invite' }).scrollIntoViewIfNeeded()
  }),
  'leave as organiser': inInfo(CREW, (page) => press(page, 'Leave group')),
  'two proposals': (page) => chat(page, FERRY).click(),
  'group info of a member': (page) => info(page, FERRY),
  'go on without': inInfo(FERRY, (page) => press(page, 'Continue without Ben Okafor')),
  introductions: async (page) => {
    await chat(page, 'Kaya').click()
    await page.getByText('You introduced').waitFor()
  },
  'share contact': inInfo(CREW, async (page) => {
    await page.getByRole('button', { name: /^Cem / }).first().click()
    await press(page, 'Share contact')
    await page.getByRole('dialog', { name: 'Share contact' }).waitFor()
  }),
}

for (const [name, go] of Object.entries(SCREENS)) {
  test(`${name}: nothing stands in anybody's way, by day or night`, async ({ page, open }, info) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await open('circles')
    await go(page)
    await looked(page, info.outputPath('.'))
  })
}

test('an invitation into a group', async ({ page, open }, info) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open('circles&invited')
  await page.getByRole('alertdialog', { name: 'Ben Okafor invites you to Sunday league' }).waitFor()
  await looked(page, info.outputPath('.'))
})

test('a link into a group', async ({ page, open }, info) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open('circles')
  const poster = await page.evaluate(() => (globalThis as unknown as { aPoster: string }).aPoster)
  await page.goto('about:blank')
  await page.goto(`/?scene=circles${new URL(poster).hash}`)
  const dialog = page.getByRole('dialog', { name: 'Join Allotment 12' })
  await expect(dialog.getByRole('button', { name: 'Not now' })).toBeVisible()
  await looked(page, info.outputPath('.'))
  await dialog.getByRole('button', { name: 'Ask to join' }).click()
  await expect(dialog).toBeHidden()
  if (!isPhone(page)) await expect(page.getByText('Waiting for the organiser to let you in')).toBeVisible()
})

/** Taken by day and by night, and looked at for what shuts people out. */
async function looked(page: Page, folder: string): Promise<void> {
  await expect(page.getByRole('main', { includeHidden: true })).toHaveCount(1)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await painted(page)
    await page.screenshot({ path: `${folder}/${colorScheme}.png` })
    if (process.env['SHOTS'] !== undefined) continue
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  }
}
