import { expect, type CDPSession, type Page } from '@playwright/test'
import { test } from './pages.ts'

test.describe.configure({ mode: 'serial' })

/** Loses this share of all packets, in percent. Works only if it was in force before the connection was made, with a delay. */
async function lose(network: CDPSession, packetLoss: number): Promise<void> {
  const rates = { downloadThroughput: -1, uploadThroughput: -1 }
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 2, packetLoss, ...rates })
}

async function talkOverBadNetwork(newPerson: (path: string) => Promise<Page>) {
  const page = await newPerson('call.html')
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  await lose(network, 0)
  await page.getByRole('button', { name: 'Voice call' }).click()
  await expect(page.getByText('Ringing…')).toBeVisible()
  await page.evaluate(() => window.world.bob.accept())
  await expect(page.getByRole('timer', { name: 'Call duration' })).toBeVisible()
  return { page, network }
}

const connections = (page: Page) => page.evaluate(() => window.world.connections())

function standing(page: Page) {
  return page.evaluate(() => {
    const { alice, bob } = window.world
    return [alice, bob].map(({ state: { current } }) =>
      'flow' in current.call ? current.call.flow : current.call.at,
    )
  })
}

test('the network is gone for some seconds: both read "Reconnecting…", then talk on', async ({
  newPerson,
}) => {
  const { page, network } = await talkOverBadNetwork(newPerson)
  await lose(network, 100)
  await expect(page.getByText('Reconnecting…')).toBeVisible({ timeout: 20_000 })
  await expect.poll(() => standing(page)).toEqual(['interrupted', 'interrupted'])
  await lose(network, 0)
  await expect(page.getByText('Reconnecting…')).toBeHidden({ timeout: 20_000 })
  await expect.poll(() => standing(page)).toEqual(['flowing', 'flowing'])
  expect(await connections(page)).toBe(2)
})

test('the network is gone for longer: a new connection takes over', async ({ newPerson }) => {
  test.setTimeout(90_000)
  const { page, network } = await talkOverBadNetwork(newPerson)
  await lose(network, 100)
  await expect.poll(() => connections(page), { timeout: 40_000 }).toBeGreaterThan(2)
  expect(await standing(page)).toEqual(['interrupted', 'interrupted'])
  await lose(network, 0)
  await expect.poll(() => standing(page), { timeout: 40_000 }).toEqual(['flowing', 'flowing'])
  await expect(page.getByText('Reconnecting…')).toBeHidden()
})
