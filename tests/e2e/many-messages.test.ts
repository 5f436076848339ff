import { befriend, expect, test } from './fixtures/test.ts'

// A trace of hundreds of steps would take longer than the steps.
test.use({ trace: 'off' })

test('the newest 200 messages are in the page, in order, and say where they stand', async ({
  alice,
  bob,
}) => {
  test.slow()
  await befriend(alice, bob)
  const count = 210
  for (let at = 1; at <= count; at++) await alice.say(`number ${at}.`)
  await bob.sees(`number ${count}.`)
  const newest = Array.from({ length: 200 }, (_, at) => `number ${count - 199 + at}.`)
  const texts = (await bob.log.getByRole('article').allInnerTexts()).slice(-200)
  expect(texts.map((text) => /number \d+\./.exec(text)?.[0])).toEqual(newest)
  const last = bob.log.getByRole('article').last()
  await expect(last).toHaveAttribute('aria-posinset', String(count))
  await expect(last).toHaveAttribute('aria-setsize', String(count))
  // However the lines get their heights: a chat opens at its end.
  for (const reducedMotion of ['reduce', 'no-preference', 'reduce'] as const) {
    await bob.page.emulateMedia({ reducedMotion })
    await bob.reload()
    await bob.chatWith('Alice')
    await expect(bob.message(`number ${count}.`)).toBeInViewport()
  }
})
