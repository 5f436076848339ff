import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drop, MiB, paste, sha256, writeRandomFile } from './fixtures/files.ts'
import { befriend, expect, test } from './fixtures/test.ts'

test('Alice attaches two files, and Bob saves exactly these', async ({ alice, bob, folder }) => {
  await befriend(alice, bob)
  const paths = ['holiday.bin', 'empty.bin'].map((name) => join(folder, name))
  await writeRandomFile(paths[0] ?? '', 3 * MiB + 17)
  await writeRandomFile(paths[1] ?? '', 0)
  await alice.sendFile(...paths)
  for (const path of paths) {
    const name = path.slice(folder.length + 1)
    expect(await sha256(await bob.saveFile(name))).toBe(await sha256(path))
  }
  await expect(bob.message('holiday.bin')).toContainText(/3(?:[.,]\d+)? ?M/)
})

test('Bob drops a file on the chat and pastes another', async ({ alice, bob }) => {
  await befriend(alice, bob)
  const recipe = { name: 'recipe.txt', type: 'text/plain', text: 'two eggs' }
  const drawing = {
    name: 'drawing.svg',
    type: 'image/svg+xml',
    text: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  }
  await drop(bob.log, [recipe])
  await paste(bob.composer, [drawing])
  expect(await readFile(await alice.saveFile('recipe.txt'), 'utf8')).toBe(recipe.text)
  expect(await readFile(await alice.saveFile('drawing.svg'), 'utf8')).toBe(drawing.text)
})

test('a file that was sent while Bob was away comes when he is back', async ({ alice, bob, folder }) => {
  await befriend(alice, bob)
  await bob.close()
  await alice.isAlone()
  const path = join(folder, 'late.bin')
  await writeRandomFile(path, MiB)
  await alice.sendFile(path)
  await expect(alice.message('late.bin')).toBeVisible()
  await bob.reopen()
  await bob.chatWith('Alice')
  expect(await sha256(await bob.saveFile('late.bin'))).toBe(await sha256(path))
})

test('whoever presses Enter twice on "Accept file" does not cancel it', async ({ alice, bob, folder }) => {
  await befriend(alice, bob)
  const path = join(folder, 'long.bin')
  await writeRandomFile(path, 60 * MiB)
  await alice.sendFile(path)
  await bob.fileButton('long.bin', 'Accept file').focus()
  await bob.page.keyboard.press('Enter')
  await expect(bob.fileButton('long.bin', 'Accept file')).toBeHidden()
  await bob.page.keyboard.press('Enter')
  expect(await sha256(await bob.saveFile('long.bin'))).toBe(await sha256(path))
})

for (const [who, other] of [
  ['alice', 'bob'],
  ['bob', 'alice'],
] as const) {
  test(`a file on its way is cancelled by ${who}, and ${other} sees that`, async ({ alice, bob, folder }) => {
    await befriend(alice, bob)
    const path = join(folder, 'long.bin')
    await writeRandomFile(path, 300 * MiB)
    await alice.sendFile(path)
    await bob.acceptFile('long.bin')
    const people = { alice, bob }
    await expect(people[who].progressOf('long.bin')).toBeVisible()
    await people[who].fileButton('long.bin', 'Cancel').click()
    for (const person of [alice, bob]) {
      await expect(person.progressOf('long.bin')).toBeHidden()
      await expect(person.fileButton('long.bin', 'Cancel')).toBeHidden()
    }
    await expect(bob.fileButton('long.bin', 'Save')).toBeHidden()
    await alice.say('never mind')
    await bob.sees('never mind')
  })
}
