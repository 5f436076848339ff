import { findBrowser } from '../../../scripts/browser.mjs'
import { defineConfig, devices } from '@playwright/test'

const VITE = 'npx vite'
const CONFIG = '--config tests/e2e/gallery/vite.config.ts'

/** The screens without peers: `npx playwright test --config tests/e2e/gallery/playwright.config.ts`. */
const browser = findBrowser()

export default defineConfig({
  testDir: '.',
  // Not `test`: the app's own end-to-end tests are told apart by that.
  testMatch: '*.check.ts',
  outputDir: '../../../test-results/gallery',
  fullyParallel: true,
  workers: 2,
  timeout: 20_000,
  reporter: 'list',
  webServer: {
    command: `${VITE} build ${CONFIG} --logLevel error && ${VITE} preview ${CONFIG}`,
    cwd: '../../..',
    url: 'http://localhost:4183',
    reuseExistingServer: false,
  },
  use: {
    baseURL: 'http://localhost:4183',
    locale: 'en-GB',
    launchOptions: {
      ...(browser !== undefined && { executablePath: browser }),
      args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
    },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } } },
    { name: 'phone', use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } } },
  ],
})
