import { befriend, expect, test } from './fixtures/test.ts'

test('text goes both ways, is delivered, and announced politely with who wrote it', async ({
  alice,
  bob,
}) => {
  await befriend(alice, bob)
  await alice.say('hello Bob')
  await bob.sees('hello Bob')
  await alice.seesStatus('hello Bob', 'Delivered')
  await bob.say('hello Alice')
  await alice.sees('hello Alice')
  await expect(alice.statusOf('hello Alice')).toHaveCount(0)
  await expect(alice.page.locator('[aria-live="polite"]', { hasText: 'Bob: hello Alice' })).toBeAttached()
})

test('what Alice writes while Bob is away waits, and reaches him when he is back', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await bob.dies()
  await alice.isAlone()
  await alice.say('see you later')
  await alice.seesStatus('see you later', 'Waiting')
  await bob.reopen()
  await bob.chatWith('Alice')
  await bob.sees('see you later')
  await alice.seesStatus('see you later', 'Delivered')
})

test('nothing is lost or doubled when both browsers were closed', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await bob.close()
  await alice.isAlone()
  await alice.say('one')
  await alice.say('two')
  await alice.close()
  await Promise.all([bob.reopen(), alice.reopen()])
  await bob.chatWith('Alice')
  await expect(bob.log.getByRole('article')).toContainText(['one', 'two'])
  await alice.chatWith('Bob')
  await alice.seesStatus('two', 'Delivered')
})

test('after a reload the chat is the same, and words that were not sent yet are still there', async ({
  alice,
  bob,
}) => {
  await befriend(alice, bob)
  for (const text of ['first', 'second', 'third']) await alice.say(text)
  await bob.say('fourth')
  await alice.sees('fourth')
  await alice.composer.fill('half a sen')
  await expect(alice.chat('Bob')).toContainText('half a sen')
  await alice.reload()
  await alice.chatWith('Bob')
  await expect(alice.log.getByRole('article')).toContainText(['first', 'second', 'third', 'fourth'])
  await expect(alice.composer).toHaveValue('half a sen')
  await alice.composer.press('Enter')
  await bob.sees('half a sen')
})

test('Shift and Enter break the line; addresses become links that tell the other side nothing; all else stays text', async ({
  alice,
  bob,
}) => {
  await befriend(alice, bob)
  await alice.composer.pressSequentially('roses')
  await alice.composer.press('Shift+Enter')
  await alice.composer.pressSequentially('violets')
  await alice.composer.press('Enter')
  await expect(alice.composer).toHaveValue('')
  await expect.poll(() => bob.log.getByRole('article').last().innerText()).toContain('roses\nviolets')
  const harm = '<img src=x onerror=alert(1)> javascript:alert(2)'
  await alice.say(`look: https://earshot.example/a?b=1 ${harm}`)
  const link = bob.message('look:').getByRole('link')
  await expect(link).toHaveCount(1)
  await expect(link).toHaveAttribute('href', 'https://earshot.example/a?b=1')
  await expect(link).toHaveAttribute('rel', /noopener.*noreferrer|noreferrer.*noopener/)
  await bob.sees(harm)
})

test('a long text arrives whole; a longer one arrives as a text file', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.say('lorem ipsum '.repeat(2500).trim())
  await expect.poll(async () => (await bob.message('lorem').innerText()).split('ipsum').length).toBe(2501)
  await alice.composer.fill('dolor sit amet '.repeat(3000))
  await alice.composer.press('Enter')
  await expect(bob.message('.txt')).toBeVisible()
})

test('what came while another chat was open is counted', async ({ alice, bob }) => {
  await befriend(alice, bob)
  await alice.reload()
  await bob.say('knock')
  await bob.say('knock knock')
  await expect(alice.chat('Bob')).toHaveAccessibleName('Bob, 2 unread')
  await alice.chatWith('Bob')
  await expect(alice.chat('Bob')).toHaveAccessibleName('Bob')
})
