import { join } from 'node:path'
import { MiB, sha256, writeRandomFile } from './fixtures/files.ts'
import { memoryGrowth } from './fixtures/memory.ts'
import { canSeeProcesses } from './fixtures/processes.ts'
import { befriend, expect, test } from './fixtures/test.ts'

// A trace would lie in the memory that is measured.
test.use({ trace: 'off' })

test('200 MiB arrive as they are, and never lie in Bob’s memory', async ({ alice, bob, folder }) => {
  test.setTimeout(240_000)
  await befriend(alice, bob)
  const path = join(folder, 'film.bin')
  await writeRandomFile(path, 200 * MiB)
  const coming = await memoryGrowth(await bob.profile(), async () => {
    await alice.sendFile(path)
    await bob.acceptFile('film.bin')
    await expect(bob.fileButton('film.bin', 'Save')).toBeVisible({ timeout: 120_000 })
  })
  let saved = ''
  const saving = await memoryGrowth(await bob.profile(), async () => {
    saved = await bob.saveFile('film.bin')
  })
  expect(await sha256(saved)).toBe(await sha256(path))
  if (canSeeProcesses) expect(coming / MiB).toBeGreaterThan(1)
  expect(coming / MiB, 'MiB more while it comes').toBeLessThan(96)
  // What was opened waits for the garbage collector, but never the whole file.
  expect(saving / MiB, 'MiB more while it is saved').toBeLessThan(180)
})
