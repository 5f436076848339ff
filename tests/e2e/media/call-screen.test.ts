import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import type { IdentityKey } from '../../../src/core/ids.ts'
import { test } from './pages.ts'

test.describe.configure({ mode: 'serial' })

let page: Page

const ALICE = 'a'.repeat(64) as IdentityKey
const button = (name: string) => page.getByRole('button', { name, exact: true })
const overlay = () => page.getByRole('region', { name: 'Call with Bob' })

async function bobCalls(video: boolean): Promise<void> {
  await page.evaluate(([alice, video]) => window.world.bob.call(alice, { video }), [ALICE, video] as const)
}

async function aliceAndBobTalk(how: 'Voice call' | 'Video call'): Promise<void> {
  await button(how).click()
  await expect(overlay().getByText('Ringing…')).toBeVisible()
  await page.evaluate(() => window.world.bob.accept())
  await expect(page.getByRole('timer', { name: 'Call duration' })).toHaveText(/0:0[1-9]/)
}

/** The picture is really there and moves on. */
async function expectMoving(name: string): Promise<void> {
  const video = page.locator(`video[aria-label="${name}"]`)
  await expect(video).toBeVisible()
  const time = () =>
    video.evaluate((video: HTMLVideoElement) => (video.videoWidth > 0 ? video.currentTime : 0))
  await expect.poll(time).toBeGreaterThan(0)
  const before = await time()
  await expect.poll(time).toBeGreaterThan(before)
}

async function expectAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
}

test.beforeEach(async ({ newPerson }) => {
  page = await newPerson('call.html')
})

test('Alice calls Bob by video: both pictures on one page, and hanging up brings her back where she was', async () => {
  await button('Video call').focus()
  await aliceAndBobTalk('Video call')
  await expectMoving('Your video')
  await expectMoving('Video of Bob')
  await expectAccessible()
  await page.keyboard.press('Escape')
  await expect(overlay()).toBeVisible()
  await button('Hang up').click()
  await expect(overlay()).toBeHidden()
  await expect(page.getByText(/Call ended · 0:0\d/)).toBeVisible()
  await expect(button('Video call')).toBeFocused()
  expect(await page.evaluate(() => window.world.bob.state.current.call.at)).toBe('ended')
})

test('Bob calls while Alice is typing: she hears of it, no key answers by accident, and she accepts', async () => {
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello')
  await bobCalls(false)
  const dialog = page.getByRole('alertdialog', { name: 'Incoming voice call from Bob' })
  await expect(dialog).toBeVisible()
  await expect(dialog).toBeFocused()
  for (const key of ['Enter', ' ', 'Escape']) await page.keyboard.press(key)
  await expect(dialog).toBeVisible()
  await expectAccessible()
  await button('Accept').click()
  await expect(page.getByRole('img', { name: 'Bob, camera off' })).toBeVisible()
  await expect(overlay()).toBeFocused()
  await expectAccessible()
  await page.evaluate(() => window.world.bob.hangUp())
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused()
})

test('Alice declines, and Bob is told', async () => {
  await bobCalls(true)
  await expect(page.getByRole('alertdialog', { name: 'Incoming video call from Bob' })).toBeVisible()
  await button('Decline').click()
  await expect(page.getByRole('alertdialog')).toBeHidden()
  expect(await page.evaluate(() => window.world.bob.state.current.call)).toMatchObject({ reason: 'declined' })
})

test('Bob hangs up before she answers: the call is missed', async () => {
  await bobCalls(false)
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await page.evaluate(() => window.world.bob.hangUp())
  await expect(page.getByRole('alertdialog')).toBeHidden()
  await expect(page.getByText('Missed voice call from Bob')).toBeVisible()
})

test('in a voice call Alice mutes, starts and stops her video by keyboard alone', async () => {
  await aliceAndBobTalk('Voice call')
  await expect(overlay()).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(button('Mute')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(button('Unmute')).toBeVisible()
  const bobSees = () => page.evaluate(() => window.world.bob.state.current.call)
  await expect.poll(bobSees).toMatchObject({ theirs: { muted: true, camera: false } })
  await button('Start video').press('Enter')
  await expectMoving('Your video')
  await expect.poll(bobSees).toMatchObject({ theirs: { camera: true } })
  await button('Stop video').press('Enter')
  await expect(page.locator('video[aria-label="Your video"]')).toHaveCount(0)
  await page.evaluate(() => window.world.bob.setCamera(true))
  await expectMoving('Video of Bob')
  await button('Hang up').focus()
  await page.keyboard.press('Tab')
  await expect(button('Unmute')).toBeFocused()
})

test('a refused camera and a missing microphone are said, and the call goes on', async () => {
  await page.evaluate(() => {
    window.world.trouble('video', 'refused')
    window.world.trouble('audio', 'missing')
  })
  await aliceAndBobTalk('Video call')
  await expect(overlay().getByText(/^The camera is not allowed/)).toBeVisible()
  await expect(overlay().getByText(/^Bob cannot hear you. No microphone was found/)).toBeVisible()
  await expectMoving('Video of Bob')
  await expectAccessible()
  await page.evaluate(() => window.world.trouble('audio', undefined))
  await button('Unmute').click()
  await expect(overlay().getByText(/^Bob cannot hear you/)).toBeHidden()
  await page.evaluate(() => window.world.trouble('video', undefined))
  await button('Start video').click()
  await expectMoving('Your video')
})

test('the link breaks in the middle: they go on, and what was missed is told on the next link', async () => {
  await aliceAndBobTalk('Video call')
  await page.evaluate(() => {
    window.world.link(false)
    window.world.bob.setMuted(true)
  })
  await expectMoving('Video of Bob')
  await expect(overlay().getByText('Bob is muted')).toBeHidden()
  await page.evaluate(() => window.world.link(true))
  await expect(overlay().getByText('Bob is muted')).toBeVisible()
})

test('without a link the buttons say why they cannot be used', async () => {
  await page.evaluate(() => window.world.link(false))
  for (const name of ['Voice call', 'Video call']) {
    await expect(button(name)).toBeDisabled()
    await expect(button(name)).toHaveAccessibleDescription('You can call Bob when you are connected.')
  }
})
