import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { chat, expect, isPhone, painted, test } from './gallery.ts'

const addContact = (tab: string) => async (page: Page) => {
  await page.getByRole('button', { name: 'Add contact' }).click()
  await page.getByRole('tab', { name: tab }).click()
  await page.getByRole('tabpanel').locator('svg, video, input').first().waitFor()
}

async function choir(page: Page): Promise<void> {
  await chat(page, 'Kitchen choir').click()
  await page.getByText('who has the tuning fork?').last().waitFor()
}

async function fromTheTop(page: Page): Promise<void> {
  await choir(page)
  await page.getByRole('log').evaluate((log) => {
    log.scrollTop = 0
  })
  await expect(page.getByText('You made this group.')).toBeInViewport()
}

async function archived(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Archived (1)' }).click()
  await chat(page, 'Summer house').scrollIntoViewIfNeeded()
}

const actionsOn = (text: string) => async (page: Page) => {
  await choir(page)
  const message = page.getByRole('article').filter({ hasText: text }).last()
  await message.getByRole('button', { name: 'Message actions' }).click()
  await page.getByRole('menu').waitFor()
}

const act = (text: string, action: string) => async (page: Page) => {
  await actionsOn(text)(page)
  await page.getByRole('menuitem', { name: action, exact: true }).click()
  const shown = action === 'Edit' ? page.getByRole('button', { name: 'Save edit' }) : page.getByRole('dialog')
  await shown.waitFor()
}

async function emoji(page: Page): Promise<void> {
  await act('The baker', 'React')(page)
  await page.getByRole('button', { name: 'More emoji' }).click()
  await page.getByRole('button', { name: 'grinning face', exact: true }).waitFor()
}

async function answer(page: Page): Promise<void> {
  await actionsOn('The baker')(page)
  await page.getByRole('menuitem', { name: 'Reply' }).click()
  await page.getByRole('textbox', { name: 'Message' }).pressSequentially('On my way @')
  await page.getByRole('listbox', { name: 'Members' }).waitFor()
}

const chatMenu = (item?: string) => async (page: Page) => {
  await choir(page)
  await page.getByRole('button', { name: 'Chat menu' }).click()
  await page.getByRole('menu').waitFor()
  if (item === undefined) return
  await page.getByRole('menuitem', { name: item }).click()
  await page.getByRole('dialog').waitFor()
}

const search = (text: string) => async (page: Page) => {
  await page.getByRole('searchbox', { name: 'Search' }).fill(text)
  await page.getByRole('list', { name: 'Search results' }).or(page.getByText('Nothing found')).waitFor()
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
  group: ['choir', choir],
  'group, from the beginning': ['choir', fromTheTop],
  'a list after some months': ['choir', archived],
  'a group that one left': [
    'choir',
    async (page) => {
      await archived(page)
      await chat(page, 'Summer house').click()
    },
  ],
  notes: ['choir', (page) => chat(page, 'Notes to self').click()],
  'message actions': ['choir', actionsOn('Perfect. See you all')],
  reactions: ['choir', act('The baker', 'React')],
  emoji: ['choir', emoji],
  answer: ['choir', answer],
  edit: ['choir', act('Perfect. See you all', 'Edit')],
  delete: ['choir', act('Perfect. See you all', 'Delete')],
  forward: ['choir', act('Perfect. See you all', 'Forward')],
  details: ['choir', act('Perfect. See you all', 'Details')],
  'details of an edited one': ['choir', act('as every week', 'Details')],
  'chat menu': ['choir', chatMenu()],
  'disappearing messages': ['choir', chatMenu('Disappearing messages')],
  'name and picture': [
    'friends',
    async (page) => {
      await chat(page, 'Cem, 2 unread').click()
      await page.getByRole('button', { name: 'Chat menu' }).click()
      await page.getByRole('menuitem', { name: 'Name and picture' }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
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
  found: ['friends', search('ce')],
  'found in this chat': [
    'friends',
    async (page) => {
      await chat(page, 'Ann Lindqvist').click()
      if (isPhone(page)) await page.getByRole('button', { name: 'Back' }).click()
      await search('trombone')(page)
      if (!isPhone(page)) await page.getByRole('button', { name: 'In this chat' }).click()
    },
  ],
  'nothing found': ['friends', search('saxophone')],
  'a message that was looked for': [
    'long&count=3000',
    async (page) => {
      await search('message 1234')(page)
      await page.keyboard.press('Enter')
      await page.getByRole('log').getByText('Message 1234').waitFor()
    },
  ],
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
