import {
  act,
  answer,
  callThem,
  details,
  edit,
  forward,
  inChatMenu,
  letDisappear,
  messageOf,
  openActions,
  react,
  reaction,
  remove,
  tellWhatIsRead,
} from './fixtures/messages.ts'
import { befriend, expect, test } from './fixtures/test.ts'

test('Bob answers: the quote leads back, says when its message is deleted, and can be given up', async ({
  alice,
  bob,
}) => {
  await befriend(alice, bob)
  await alice.say('Where shall we meet?')
  for (let i = 1; i <= 30; i++) await alice.say(`Place ${String(i)}`)
  await bob.sees('Place 30')
  await answer(bob, 'Where shall we meet?', 'At the station')
  const there = alice.message('At the station')
  await expect(there).toContainText('Where shall we meet?')
  await expect(messageOf(alice, 'Where shall we meet?')).not.toBeInViewport()
  await there.getByRole('button', { name: /Where shall we meet\?/ }).click()
  await expect(messageOf(alice, 'Where shall we meet?')).toBeInViewport()
  await alice.say('forget this')
  await bob.sees('forget this')
  await act(bob, 'forget this', 'Reply')
  await bob.button('Cancel reply').click()
  await expect(bob.composer).toBeFocused()
  await answer(bob, 'forget this', 'I will not')
  await alice.sees('I will not')
  await remove(alice, 'forget this', 'everyone')
  await expect(bob.message('I will not')).toContainText('Message deleted')
})

test('reactions are counted, taken back by a second press, and found by name', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.say('done!')
  await bob.sees('done!')
  await react(bob, 'done!', '👍')
  await expect(reaction(bob, 'done!', '👍 1, you reacted')).toHaveAttribute('aria-pressed', 'true')
  await reaction(alice, 'done!', '👍 1').click()
  await expect(reaction(bob, 'done!', '👍 2, you reacted')).toBeVisible()
  await reaction(bob, 'done!', '👍 2, you reacted').click()
  await expect(reaction(alice, 'done!', '👍 1, you reacted')).toBeVisible()
  await expect(reaction(bob, 'done!', '👍 1')).toHaveAttribute('aria-pressed', 'false')
  await expect(messageOf(alice, 'done!').getByRole('img')).toHaveAccessibleName('Delivered')
  await alice.say('soup for all')
  await act(alice, 'soup for all', 'React')
  await alice.button('More emoji').click()
  await alice.page.getByRole('searchbox', { name: 'Search emoji' }).fill('pot of food')
  await alice.button('pot of food').click()
  await expect(reaction(bob, 'soup for all', '🍲 1')).toBeVisible()
})

test('a message is edited: everybody sees that, and what it said before', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.say('at sevn')
  await bob.sees('at sevn')
  await edit(alice, 'at sevn', 'at seven')
  await expect(alice.composer).toBeFocused()
  await expect(bob.message('at seven')).toContainText('edited')
  await expect(alice.statusOf('at seven')).toHaveAccessibleName('Delivered')
  await expect(await details(bob, 'at seven')).toContainText('at sevn')
})

test('the arrow up edits the last message, Escape leaves it as it was', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.say('one')
  await alice.say('two')
  await alice.composer.press('ArrowUp')
  await expect(alice.composer).toHaveValue('two')
  await alice.composer.press('Escape')
  await expect(alice.composer).toHaveValue('')
  await expect(alice.button('Send')).toBeVisible()
  await act(alice, 'one', 'Edit')
  await expect(alice.composer).toHaveValue('one')
  await alice.button('Cancel edit').click()
  await expect(alice.composer).toHaveValue('')
  await alice.composer.press('ArrowUp')
  await alice.composer.fill('three')
  await alice.composer.press('Enter')
  await expect(bob.message('three')).toBeVisible()
  await expect(bob.message('two')).toHaveCount(0)
})

test('what is deleted for everyone is gone on both sides, what is deleted for me on one', async ({
  alice,
  bob,
}) => {
  await befriend(alice, bob)
  await alice.say('not this')
  await alice.say('nor that')
  await bob.sees('nor that')
  await remove(alice, 'not this', 'everyone')
  await expect(bob.message('Message deleted')).toBeVisible()
  await expect(bob.message('not this')).toHaveCount(0)
  await act(bob, 'nor that', 'Delete')
  await expect(bob.dialog('Delete message?').getByRole('button', { name: /everyone/ })).toHaveCount(0)
  await bob.page.keyboard.press('Escape')
  await remove(bob, 'nor that', 'me')
  await expect(bob.message('nor that')).toHaveCount(0)
  await alice.sees('nor that')
})

test('a message is pinned for both and unpinned by the other, forwarded, also to the notes, and copied', async ({
  alice,
  bob,
}) => {
  await befriend(alice, bob)
  await alice.say('Meet at the fountain')
  await bob.sees('Meet at the fountain')
  await act(alice, 'Meet at the fountain', 'Pin')
  await expect(bob.button('Pinned message: Meet at the fountain')).toBeVisible()
  await expect(bob.log.getByText('Alice pinned a message.')).toBeVisible()
  await expect(alice.log.getByText('You pinned a message.')).toBeVisible()
  await bob.button('Unpin message').click()
  await expect(alice.button('Pinned message: Meet at the fountain')).toHaveCount(0)
  await bob.say('the code of the door is 1948')
  await alice.sees('the code of the door')
  await forward(alice, 'the code of the door', ['Notes to self'])
  await alice.chatWith('Notes to self')
  await expect(alice.message('the code of the door')).toContainText('Forwarded')
  await expect(alice.statusOf('the code of the door')).toHaveAccessibleName('Delivered')
  await act(alice, 'the code of the door', 'Copy')
  await expect
    .poll(() => alice.page.evaluate(() => navigator.clipboard.readText()))
    .toBe('the code of the door is 1948')
})

test('read receipts are off until both want them', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.say('seen?')
  await bob.sees('seen?')
  await alice.seesStatus('seen?', 'Delivered')
  await tellWhatIsRead(alice)
  await alice.seesStatus('seen?', 'Delivered')
  await tellWhatIsRead(bob)
  await alice.say('and now?')
  await bob.sees('and now?')
  await alice.seesStatus('and now?', 'Read')
})

test('who is typing is shown, and who looks elsewhere', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await bob.composer.pressSequentially('thinking')
  await expect(alice.page.getByText('typing…').first()).toBeVisible()
  await expect(alice.connection).toHaveAccessibleName(/^Connection: /)
  await bob.composer.press('Enter')
  await expect(alice.page.getByText('typing…')).toHaveCount(0)
})

test('disappearing messages: said in the chat, and gone in time, also while the app was closed', async ({
  alice,
  bob,
}) => {
  await befriend(alice, bob)
  await alice.say('this stays')
  await letDisappear(alice, '1 hour')
  await expect(bob.log.getByText('Alice set new messages to disappear after 1 hour.')).toBeVisible()
  await bob.say('this goes')
  await alice.sees('this goes')
  await alice.close()
  await bob.close()
  await alice.open('about:blank')
  await alice.context.clock.setFixedTime(Date.now() + 2 * 3_600_000)
  await alice.open()
  await alice.chatWith('Bob')
  await alice.sees('this stays')
  await expect(alice.message('this goes')).toHaveCount(0)
})

test('two people of one name are told apart by a name that Carol gives one of them', async ({ someone }) => {
  const [carol, ann, other] = [someone('Carol'), someone('Ann'), someone('Ann')]
  await befriend(carol, ann)
  await other.arrive()
  await other.connectBy(await carol.inviteLink())
  await expect(carol.chat('Ann')).toHaveCount(2)
  await callThem(carol, 'Ann Berg')
  await expect(carol.heading('Ann Berg')).toBeVisible()
  await expect(carol.chat('Ann Berg')).toBeVisible()
  await expect(carol.chat('Ann')).toHaveCount(1)
  await ann.say('it is me')
  await carol.sees('it is me')
  await expect(ann.heading('Carol')).toBeVisible()
})

test('a muted chat is quiet, an archived one comes back with what is new', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await inChatMenu(alice, 'Mute')
  await alice.reload()
  await bob.say('psst')
  await expect(alice.chat('Bob')).toHaveAccessibleName('Bob, 1 unread')
  await expect(alice.page).toHaveTitle('Earshot')
  await expect(alice.page.locator('[aria-live="polite"]', { hasText: 'psst' })).toHaveCount(0)
  await alice.chatWith('Bob')
  await inChatMenu(alice, 'Unmute')
  await inChatMenu(alice, 'Archive')
  await expect(alice.button('Archived (1)')).toHaveAttribute('aria-expanded', 'false')
  await expect(alice.chat('Bob')).toBeHidden()
  await bob.say('still there?')
  await expect(alice.chat('Bob')).toBeVisible()
})

test('the menu of a message is worked by the keyboard, and the focus is never lost', async ({
  alice,
  bob,
}) => {
  await befriend(alice, bob)
  await alice.say('first')
  await alice.say('second')
  const buttons = alice.log.getByRole('button', { name: 'Message actions' })
  await expect(buttons.last()).toHaveAttribute('tabindex', '0')
  await alice.page.keyboard.press('Shift+Tab')
  await alice.page.keyboard.press('Shift+Tab')
  await expect(buttons.last()).toBeFocused()
  await alice.page.keyboard.press('ArrowUp')
  await expect(buttons.first()).toBeFocused()
  await alice.page.keyboard.press('Enter')
  await expect(alice.page.getByRole('menuitem', { name: 'Reply' })).toBeFocused()
  await alice.page.keyboard.press('Escape')
  await expect(buttons.first()).toBeFocused()
  await openActions(alice, 'first')
  await alice.page.keyboard.press('d')
  await alice.page.keyboard.press('Enter')
  await expect(alice.page.getByRole('dialog')).toBeVisible()
  await alice.page.keyboard.press('Escape')
  await expect(buttons.first()).toBeFocused()
})
