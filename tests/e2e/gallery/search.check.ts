import type { Page } from '@playwright/test'
import { chat, expect, hear, isPhone, painted, test } from './gallery.ts'

const field = (page: Page) => page.getByRole('searchbox', { name: 'Search', exact: true })
const results = (page: Page) => page.getByRole('list', { name: 'Search results' }).getByRole('button')
const message = (page: Page, text: string) =>
  page
    .getByRole('log')
    .getByRole('article')
    .filter({ hasText: new RegExp(`${text}\\b`) })

/** Scrolls until the message is on the screen. */
async function readOn(page: Page, by: number, text: string): Promise<void> {
  await expect(async () => {
    await page.getByRole('log').evaluate((element, by) => {
      element.scrollBy(0, by)
    }, by)
    await painted(page)
    await expect(message(page, text)).toBeInViewport({ timeout: 50 })
  }).toPass({ intervals: [0], timeout: 30_000 })
}

test('there is exactly one field, and a slash or Ctrl+K leads there, but not out of a message', async ({
  open,
}) => {
  const page = await open('friends')
  await expect(field(page)).toHaveCount(1)
  await page.keyboard.press('/')
  await expect(field(page)).toBeFocused()
  await expect(field(page)).toHaveValue('')
  await chat(page, 'Ann Lindqvist').click()
  const composer = page.getByRole('textbox', { name: 'Message' })
  await composer.fill('and')
  await composer.press('/')
  await expect(composer).toHaveValue('and/')
  await composer.press('Control+k')
  await expect(field(page)).toBeFocused()
})

test('people come first, then messages; arrows lead through them, Escape back and away', async ({ open }) => {
  const page = await open('friends')
  await field(page).fill('c')
  await expect(results(page).first()).toHaveText('C Cem')
  await field(page).fill('ce')
  await expect(results(page)).toHaveText([/^\S*\s*Cem$/, /Cem asks whether/])
  await expect(results(page).nth(1).locator('mark')).toHaveText(['Ce'])
  await field(page).press('ArrowDown')
  await expect(results(page).nth(0)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(results(page).nth(1)).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await expect(field(page)).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await expect(field(page)).toHaveValue('')
  await expect(field(page)).toBeFocused()
  await expect(chat(page, 'Cem, 2 unread')).toBeVisible()
})

test('Enter opens the first that was found: a person', async ({ open }) => {
  const page = await open('friends')
  await field(page).fill('lindq')
  await expect(results(page)).toHaveCount(1)
  await field(page).press('Enter')
  await expect(page.getByRole('heading', { name: 'Ann Lindqvist' })).toBeVisible()
  if (isPhone(page)) await page.getByRole('button', { name: 'Back' }).click()
  await expect(field(page)).toHaveValue('')
})

test('how much was found is read out, and what is new comes in', async ({ open }) => {
  const page = await open('friends')
  await field(page).fill('trombone')
  const spoken = page.locator('[aria-live=polite]')
  await expect(spoken.filter({ hasText: /^3 results$/ })).toBeAttached()
  await hear(page, 'Cem', 'My trombone is polished')
  await expect(spoken.filter({ hasText: /^4 results$/ })).toBeAttached()
  await expect(results(page).first()).toContainText('polished')
})

test('where nothing is found it says so', async ({ open }) => {
  const page = await open('friends')
  await field(page).fill('saxophone')
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible()
  await expect(page.locator('[aria-live=polite]').filter({ hasText: /^No results$/ })).toBeAttached()
  await field(page).fill('trombonne')
  await expect(page.getByText('This comes close')).toBeVisible()
  await expect(results(page)).toHaveCount(3)
})

test('a search can stay in the open chat', async ({ open }) => {
  const page = await open('friends')
  test.skip(isPhone(page), 'there the list and a chat are never on the screen together')
  await chat(page, 'Ann Lindqvist').click()
  await field(page).fill('trombone')
  await expect(results(page)).toHaveCount(3)
  await page.getByRole('button', { name: 'In this chat' }).click()
  await expect(page.getByRole('button', { name: 'In this chat' })).toHaveAttribute('aria-pressed', 'true')
  await expect(results(page)).toHaveCount(2)
  await expect(field(page)).toBeFocused()
  await page.getByRole('button', { name: 'Clear search' }).click()
  await expect(page.getByRole('button', { name: 'In this chat' })).toBeHidden()
})

test('a message that was chosen is shown in its chat, which goes on both ways', async ({ open }) => {
  const page = await open('long&count=3000')
  await field(page).fill('message 1234')
  await results(page).filter({ hasText: 'Message 1234' }).click()
  const log = page.getByRole('log')
  const article = message(page, 'Message 1234')
  await expect(article).toBeInViewport()
  await expect(article).toBeFocused()
  await expect(article).toHaveAttribute('aria-posinset', '1234')
  await expect(article).toHaveAttribute('aria-setsize', '3000')
  await readOn(page, -500, 'Message 1050')
  await readOn(page, 500, 'Message 1420')
  await expect(message(page, 'Message 1420')).toHaveAttribute('aria-posinset', '1420')
  // The one with the focus stays, however far away.
  await expect(article).toBeFocused()
  await page.getByRole('button', { name: 'Jump to the latest' }).click()
  await expect(log.getByText('Message 3000')).toBeInViewport()
  if (!isPhone(page)) return
  await page.getByRole('button', { name: 'Back' }).click()
  await expect(results(page).filter({ hasText: 'Message 1234' })).toBeFocused()
})

test('whoever reads in the middle stays there when somebody writes, and comes to the end when they answer', async ({
  open,
}) => {
  const page = await open('long&count=3000')
  await field(page).fill('message 1234')
  await results(page).filter({ hasText: 'Message 1234' }).click()
  const log = page.getByRole('log')
  await expect(log.getByText('Message 1234')).toBeInViewport()
  await hear(page, 'Ann', 'psst')
  const jump = page.getByRole('button', { name: 'Jump to the latest, 1 unread message' })
  await expect(jump).toBeVisible()
  await expect(log.getByText('Message 1234')).toBeInViewport()
  await page.getByRole('textbox', { name: 'Message' }).fill('here I am')
  await page.getByRole('textbox', { name: 'Message' }).press('Enter')
  await expect(log.getByText('here I am')).toBeInViewport()
  await expect(log.getByText('psst')).toBeInViewport()
})
