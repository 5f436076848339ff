import { appendFile, cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Introducer } from './fixtures/introducer.ts'
import { expect, test as base } from './fixtures/test.ts'

interface Manifest {
  readonly name: string
  readonly icons: readonly { readonly src: string; readonly sizes: string }[]
  readonly screenshots: readonly { readonly src: string }[]
}

/** A server whose build may be changed. */
const test = base.extend<{ dist: string }>({
  dist: async ({ folder }, use) => {
    await use(join(folder, 'dist'))
  },
  introducer: async ({ dist }, use) => {
    await cp('dist', dist, { recursive: true })
    const introducer = new Introducer({ dist })
    await introducer.start()
    await use(introducer)
    await introducer.stop()
  },
})

test('the browser finds nothing that speaks against installing', async ({ alice }) => {
  await alice.arrive()
  await alice.isInstalledOffline()
  const browser = await alice.debug()
  const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors')
  expect(installabilityErrors).toEqual([])
  const { errors, data } = await browser.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(JSON.parse(data ?? '')).toMatchObject({ name: 'Earshot', display: 'standalone', start_url: '/' })
})

test('every picture of the manifest is there', async ({ alice, introducer }) => {
  await alice.open()
  const manifest = await alice.page.request.get(`${introducer.url}/manifest.webmanifest`)
  const { icons, screenshots } = (await manifest.json()) as Manifest
  expect(icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']))
  for (const { src } of [...icons, ...screenshots]) {
    const answer = await alice.page.request.get(introducer.url + src)
    expect
      .soft([src, answer.status(), answer.headers()['content-type']])
      .toEqual([src, 200, expect.stringMatching(/^image\//)])
  }
})

test('a new version waits until it is asked for, and keeps everything', async ({ alice, dist }) => {
  await alice.arrive()
  await alice.isInstalledOffline()
  const link = await alice.inviteLink()
  await appendFile(join(dist, 'app/sw.js'), '\n// a newer version\n')
  await Promise.all(['br', 'gz'].map((packed) => rm(join(dist, `app/sw.js.${packed}`), { force: true })))
  await alice.reload()
  await expect(alice.page.getByRole('status', { name: 'Update ready' })).toBeVisible()
  await alice.button('Restart to update').click()
  await expect(alice.page.getByRole('status', { name: 'Update ready' })).toBeHidden()
  expect(await alice.inviteLink()).toBe(link)
})
