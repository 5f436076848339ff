import { expect, type Page } from '@playwright/test'
import { MEDIA_STORIES, type MediaBench, type Who } from '../../unit/net/media-suite.ts'
import { BROWSER_ARGS } from '../fixtures/browser.ts'
import { test } from './pages.ts'

const executablePath = process.env['CHROMIUM_PATH']
// Nobody presses anything here, and yet the sound is measured.
const args = [...BROWSER_ARGS, '--autoplay-policy=no-user-gesture-required']
test.use({ launchOptions: { args, ...(executablePath !== undefined && { executablePath }) } })
test.describe.configure({ mode: 'serial' })

/** Two pages; signals are carried from one to the other through the test, one after the other. */
async function twoPages(newPerson: (path: string) => Promise<Page>): Promise<MediaBench> {
  const pages = { alice: await newPerson(''), bob: await newPerson('') }
  const carried: Record<Who, Promise<void>> = { alice: Promise.resolve(), bob: Promise.resolve() }
  for (const [from, to] of [
    ['alice', 'bob'],
    ['bob', 'alice'],
  ] as const) {
    await pages[from].exposeFunction('carry', (signal: Parameters<Window['side']['signal']>[0]) => {
      carried[to] = carried[to].then(() => pages[to].evaluate((signal) => window.side.signal(signal), signal))
      return carried[to]
    })
  }
  return {
    open: (who, options) => pages[who].evaluate((options) => window.side.open(options), options),
    signal: (who, signal) => pages[who].evaluate((signal) => window.side.signal(signal), signal),
    replace: (who, kind, on) =>
      pages[who].evaluate(([kind, on]) => window.side.replace(kind, on), [kind, on] as const),
    restart: (who) => pages[who].evaluate(() => window.side.restart()),
    close: (who) => pages[who].evaluate(() => window.side.close()),
    seen: (who) => pages[who].evaluate(() => window.side.seen()),
    receives: (who) => pages[who].evaluate(() => window.side.receives()),
    until: (what, check) => expect.poll(check, { message: what, timeout: 15_000 }).toBe(true),
  }
}

test.describe('calls between two browsers', () => {
  for (const { name, run } of MEDIA_STORIES) {
    test(name, async ({ newPerson }) => {
      await run(await twoPages(newPerson))
    })
  }
})
