import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { build } from 'vite'

const folder = join(import.meta.dirname, 'page')
const bundled = new Map<string, Promise<string>>()

/** A file of page/ and everything it imports, as one script for a page. */
export function scriptOf(name: string): Promise<string> {
  const known = bundled.get(name) ?? bundle(name)
  bundled.set(name, known)
  return known
}

/** Runs a file of page/ in a page that is open. */
export async function runIn(page: Page, name: string): Promise<void> {
  // Not page.evaluate: this way the policy of the page does not count.
  const session = await page.context().newCDPSession(page)
  const { exceptionDetails } = await session.send('Runtime.evaluate', { expression: await scriptOf(name) })
  await session.detach()
  if (exceptionDetails) throw new Error(`${name} does not run: ${exceptionDetails.text}`)
}

async function bundle(name: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: { entry: join(folder, name), formats: ['iife'], name: 'page' },
    },
  })
  const [first] = [built].flat()
  if (!first || !('output' in first)) throw new Error(`${name} was not bundled`)
  return first.output[0].code
}
