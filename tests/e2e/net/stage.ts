import { chromium, type Browser, type Page } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { createServer, type ViteDevServer } from 'vite'
import type { Acts } from './page.ts'

/** Serves the screenless pages and hands `/peerjs` and `/config` to an introducer, honest or not. */
export async function serveStage(introducerPort: number): Promise<{ url: string; close(): Promise<void> }> {
  const introducer = `127.0.0.1:${String(introducerPort)}`
  // A build made before in the same process leaves "production" behind, and vite would serve that.
  process.env['NODE_ENV'] = 'development'
  const vite: ViteDevServer = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'error',
    cacheDir: fileURLToPath(new URL('../../../node_modules/.vite-stage', import.meta.url)),
    server: {
      host: '127.0.0.1',
      port: 0,
      hmr: false,
      proxy: { '/peerjs': { target: `ws://${introducer}`, ws: true }, '/config': `http://${introducer}` },
      fs: { allow: [fileURLToPath(new URL('../../..', import.meta.url))] },
    },
  })
  await vite.listen()
  const address = vite.httpServer?.address()
  if (address === null || typeof address !== 'object') throw new Error('the stage has no port')
  return { url: `http://127.0.0.1:${String(address.port)}`, close: () => vite.close() }
}

/** One person in a browser process of their own. */
export interface Actor {
  readonly page: Page
  /** What went wrong in the page without anybody catching it. */
  readonly errors: string[]
  readonly act: {
    readonly [Name in keyof Acts]: (
      ...args: Parameters<Acts[Name]>
    ) => Promise<Awaited<ReturnType<Acts[Name]>>>
  }
  close(): Promise<void>
}

export async function actor(url: string, path = '/'): Promise<Actor> {
  const browser: Browser = await chromium.launch({
    ...(process.env['CHROMIUM_PATH'] && { executablePath: process.env['CHROMIUM_PATH'] }),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url + path)
  await page.waitForFunction(() => 'earshot' in window)
  const act = new Proxy({} as Actor['act'], {
    get:
      (_, name: string) =>
      (...args: unknown[]) =>
        page.evaluate(
          ([name, args]) => {
            const acts = (window as unknown as { earshot: Record<string, (...args: unknown[]) => unknown> })
              .earshot
            return acts[name]?.(...args)
          },
          [name, args] as const,
        ),
  })
  return { page, errors, act, close: () => browser.close() }
}
