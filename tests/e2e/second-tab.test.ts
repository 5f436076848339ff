import type { Page } from '@playwright/test'
import type { Screen } from './fixtures/screen.ts'
import { befriend, expect, test } from './fixtures/test.ts'

const ELSEWHERE = 'Earshot is open in another tab'
/** A tab that is asked to go on must not take longer than this, ms. */
const TAKE_OVER_MS = 2_000

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

test('of ten tabs opened at once one works; when that one goes, another goes on where it was', async ({
  alice,
  bob,
}) => {
  test.slow()
  await befriend(alice, bob)
  await bob.close()
  await bob.open('about:blank')
  const { working, resting } = await sorted(
    await Promise.all(Array.from({ length: 10 }, () => bob.anotherTab())),
  )
  expect(resting).toHaveLength(9)
  const said: string[] = []
  let [tab, ...others] = [working, ...resting]
  for (const end of [close, crash, close]) {
    await tab.page.bringToFront()
    await tab.chatWith('Alice')
    for (let word = 1; word <= 5; word++) {
      said.push(`${end.name} ${said.length}.`)
      await tab.say(said.at(-1) ?? '')
    }
    await end(tab.page)
    const [next, ...rest] = others
    if (!next) throw new Error('there is no other tab')
    expect(await takeOver(next)).toBeLessThan(TAKE_OVER_MS)
    ;[tab, others] = [next, rest]
    for (const other of others) await expect(other.heading(ELSEWHERE)).toBeVisible()
  }
  await tab.chatWith('Alice')
  await tab.say('the last word')
  await alice.sees('the last word')
  for (const person of [alice, tab])
    await expect(person.log.getByRole('article')).toContainText([...said, 'the last word'])
  await expect(alice.log.getByRole('article')).toHaveCount(said.length + 1)
})

/** The tab that works, and those that rest. */
async function sorted(tabs: readonly Screen[]): Promise<{ working: Screen; resting: Screen[] }> {
  const resting: Screen[] = []
  const working: Screen[] = []
  for (const tab of tabs) {
    const rests = tab.heading(ELSEWHERE)
    await expect(rests.or(tab.button('Settings'))).toBeVisible()
    const group = (await rests.isVisible()) ? resting : working
    group.push(tab)
  }
  const [only] = working
  if (!only || working.length > 1) throw new Error(`${working.length} tabs work`)
  return { working: only, resting }
}

async function close(page: Page): Promise<void> {
  await page.close()
}

/** The process of the page ends without a word. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash')
  await expect(page.goto('chrome://crash')).rejects.toThrow(/crash/)
  await crashed
}

/** How long it takes from the press of the button until the chats are there, as the page itself measures it; ms. */
async function takeOver(tab: Screen): Promise<number> {
  await tab.page.bringToFront()
  const measured = tab.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let pressed = NaN
        addEventListener('click', ({ timeStamp }) => (pressed = timeStamp), { capture: true, once: true })
        new MutationObserver((_, observer) => {
          if (!document.querySelector('nav li')) return
          observer.disconnect()
          resolve(performance.now() - pressed)
        }).observe(document.body, { childList: true, subtree: true })
      }),
  )
  await tab.button('Use here').click()
  return await measured
}
