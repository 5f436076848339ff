import { test as base, type BrowserContext, type Page } from '@playwright/test'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwindcss from '@tailwindcss/vite'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

interface WorkerFixtures {
  /** Where the little pages of these tests are served. */
  readonly origin: string
}

interface Fixtures {
  /** A page of one person, in a context of its own. */
  newPerson(path: string): Promise<Page>
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  origin: [
    async ({}, use) => {
      const server = await createServer({
        configFile: false,
        root: fileURLToPath(new URL('../../..', import.meta.url)),
        cacheDir: 'node_modules/.vite-media',
        logLevel: 'error',
        plugins: [svelte({ configFile: false }), tailwindcss()],
        optimizeDeps: {
          include: ['simple-peer/simplepeer.min.js', 'bits-ui', '@lucide/svelte', 'svelte-sonner', 'valibot'],
        },
        server: { port: 0, hmr: false, watch: null },
      })
      await server.listen()
      await use(server.resolvedUrls?.local[0] ?? '')
      await server.close()
    },
    { scope: 'worker' },
  ],
  newPerson: async ({ browser, origin }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (path) => {
      const context = await browser.newContext()
      contexts.push(context)
      const page = await context.newPage()
      page.on('pageerror', (error) => {
        throw error
      })
      await page.goto(`${origin}tests/e2e/media/page/${path}`)
      return page
    })
    for (const context of contexts) await context.close()
  },
})
