import { join } from 'node:path'
import { MiB, sha256, writeRandomFile } from './fixtures/files.ts'
import { befriend, expect, test } from './fixtures/test.ts'

test('the server dies, and the connected see one small word', async ({ alice, bob, introducer, folder }) => {
  await befriend(alice, bob)
  await introducer.stop()
  await expect(alice.network).toHaveText('Server unreachable')
  await alice.say('still here?')
  await bob.sees('still here?')
  await alice.seesStatus('still here?', 'Delivered')
  const path = join(folder, 'notes.bin')
  await writeRandomFile(path, 5 * MiB)
  await alice.sendFile(path)
  expect(await sha256(await bob.saveFile('notes.bin'))).toBe(await sha256(path))
})

test('the app opens without any server, with everything that was said', async ({
  alice,
  bob,
  introducer,
}) => {
  await befriend(alice, bob)
  await alice.say('remember this')
  await alice.isInstalledOffline()
  await introducer.stop()
  await alice.reopen()
  await alice.chatWith('Bob')
  await alice.sees('remember this')
  await expect(alice.network).not.toHaveText('Online')
})

test('the server comes back, and everybody is online within five seconds', async ({
  alice,
  bob,
  introducer,
}) => {
  await befriend(alice, bob)
  await introducer.stop()
  await expect(alice.network).toHaveText('Server unreachable')
  await introducer.start()
  await expect(alice.network).toHaveText('Online', { timeout: 5_000 })
  await bob.reload()
  await bob.chatWith('Alice')
  await bob.isLinked()
})

test('what was written while all was down arrives in the end', async ({ alice, bob, introducer }) => {
  await befriend(alice, bob)
  await Promise.all([alice.isInstalledOffline(), bob.isInstalledOffline()])
  await introducer.stop()
  await bob.close()
  await alice.isAlone()
  await alice.say('for later')
  await alice.reopen()
  await introducer.start()
  await bob.reopen()
  await bob.chatWith('Alice')
  await bob.sees('for later')
})

test('a device without any network says so, and comes back by itself', async ({ alice }) => {
  await alice.arrive()
  await expect(alice.network).toHaveText('Online')
  await alice.goOffline(true)
  await expect(alice.network).toHaveText('Offline')
  await alice.goOffline(false)
  await expect(alice.network).toHaveText('Online', { timeout: 5_000 })
})
