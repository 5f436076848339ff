import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { chat, expect, painted, test } from './gallery.ts'

const addContact = (tab: string) => async (page: Page) => {
  await page.getByRole('button', { name: 'Add contact' }).click()
  await page.getByRole('tab', { name: tab }).click()
  await page.getByRole('tabpanel').locator('svg, video, input').first().waitFor()
}

/** Every screen: its scene, and how to come to it. */
const SCREENS: Record<string, [scene: string, go?: (page: Page) => Promise<void>]> = {
  starting: ['starting'],
  'not secure': ['insecure'],
  'old browser': ['too-old'],
  'nothing stored': ['storage-refused'],
  'other tab': ['other-tab'],
  elsewhere: ['elsewhere'],
  'first run': ['first-run'],
  nobody: ['empty'],
  list: ['friends&update&install'],
  chat: ['friends', (page) => chat(page, 'Ann Lindqvist').click()],
  files: ['friends', (page) => chat(page, 'Ben Okafor').click()],
  waiting: ['friends', (page) => chat(page, 'Dora').click()],
  'invitation ended': ['friends', (page) => chat(page, 'Emil').click()],
  alarm: ['friends', (page) => chat(page, 'Gerda').click()],
  'another name': ['friends', (page) => chat(page, 'Cem, 2 unread').click()],
  'unread messages': ['long&count=400&unread=30', (page) => chat(page, /^Ann/).click()],
  connection: [
    'friends',
    async (page) => {
      await chat(page, 'Cem, 2 unread').click()
      await page.getByRole('button', { name: 'Connection: Local network' }).click()
      await page.getByRole('dialog', { name: 'Connection' }).waitFor()
    },
  ],
  'my code': ['friends', addContact('My code')],
  scan: ['friends', addContact('Scan')],
  link: ['friends', addContact('Link')],
  settings: [
    'friends',
    async (page) => {
      await page.getByRole('button', { name: 'Settings' }).click()
      await page.getByRole('dialog', { name: 'Settings' }).waitFor()
    },
  ],
}

for (const [name, [scene, go]] of Object.entries(SCREENS)) {
  test(`${name}: nothing stands in anybody's way, by day or night`, async ({ page, open }, info) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await open(scene)
    await go?.(page)
    await expect(page.getByRole('main')).toHaveCount(1)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await painted(page)
      await page.screenshot({ path: info.outputPath(`${colorScheme}.png`) })
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    }
  })
}
