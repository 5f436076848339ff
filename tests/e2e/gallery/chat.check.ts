import { chat, expect, hear, isPhone, painted, test } from './gallery.ts'

test('a long chat keeps its newest 200 messages in the page, in order', async ({ open }) => {
  const page = await open('long&count=1000')
  await chat(page, 'Ann').click()
  const articles = page.getByRole('log', { name: 'Messages' }).getByRole('article')
  await expect(articles.last()).toContainText('Message 1000')
  const texts = await articles.evaluateAll((all) =>
    all.map((one) => Number(/Message (\d+)/.exec(one.textContent)?.[1])),
  )
  expect(texts.slice(-200)).toEqual(Array.from({ length: 200 }, (_, i) => 801 + i))
  await expect(articles.last()).toHaveAttribute('aria-posinset', '1000')
  await expect(articles.last()).toHaveAttribute('aria-setsize', '1000')
})

test('scrolling up loads the rest without a jump', async ({ open }) => {
  const page = await open('long&count=1000')
  await chat(page, 'Ann').click()
  const log = page.getByRole('log')
  await expect(log.getByText('Message 1000')).toBeInViewport()
  for (let i = 0; i < 12; i++) {
    await log.evaluate((element) => {
      element.scrollBy(0, -4000)
    })
    await painted(page)
  }
  await log.evaluate((element) => {
    element.scrollTop = 0
  })
  await expect(log.getByText('Message 1:')).toBeVisible()
  await page.getByRole('button', { name: 'Jump to the latest' }).click()
  await expect(log.getByText('Message 1000')).toBeInViewport()
})

test('prepending older messages leaves what is read where it is', async ({ open }) => {
  const page = await open('long&count=1000')
  await chat(page, 'Ann').click()
  const log = page.getByRole('log')
  await expect(log.getByText('Message 1000')).toBeInViewport()
  const before = await log.getByRole('article').count()
  await log.evaluate((element) => {
    element.scrollTop = 650
  })
  await painted(page)
  const top = () =>
    log.getByText('Message 801').evaluate((element) => Math.round(element.getBoundingClientRect().top))
  await log.evaluate((element) => {
    element.scrollTop = 550
  })
  const seen = await top()
  await expect.poll(() => log.evaluate((element) => element.scrollTop)).toBeGreaterThan(2000)
  await painted(page)
  expect(Math.abs((await top()) - seen)).toBeLessThan(3)
  expect(before).toBeGreaterThanOrEqual(200)
})

test('unread messages: the divider is in view, the count goes down, the end marks them read', async ({
  open,
}) => {
  const page = await open('long&count=400&unread=40')
  await chat(page, 'Ann, 40 unread').click()
  await expect(page.getByText('40 unread messages', { exact: true })).toBeInViewport()
  const jump = page.getByRole('button', { name: 'Jump to the latest' })
  await expect(jump).toHaveAccessibleName(/unread/)
  const count = async () => Number(/\d+/.exec((await jump.getAttribute('aria-label')) ?? '')?.[0])
  const before = await count()
  await page.getByRole('log').evaluate((element) => {
    element.scrollBy(0, 300)
  })
  await expect.poll(count).toBeLessThan(before)
  await jump.click()
  await expect(jump).toBeHidden()
  if (isPhone(page)) await page.getByRole('button', { name: 'Back' }).click()
  await expect(chat(page, 'Ann')).toBeVisible()
})

test('Enter sends, Shift+Enter breaks the line, and the own message has one mark outside its text', async ({
  open,
}) => {
  const page = await open('friends')
  await chat(page, 'Ann Lindqvist').click()
  const field = page.getByRole('textbox', { name: 'Message' })
  await field.focus()
  await page.keyboard.type('Two')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('lines')
  await page.keyboard.press('Enter')
  const last = page.getByRole('article').last()
  await expect(last.getByRole('paragraph')).toHaveText('Two\nlines', { useInnerText: true })
  await expect(last.getByRole('img')).toHaveCount(1)
  await expect(last.getByRole('img', { name: 'Waiting', exact: true })).toBeInViewport()
  await expect(field).toHaveValue('')
  await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled()
})

test('a draft waits where it was left', async ({ open }) => {
  const page = await open('friends')
  await chat(page, 'Ann Lindqvist').click()
  await page.getByRole('textbox', { name: 'Message' }).fill('Half a thou')
  if (isPhone(page)) await page.getByRole('button', { name: 'Back' }).click()
  await chat(page, 'Dora').click()
  await expect(page.getByRole('heading', { name: 'Dora' })).toBeVisible()
  if (isPhone(page)) await page.getByRole('button', { name: 'Back' }).click()
  await expect(chat(page, 'Ann Lindqvist')).toContainText('Draft: Half a thou')
  await chat(page, 'Ann Lindqvist').click()
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('Half a thou')
})

test('back on a phone leads to the list and to the chat one came from', async ({ open, page }) => {
  test.skip(!isPhone(page), 'there is no way back where both are on the screen')
  await open('friends')
  await chat(page, 'Ann Lindqvist').click()
  await expect(page.getByRole('heading', { name: 'Ann Lindqvist' })).toBeFocused()
  await expect(chat(page, 'Cem, 2 unread')).toBeHidden()
  await page.getByRole('button', { name: 'Back' }).click()
  await expect(chat(page, 'Ann Lindqvist')).toBeFocused()
})

test('neither the title nor the address ever holds a name', async ({ open }) => {
  const page = await open('friends')
  await expect(page).toHaveTitle('(16) Earshot')
  await chat(page, 'Ann Lindqvist').click()
  await expect(page).toHaveTitle('(16) Earshot')
  expect(new URL(page.url()).search).toBe('?scene=friends')
})

test('what others say is read out once, whether their chat is open or not', async ({ open }) => {
  const page = await open('friends')
  await chat(page, 'Ann Lindqvist').click()
  await expect(page.getByRole('article').last()).toBeInViewport()
  const region = page.locator('[aria-live="polite"]')
  await hear(page, 'Ann Lindqvist', 'dinner?')
  await expect(region.filter({ hasText: /^Ann Lindqvist: dinner\?$/ })).toBeAttached()
  await expect(page.getByRole('article').last()).toContainText('dinner?')
  await expect(page.getByRole('article').last()).toBeInViewport()
  await hear(page, 'Cem', 'soup!')
  await expect(region.filter({ hasText: /^Cem: soup!$/ })).toBeAttached()
})

test('whoever reads further up is left there, and told what is new', async ({ open }) => {
  const page = await open('long&count=300')
  await chat(page, 'Ann').click()
  const log = page.getByRole('log')
  await expect(log.getByText('Message 300')).toBeInViewport()
  await log.hover()
  await page.mouse.wheel(0, -3000)
  const jump = page.getByRole('button', { name: 'Jump to the latest' })
  await expect(jump).toBeVisible()
  const top = await log.evaluate((element) => element.scrollTop)
  await hear(page, 'Ann', 'psst')
  await expect(jump).toHaveAccessibleName('Jump to the latest, 1 unread message')
  expect(Math.abs((await log.evaluate((element) => element.scrollTop)) - top)).toBeLessThan(3)
  await jump.click()
  await expect(log.getByText('psst')).toBeInViewport()
  await expect(log.getByText('1 unread message')).toBeInViewport()
})
