import { seesNewest, writeMessages } from './fixtures/long-chat.ts'
import { befriend, expect, test } from './fixtures/test.ts'

const WRITTEN = 205
const SAID = 5
const COUNT = WRITTEN + SAID

test('the newest 200 messages are in the page, in order, and say where they stand', async ({
  alice,
  bob,
  introducer,
}) => {
  test.slow()
  await befriend(alice, bob)
  await bob.close()
  await writeMessages(alice, introducer.url, WRITTEN)
  await alice.open()
  await alice.chatWith('Bob')
  for (let at = WRITTEN + 1; at <= COUNT; at++) await alice.say(`Message ${at}:`)
  await seesNewest(alice, COUNT)
  const last = alice.log.getByRole('article').last()
  await expect(last).toHaveAttribute('aria-posinset', String(COUNT))
  await expect(last).toHaveAttribute('aria-setsize', String(COUNT))
  // However the lines get their heights: a chat opens at its end.
  for (const reducedMotion of ['reduce', 'no-preference', 'reduce'] as const) {
    await alice.page.emulateMedia({ reducedMotion })
    await alice.reload()
    await alice.chatWith('Bob')
    await expect(alice.message(`Message ${COUNT}:`)).toBeInViewport()
  }
})
