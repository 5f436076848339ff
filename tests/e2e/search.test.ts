import { Finding } from './fixtures/finding.ts'
import { seesNewest, writeMessages } from './fixtures/long-chat.ts'
import { befriend, expect, test } from './fixtures/test.ts'

const COUNT = 600

test('Alice finds what was said long ago, and reads on from there both ways', async ({
  alice,
  bob,
  introducer,
}) => {
  test.slow()
  await befriend(alice, bob)
  await alice.isLinked()
  await bob.say('The key lies under the blue flowerpot')
  await alice.sees('The key lies')
  // A long time goes by.
  await bob.close()
  await writeMessages(alice, introducer.url, COUNT)
  await alice.open()
  await alice.chatWith('Bob')
  await expect(alice.message(`Message ${COUNT + 1}:`)).toBeInViewport()

  const finding = new Finding(alice)
  await alice.page.keyboard.press('Control+k')
  await expect(finding.field).toBeFocused()
  await finding.look('FLOWER key')
  await expect(finding.results.getByRole('button')).toHaveCount(1)
  await expect(finding.hit('Bob').locator('mark')).toHaveText(['key', 'flower'])
  await alice.page.keyboard.press('ArrowDown')
  await expect(finding.hit('Bob')).toBeFocused()
  await alice.page.keyboard.press('Enter')
  await finding.isAt('The key lies')
  await expect(alice.message('The key lies')).toHaveAttribute('aria-posinset', '1')

  await finding.look('message 300')
  await finding.goTo('Message 300:')
  const middle = alice.message('Message 300:')
  await expect(middle).toHaveAttribute('aria-posinset', '300')
  await expect(middle).toHaveAttribute('aria-setsize', String(COUNT + 1))
  await finding.readsOn('up', 'Message 180:')
  await finding.readsOn('down', 'Message 420:')
  await expect(alice.message('Message 420:')).toHaveAttribute('aria-posinset', '420')

  await alice.button('Jump to the latest').click()
  await expect(alice.message(`Message ${COUNT + 1}:`)).toBeInViewport()
  await seesNewest(alice, COUNT + 1)

  await finding.field.press('Escape')
  await expect(finding.field).toHaveValue('')
  await expect(alice.chat('Bob')).toBeVisible()
})
