import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { befriend, expect, test } from './fixtures/test.ts'

test('a browser that lets nothing be stored is told so in words', async ({ alice, alarms }) => {
  // As in the browser's settings: no site may store anything.
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } }
  const profile = await alice.profile()
  await mkdir(join(profile, 'Default'), { recursive: true })
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences))
  alarms.provoke(/.*/)
  await alice.open()
  await expect(alice.page.evaluate(() => localStorage.length)).rejects.toThrow('denied')
  await expect(alice.heading('This browser lets nothing be stored')).toBeVisible()
})

test('a browser that lacks something is told what', async ({ alice }) => {
  await alice.open('about:blank')
  await alice.page.addInitScript(() => {
    Reflect.deleteProperty(Intl, 'Segmenter')
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection')
  })
  await alice.open()
  await expect(alice.heading('This browser is too old for Earshot')).toBeVisible()
  await expect(alice.page.getByText('direct connections (WebRTC)')).toBeVisible()
})

test('a browser that cannot even read the program is told so', async ({ alice, alarms }) => {
  alarms.provoke(/.*/)
  // A browser of her own: where somebody was before, the program comes from the cache.
  await alice.profile()
  await alice.open('about:blank')
  await alice.page.route('**/assets/first-*.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'let words from the future' }),
  )
  await alice.open().catch(() => undefined)
  await expect(alice.page.getByText('This browser is too old for Earshot')).toBeVisible()
})

test('a file that is dropped beside the chat does not take the place of the page', async ({ alice, bob }) => {
  await befriend(alice, bob)
  const kept = await alice.page.evaluate(() => {
    const files = new DataTransfer()
    files.items.add(new File(['x'], 'x.txt'))
    const options = { bubbles: true, cancelable: true, dataTransfer: files }
    const list = document.querySelector('nav')
    return ['dragover', 'drop'].map((type) => !list?.dispatchEvent(new DragEvent(type, options)))
  })
  expect(kept).toEqual([true, true])
})
