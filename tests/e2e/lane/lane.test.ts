import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { build, preview, type PreviewServer } from 'vite'
import { securityHeaders } from '../../../signaling/headers.ts'
import type { Driver, Person } from './page.ts'

declare const driver: Driver
declare global {
  var me: Person
}

const MIB = 1_048_576
const SIZE = Number(process.env['LANE_MIB'] ?? 64) * MIB
const ROUNDS = Number(process.env['LANE_ROUNDS'] ?? 1)

let output: string
let server: PreviewServer
let browser: Browser
let context: BrowserContext
let url: string

test.describe.configure({ mode: 'serial', timeout: 180_000 })

test.beforeAll(async () => {
  output = await mkdtemp(join(tmpdir(), 'lane-'))
  const root = import.meta.dirname
  await build({
    ...{ root, configFile: false, logLevel: 'error' },
    build: {
      ...{ outDir: output, emptyOutDir: true },
      rolldownOptions: {
        input: { page: join(root, 'index.html'), sw: join(root, 'sw.ts') },
        output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
      },
    },
    worker: { format: 'es' },
  })
  server = await preview({
    ...{ root, configFile: false, logLevel: 'error', build: { outDir: output } },
    preview: { port: 0, host: '127.0.0.1', headers: securityHeaders({ secure: false }) },
  })
  url = server.resolvedUrls?.local[0] ?? ''
  browser = await chromium.launch({
    ...(process.env['CHROMIUM_PATH'] && { executablePath: process.env['CHROMIUM_PATH'] }),
    args: ['--no-sandbox'],
  })
})

test.afterAll(async () => {
  await browser.close()
  await server.close()
  await rm(output, { recursive: true })
})

test.beforeEach(async () => {
  context = await browser.newContext({ acceptDownloads: true })
})

test.afterEach(async () => {
  await context.close()
})

async function open(): Promise<Page> {
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(message.text())
  })
  await page.goto(url)
  await page.waitForFunction('globalThis.driver')
  return page
}

async function people(): Promise<{ alice: Page; bob: Page }> {
  const [alice, bob] = [await open(), await open()]
  await alice.evaluate(async () => {
    globalThis.me = await driver.person('alice')
  })
  await bob.evaluate(async () => {
    globalThis.me = await driver.person('bob')
  })
  return { alice, bob }
}

test('real lanes of simple-peer do what every lane must do', async () => {
  const page = await open()
  const results = await page.evaluate(() => driver.runLaneSuite())
  expect(results.filter((result) => !result.startsWith('ok'))).toEqual([])
  expect(results.length).toBeGreaterThan(5)
})

test('real data channels do what every channel must do', async () => {
  const page = await open()
  const results = await page.evaluate(() => driver.runChannelSuite())
  expect(results.filter((result) => !result.startsWith('ok'))).toEqual([])
  expect(results.length).toBeGreaterThan(5)
})

test('the private file system does what every disk must do', async () => {
  const page = await open()
  const results = await page.evaluate(() => driver.runDiskSuite())
  expect(results.filter((result) => !result.startsWith('ok'))).toEqual([])
  expect(results.length).toBeGreaterThan(5)
})

test('Alice sends a big file and Bob saves exactly that, in little memory', async () => {
  const { alice, bob } = await people()
  const bare: number[] = []
  const file: number[] = []
  const growth: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await bareSpeed(alice, bob, round))
    await alice.evaluate((size) => me.offer(size), SIZE)
    const memory = await watchMemory(bob)
    file.push(rate(await bob.evaluate(() => me.receive())))
    growth.push(memory.stop())
    await expectSaved(alice, bob)
    await bob.evaluate(() => me.forget())
  }
  const ratio = Math.max(...file) / Math.max(...bare)
  const list = (numbers: number[]): string => numbers.map((number) => number.toFixed(1)).join(', ')
  test.info().annotations.push({
    type: 'measured',
    description:
      `${String(SIZE / MIB)} MiB: bare channel ${list(bare)} MiB/s, file on disk ${list(file)} MiB/s, ` +
      `ratio of the best ${ratio.toFixed(2)}, memory of the receiver +${list(growth)} MiB`,
  })
  console.log(test.info().annotations.at(-1)?.description)
  expect(await bob.evaluate(() => me.dropped())).toBe(0)
  // How fast is a question for the benchmark: a busy machine would answer for the app.
  expect(Math.max(...growth)).toBeLessThan(96)
})

async function expectSaved(alice: Page, bob: Page): Promise<void> {
  const [download] = await Promise.all([bob.waitForEvent('download'), bob.evaluate(() => me.save())])
  expect(download.suggestedFilename()).toBe('film ünïcode.bin')
  expect(await hashOf(await download.path())).toBe(await alice.evaluate(() => me.hash()))
  await download.delete()
}

function rate(ms: number): number {
  return SIZE / MIB / (ms / 1000)
}

async function bareSpeed(alice: Page, bob: Page, round: number): Promise<number> {
  const receiving = bob.evaluate(([round, size]) => driver.bare(round, 'receives', size), [
    round,
    SIZE,
  ] as const)
  const sending = alice.evaluate(([round, size]) => driver.bare(round, 'sends', size), [round, SIZE] as const)
  const [ms] = await Promise.all([receiving, sending])
  return rate(ms)
}

/** Resident memory of the page's own process; `stop` gives by how many MiB it grew at most. */
async function watchMemory(page: Page): Promise<{ stop: () => number }> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const pid = await pidOf(page)
  const read = (): number => residentMiB(pid)
  const before = read()
  let highest = before
  const timer = setInterval(() => {
    highest = Math.max(highest, read())
  }, 50)
  return {
    stop: () => {
      clearInterval(timer)
      return highest - before
    },
  }
}

/** The renderer that used the processor most while this page counted: Chromium does not tell which is whose. */
async function pidOf(page: Page): Promise<number> {
  const root = await browser.newBrowserCDPSession()
  const renderers = async (): Promise<Map<number, number>> => {
    const { processInfo } = await root.send('SystemInfo.getProcessInfo')
    return new Map(
      processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]),
    )
  }
  const before = await renderers()
  await page.evaluate(() => {
    for (const end = performance.now() + 300; performance.now() < end;);
  })
  const after = await renderers()
  await root.detach()
  const spent = [...after].map(([id, time]) => ({ id, time: time - (before.get(id) ?? time) }))
  return spent.sort((a, b) => b.time - a.time)[0]?.id ?? 0
}

function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
