import { defineConfig } from '@playwright/test'
import { findBrowser, findFirefox } from './scripts/browser.mjs'
import { BROWSER_ARGS } from './tests/e2e/fixtures/browser.ts'

const browser = findBrowser()
// Fixtures and the small stages of single parts start browsers of their own: they read it here.
if (browser !== undefined) process.env['CHROMIUM_PATH'] = browser
const firefox = findFirefox()
if (firefox !== undefined) process.env['FIREFOX_PATH'] = firefox
const ci = Boolean(process.env['CI'])
const long = process.env['EARSHOT_LONG'] !== undefined

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  // Two people are two browsers, and keep two cores busy: more at a time would take as long.
  workers: 1,
  retries: 0,
  forbidOnly: ci,
  timeout: 90_000,
  globalTimeout: long ? 0 : 24 * 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    actionTimeout: 15_000,
    // A trace costs a story a third of its time: `EARSHOT_TRACE=1` records what fails.
    trace: process.env['EARSHOT_TRACE'] ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: { args: BROWSER_ARGS, ...(browser !== undefined && { executablePath: browser }) },
  },
  projects: [
    // The screen of a call with a scripted other side; whole calls between two people are in `npm test`.
    { name: 'e2e', testMatch: '**/*.test.ts', testIgnore: long ? [] : '**/call-screen.test.ts' },
    // The pictures of the README: `npm run screenshots`.
    { name: 'pictures', testMatch: '**/pictures.ts' },
  ],
})
