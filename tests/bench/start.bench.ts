import type { Person } from '../e2e/fixtures/person.ts'
import { befriend, expect, test, writeMessages } from './fixtures.ts'
import { scriptOf } from './in-page.ts'
import type { Bench } from './page/bench.ts'
import { median } from './report.ts'

declare const bench: Bench

const STARTS = 10
const MESSAGES = 10_000
const GOAL = 1.3

test('start', async ({ alice, bob, introducer, tell }) => {
  await befriend(alice, bob)
  await Promise.all([alice.isInstalledOffline(), bob.isInstalledOffline()])
  const url = introducer.url
  await alice.close()
  expect(await writeMessages(bob, url, MESSAGES)).toBe(MESSAGES)
  await introducer.stop()
  const [empty, full]: [Start[], Start[]] = [[], []]
  for (let at = 0; at < STARTS; at++) {
    empty.push(await coldStart(alice, { url, messages: 0 }))
    full.push(await coldStart(bob, { url, messages: MESSAGES }))
  }
  const proof = `${String(full.length)} starts of the browser each, introducer stopped, taking turns; message ${String(MESSAGES)} was shown`
  const none = median(empty.map(({ list }) => list))
  const many = median(full.map(({ list }) => list))
  await tell({
    ...{
      group: 'start',
      name: 'cold start → list of chats, 10,000 messages, p50',
      value: many,
      unit: 'ms',
      proof,
    },
    beside: { name: 'no messages', value: none },
    goal: { text: `≤ ${String(GOAL)} × without`, of: many / none, atMost: GOAL },
  })
  await tell({
    ...{ group: 'start', name: 'cold start → that chat open at its end, p50', unit: 'ms', proof },
    value: median(full.map(({ chat }) => chat)),
    beside: { name: 'no messages', value: median(empty.map(({ chat }) => chat)) },
  })
})

/** Milliseconds since the navigation began. */
interface Start {
  readonly list: number
  readonly chat: number
}

/** A new browser process opens Earshot, and at once the only chat. */
async function coldStart(
  person: Person,
  { url, messages }: { url: string; messages: number },
): Promise<Start> {
  await person.close()
  await person.open('about:blank')
  await person.context.addInitScript({ content: await scriptOf('bench.ts') })
  await person.open(url)
  return person.page.evaluate(async (messages) => {
    const [list, chat] = await Promise.all([bench.listShown(), bench.chatOpened(messages)])
    return { list, chat }
  }, messages)
}
