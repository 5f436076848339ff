import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { textsOnDisk } from './fixtures/disk.ts'
import type { Person } from './fixtures/person.ts'
import { expect, test } from './fixtures/test.ts'

/** A word that nobody else writes; two of them have nothing in common. */
const canary = (): string => randomBytes(9).toString('base64url').replace(/[-_]/g, 'x')

test('every answer of the server forbids what a page of ours never needs', async ({ alice, introducer }) => {
  await alice.open()
  for (const path of ['/', '/sw.js', '/manifest.webmanifest', '/nothing-here']) {
    const headers = (await alice.page.request.get(introducer.url + path)).headers()
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    })
  }
})

test('the page cannot be made to run what was not shipped', async ({ alice, alarms }) => {
  await alice.arrive()
  alarms.provoke(/requires 'Trusted\w+' assignment|require-trusted-types-for/)
  const refused = await alice.page.evaluate(() => {
    const isRefused = (attempt: () => void): boolean => {
      try {
        attempt()
        return false
      } catch {
        return true
      }
    }
    return {
      html: isRefused(() => (document.createElement('p').innerHTML = '<b>bold</b>')),
      script: isRefused(() => (document.createElement('script').src = '/first.js')),
      handler: isRefused(() => {
        document.createElement('p').setAttribute('onclick', 'alert(1)')
      }),
    }
  })
  expect(refused).toEqual({ html: true, script: true, handler: true })
})

test('nothing that people said, named or sent lies open on the disk', async ({ alice, bob, folder }) => {
  test.slow()
  const words = Array.from({ length: 200 }, canary)
  const [aliceName = '', bobName = '', fileName = '', fileText = '', draft = '', ...texts] = words
  await remembersRandom(alice)
  await alice.open()
  await alice.start(aliceName)
  await bob.open()
  await bob.start(bobName)
  const link = await alice.inviteLink()
  await bob.connectBy(link)
  await alice.chatWith(bobName)
  await alice.isLinked()
  for (let at = 0; at < texts.length; at += 5)
    await (at % 2 ? alice : bob).say(texts.slice(at, at + 5).join(' and '))
  const path = join(folder, `${fileName}.bin`)
  await writeFile(path, fileText.repeat(50_000))
  await alice.sendFile(path)
  await bob.acceptFile(`${fileName}.bin`)
  await expect(bob.fileButton(`${fileName}.bin`, 'Save')).toBeVisible()
  await alice.composer.fill(draft)
  await expect(alice.chat(bobName)).toContainText(draft)

  const control = canary()
  await bob.page.evaluate((control) => {
    localStorage.setItem('control', control)
  }, control)
  const random = await alice.page.evaluate(() => (globalThis as { made?: number[][] }).made ?? [])
  // At the least: her root, what her two invitations hold, and the key of the file.
  expect(random.length).toBeGreaterThan(4)
  const profiles = [await alice.profile(), await bob.profile()]
  await Promise.all([alice.close(), bob.close()])
  const wanted = [...words, control, ...secretsOf(link), ...random.map((made) => Buffer.from(made))]
  const found = await Promise.all(profiles.map((profile) => textsOnDisk(profile, wanted)))
  // The scan can find: what was stored openly on purpose is found, and nothing else.
  expect(found.flat().map((hit) => hit.split(': ')[1])).toContain(control)
  expect(found.flat().filter((hit) => !hit.endsWith(control))).toEqual([])
})

/** What the page draws at random in the lengths of secrets: among it the root that stands for the whole person. */
async function remembersRandom(person: Person): Promise<void> {
  await person.open('about:blank')
  await person.page.addInitScript(() => {
    const made: number[][] = ((globalThis as { made?: number[][] }).made = [])
    const draw = crypto.getRandomValues.bind(crypto)
    crypto.getRandomValues = (array) => {
      const drawn = draw(array)
      if (drawn instanceof Uint8Array && [16, 32].includes(drawn.length)) made.push([...drawn])
      return drawn
    }
  })
}

/** The secret of an invitation (PROTOCOL §4), in every form in which it might have been written down. */
function secretsOf(link: string): (string | Buffer)[] {
  const code = link.slice(link.indexOf('#i') + 2)
  const secret = Buffer.from(code, 'base64url').subarray(6, 22)
  return [
    code.slice(8, 28),
    secret.toString('hex'),
    secret.toString('base64'),
    secret.toString('base64url'),
    secret,
  ]
}
