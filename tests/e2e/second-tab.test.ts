import { befriend, expect, test } from './fixtures/test.ts'

const ELSEWHERE = 'Earshot is open in another tab'

test('a second tab leaves the first alone', async ({ alice, bob }) => {
  await befriend(alice, bob)
  const second = await alice.anotherTab()
  await expect(second.heading(ELSEWHERE)).toBeVisible()
  await alice.say('I am in the first tab')
  await bob.sees('I am in the first tab')
})

test('"Use here" moves everything over, and back again', async ({ alice, bob }) => {
  await befriend(alice, bob)
  const second = await alice.anotherTab()
  await second.button('Use here').click()
  await second.chatWith('Bob')
  await second.say('I moved')
  await bob.sees('I moved')
  await expect(alice.heading(ELSEWHERE)).toBeVisible()
  await alice.button('Use here').click()
  await alice.chatWith('Bob')
  await alice.sees('I moved')
  await expect(second.heading(ELSEWHERE)).toBeVisible()
})

test('a tab that is killed does not lock the next one out', async ({ alice, bob }) => {
  await befriend(alice, bob)
  const second = await alice.anotherTab()
  await expect(second.heading(ELSEWHERE)).toBeVisible()
  await alice.page.close()
  await second.button('Use here').click()
  await second.chatWith('Bob')
  await second.isLinked()
})
