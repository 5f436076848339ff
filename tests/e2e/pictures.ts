// The pictures of the README and of the manifest, of two people who really talk: `npm run screenshots`.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { settled } from './fixtures/accessibility.ts'
import { writeCameraFile } from './fixtures/camera.ts'
import type { Person } from './fixtures/person.ts'
import { EVENING, MORNING, paint } from './fixtures/scenery.ts'
import { expect, test } from './fixtures/test.ts'

const FOLDER = 'docs'
/** Pictures that an installing browser shows; vite.config.ts names their sizes. */
const OF_THE_MANIFEST = 'public/screenshots'

const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

const TALK: readonly (readonly ['Mira' | 'Jonas', string])[] = [
  ['Jonas', 'Made it to the hut! No signal up here, only their little box on the wall 📡'],
  ['Mira', 'And yet here you are 🙂 How was the climb?'],
  ['Jonas', 'Steep. The last hour was fog, then suddenly above the clouds.'],
  ['Mira', 'Send pictures! The map you wanted: https://osm.example/hut-trail'],
  ['Jonas', 'Perfect, thank you. Call in ten minutes, when the soup is gone?'],
  ['Mira', 'Take your time. I’ll be here.'],
]

test.use({ trace: 'off' })
test.setTimeout(180_000)

test('a talk between two people, and a call', async ({ someone, folder }) => {
  const mira = someone('Mira')
  const jonas = someone('Jonas')
  mira.viewport = DESKTOP
  jonas.viewport = PHONE
  jonas.scale = 2
  mira.camera = join(folder, 'mira.y4m')
  jonas.camera = join(folder, 'jonas.y4m')
  await Promise.all([
    writeCameraFile(mira.camera, paint(EVENING)),
    writeCameraFile(jonas.camera, paint(MORNING)),
  ])
  await Promise.all([mkdir(FOLDER, { recursive: true }), mkdir(OF_THE_MANIFEST, { recursive: true })])
  await Promise.all([mira.arrive(), jonas.arrive()])
  const { link } = await mira.showCode()
  await shoot(mira, 'desktop-code')
  await mira.closeDialog('Add contact')
  await jonas.connectBy(link)
  await mira.chatWith('Jonas')
  await Promise.all([mira.isLinked(), jonas.isLinked()])
  for (const [name, text] of TALK) {
    const [from, to] = name === 'Mira' ? [mira, jonas] : [jonas, mira]
    await from.say(text)
    await to.sees(text)
    await from.seesStatus(text, 'Delivered')
  }
  await shoot(mira, 'desktop')
  await shoot(jonas, 'phone')
  await mira.page.screenshot({ path: join(OF_THE_MANIFEST, 'wide.png') })
  await jonas.page.screenshot({ path: join(OF_THE_MANIFEST, 'narrow.png') })
  await jonas.call({ video: true })
  await mira.accept()
  await expect(mira.callWith('Jonas').getByLabel('Video of Jonas')).toBeVisible()
  await expect(jonas.callWith('Mira').getByLabel('Video of Mira')).toBeVisible()
  await shoot(mira, 'desktop-call')
  await shoot(jonas, 'phone-call')
})

/** Takes the picture twice: by day and by night. */
async function shoot({ page }: Person, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await settled(page)
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`) })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
