import { defineConfig } from '@playwright/test'
import { findBrowser } from '../../scripts/browser.mjs'

const browser = findBrowser()
// The people of the end-to-end tests start browsers of their own: they read it here.
if (browser !== undefined) process.env['CHROMIUM_PATH'] = browser

/** Runs what `npm run bench` measures. A missed goal is a figure, not a failure. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: '../../test-results/bench',
  // One thing at a time: two would measure each other.
  workers: 1,
  retries: 0,
  timeout: 5 * 60_000,
  expect: { timeout: 30_000 },
  use: { actionTimeout: 30_000, navigationTimeout: 30_000 },
  reporter: './reporter.ts',
})
