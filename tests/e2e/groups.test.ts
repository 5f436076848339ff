import { join } from 'node:path'
import { expectAccessible } from './fixtures/accessibility.ts'
import { MiB, sha256, writeRandomFile } from './fixtures/files.ts'
import {
  addMembers,
  answer,
  closeInfo,
  confirm,
  createGroup,
  gather,
  getToKnow,
  info,
  invitation,
  openInfo,
  posterLink,
  seesMembers,
} from './fixtures/groups.ts'
import { expect, test } from './fixtures/test.ts'

// Three browsers find each other.
test.slow()

const GROUP = 'Harbour crew'

test('Alice makes a group; Bob thinks about it and joins, Cem declines', async ({ alice, bob, cem }) => {
  await getToKnow([alice, bob, cem])
  await expect(alice.button('New group')).toHaveCount(1)
  await createGroup(alice, GROUP, ['Bob', 'Cem'])
  await invitation(bob, 'Alice', GROUP).getByRole('button', { name: 'Answer later' }).click()
  await bob.page.getByRole('button', { name: /^Answer/ }).click()
  await answer(bob, { from: 'Alice', group: GROUP, how: 'Join' })
  await answer(cem, { from: 'Alice', group: GROUP, how: 'Decline' })
  await bob.chatWith(GROUP)
  await seesMembers(alice, ['You', 'Bob'])
  await seesMembers(bob, ['Alice', 'You'])
  const dialog = await openInfo(alice)
  await expect(dialog.getByRole('list', { name: 'Not in it yet' }).getByRole('listitem')).toHaveText([
    /Cem.*Does not want/,
  ])
  await closeInfo(alice)
  await expect(cem.chat(GROUP)).toBeHidden()
})

test('what one says or sends in a group reaches all, also what was said while somebody was away', async ({
  alice,
  bob,
  cem,
  folder,
}) => {
  await gather(GROUP, [alice, bob, cem])
  await alice.say('hello everybody')
  for (const person of [bob, cem]) await person.sees('hello everybody')
  await cem.say('hello from Cem')
  for (const person of [alice, bob]) await person.sees('hello from Cem')
  await alice.seesStatus('hello everybody', 'Delivered')
  const path = join(folder, 'tides.bin')
  await writeRandomFile(path, 2 * MiB + 5)
  await alice.sendFile(path)
  for (const person of [bob, cem])
    expect(await sha256(await person.saveFile('tides.bin'))).toBe(await sha256(path))
  await expect(alice.message('tides.bin')).toContainText('2 of 2 have it')
  await cem.close()
  await alice.say('are you there?')
  await bob.sees('are you there?')
  await alice.close()
  await cem.reopen()
  await cem.chatWith(GROUP)
  await cem.sees('are you there?')
})

test('Alice names the group anew and gives it a picture, and Bob sees it', async ({ alice, bob }) => {
  await gather(GROUP, [alice, bob])
  const dialog = await openInfo(alice)
  await dialog.getByRole('button', { name: 'Change name and picture' }).click()
  const edit = alice.dialog('Name and picture')
  await edit.getByRole('textbox', { name: 'Group name' }).fill('Night ferry')
  await edit.getByLabel('Group picture').setInputFiles('public/icons/icon-512.png')
  await expect(edit.getByRole('button', { name: 'Remove the picture' })).toBeVisible()
  await edit.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(edit).toBeHidden()
  await expect(dialog.getByRole('button', { name: 'Change name and picture' })).toBeFocused()
  await closeInfo(alice)
  await expect(bob.heading('Night ferry')).toBeVisible()
  await expect(bob.chat('Night ferry').locator('img')).toBeVisible()
})

test('Bob writes to Cem, whom he knows from the group; then Cem is removed and reads nothing later', async ({
  alice,
  bob,
  cem,
}) => {
  await gather(GROUP, [alice, bob, cem])
  await (await openInfo(bob)).getByRole('button', { name: 'Message Cem', exact: true }).click()
  await expect(bob.heading('Cem')).toBeVisible()
  await bob.say('just between us')
  await cem.chatWith('Bob')
  await cem.sees('just between us')
  await bob.chatWith(GROUP)
  await cem.chatWith(GROUP)
  const dialog = await openInfo(alice)
  await dialog.getByRole('button', { name: 'Remove Cem', exact: true }).click()
  await confirm(alice, 'Remove Cem?', 'Remove')
  await expect(dialog.getByRole('list', { name: 'Members' }).getByRole('listitem')).toHaveCount(2)
  await expect(dialog).toContainText('2 of 32')
  await closeInfo(alice)
  await alice.say('without Cem')
  await bob.sees('without Cem')
  await expect(cem.composer).toBeHidden()
  await expect((await openInfo(cem)).getByText('You were removed from this group.')).toBeVisible()
  await expect(cem.message('without Cem')).toBeHidden()
})

test('Alice makes Bob the organiser, who adds Cem, hands over to him and leaves; Alice leaves as well', async ({
  alice,
  bob,
  cem,
}) => {
  await gather(GROUP, [alice, bob])
  await cem.arrive()
  await cem.connectBy(await bob.inviteLink())
  await cem.isLinked()
  const dialog = await openInfo(alice)
  await dialog.getByRole('button', { name: /^Bob/ }).click()
  await alice.dialog('Bob').getByRole('button', { name: 'Make Bob the organiser' }).click()
  await confirm(alice, 'Make Bob the organiser?', 'Make organiser')
  await closeInfo(alice)
  await bob.chatWith(GROUP)
  await addMembers(bob, GROUP, ['Cem'])
  await answer(cem, { from: 'Bob', group: GROUP, how: 'Join' })
  await cem.chatWith(GROUP)
  await seesMembers(alice, ['Bob', 'You', 'Cem'])

  await (await openInfo(bob)).getByRole('button', { name: 'Leave group', exact: true }).click()
  const question = bob.page.getByRole('alertdialog', { name: `Leave ${GROUP}?` })
  await expect(question.getByRole('button', { name: 'Hand over and leave' })).toBeDisabled()
  await question.getByRole('radio', { name: 'Cem' }).click()
  await question.getByRole('button', { name: 'Hand over and leave' }).click()
  await expect(info(bob)).toBeHidden()
  await expect((await openInfo(cem)).getByText('You are the organiser')).toBeVisible()
  await closeInfo(cem)
  await (await openInfo(alice)).getByRole('button', { name: 'Leave group', exact: true }).click()
  await confirm(alice, `Leave ${GROUP}?`, 'Leave')
  await expect(alice.composer).toBeHidden()
  await seesMembers(cem, ['You'])
})

test('Bob and Cem find the group’s invite: one is asked about, one comes in at once', async ({
  alice,
  bob,
  cem,
}) => {
  await Promise.all([alice.arrive(), bob.arrive()])
  await createGroup(alice, GROUP, [])
  await bob.open(await posterLink(alice))
  await bob.dialog(`Join ${GROUP}`).getByRole('button', { name: 'Ask to join' }).click()
  const wish = alice.page.getByRole('group', { name: 'Bob wants to join' })
  await wish.getByRole('button', { name: 'Let in', exact: true }).click()
  await bob.chatWith(GROUP)
  await seesMembers(bob, ['Alice', 'You'])
  await cem.arrive()
  await expect(await cem.pasteLink(await posterLink(alice, 'Let everybody in'))).toBeHidden()
  await cem.chatWith(GROUP)
  await cem.say('here I am')
  for (const person of [alice, bob]) {
    await person.chatWith(GROUP)
    await person.sees('here I am')
  }
  await seesMembers(cem, ['Alice', 'You', 'Bob'])
})

test('who comes with the invite can be turned away, and a withdrawn one is worth nothing', async ({
  alice,
  bob,
  cem,
}) => {
  await Promise.all([alice.arrive(), bob.arrive(), cem.arrive()])
  await createGroup(alice, GROUP, [])
  const link = await posterLink(alice)
  await bob.pasteLink(link)
  await expect(bob.page.getByText('Waiting for the organiser to let you in', { exact: true })).toBeVisible()
  const wish = alice.page.getByRole('group', { name: 'Bob wants to join' })
  await wish.getByRole('button', { name: 'Turn away', exact: true }).click()
  await expect(bob.page.getByText(/did not let you in/)).toBeVisible()
  await bob.page.getByRole('button', { name: /^Put away/ }).click()
  await expect(bob.page.getByText(/did not let you in/)).toBeHidden()
  await (await openInfo(alice)).getByRole('button', { name: 'Invite link', exact: true }).click()
  await alice.button('Withdraw this invite').click()
  await expect(alice.page.getByText(/is withdrawn/)).toBeVisible()
  await cem.pasteLink(link)
  await expect(cem.page.getByText(/not good any more/)).toBeVisible()
})

test('Alice introduces Bob and Cem, and they write to each other', async ({ alice, bob, cem }) => {
  await gather(GROUP, [alice, bob])
  await cem.arrive()
  await cem.connectBy(await alice.inviteLink())
  await cem.isLinked()
  const dialog = await openInfo(alice)
  await dialog.getByRole('button', { name: /^Bob/ }).click()
  await alice.dialog('Bob').getByRole('button', { name: 'Share contact' }).click()
  const share = alice.dialog('Share contact')
  await share.getByRole('checkbox', { name: 'Cem', exact: true }).click()
  await share.getByRole('button', { name: 'Introduce' }).click()
  await expect(share).toBeHidden()
  await closeInfo(alice)
  await alice.chatWith('Cem')
  await alice.sees('You introduced Bob')
  await cem.sees('Alice wants you to meet Bob')
  await cem.button('Connect with Bob').click()
  await expect(cem.heading('Bob')).toBeVisible()
  await cem.say('hello Bob')
  await bob.chatWith('Alice')
  await bob.button('Connect with Cem').click()
  await expect(bob.heading('Cem')).toBeVisible()
  await bob.sees('hello Bob')
  await cem.isLinked()
})

test('Alice is gone; Bob goes on without her, and Cem comes along', async ({ alice, bob, cem }) => {
  await gather(GROUP, [alice, bob, cem])
  await alice.close()
  const dialog = await openInfo(bob)
  const go = dialog.getByRole('button', { name: 'Continue without Alice' })
  await expect(go).toBeVisible({ timeout: 60_000 })
  await go.click()
  await confirm(bob, 'Continue without Alice?', 'Continue without Alice')
  await closeInfo(bob)
  const proposal = cem.page.getByRole('group', { name: 'Bob would go on without Alice' })
  await proposal.getByRole('button', { name: 'Stay', exact: true }).click()
  await expect(proposal).toBeHidden()
  await openInfo(cem)
  await proposal.getByRole('button', { name: 'Continue with Bob' }).click()
  await expect(proposal).toBeHidden()
  await closeInfo(cem)
  await seesMembers(cem, ['Bob', 'You'])
  await cem.say('on we go')
  await bob.sees('on we go')
})

test('groups shut nobody out', async ({ alice, bob }) => {
  await gather(GROUP, [alice, bob])
  await openInfo(alice)
  await expectAccessible(alice, 'group info')
  await alice.button('Leave group').click()
  await expectAccessible(alice, 'leaving')
})
