import type { Person } from '../e2e/fixtures/person.ts'
import { befriend, expect, test } from './fixtures.ts'
import { scriptOf } from './in-page.ts'
import type { Sent, Wire } from './page/wire.ts'
import { median } from './report.ts'

declare const wire: Wire

const CODES = { have: 1, ping: 3, pong: 4, sealed: 9, typing: 16, presence: 17 } as const
const TEXTS = 20
/** Rounds of silence that are listened to: a device speaks once in each. */
const ROUNDS = 6
const ROUND_MS = 15_000
const GOALS = { text: 260, sign: 40, idle: 1 }

test('wire', async ({ alice, bob, tell }) => {
  await meet(alice, bob)
  await alice.say('what is said first brings other things with it')
  await alice.seesStatus('what is said first', 'Delivered')
  const before = { alice: await carriedBy(alice), bob: await carriedBy(bob) }
  for (let at = 1; at <= TEXTS; at++) await sayAndSee(alice, `letters, 20 of: ${String(at).padStart(4, '0')}`)
  const after = { alice: await carriedBy(alice), bob: await carriedBy(bob) }
  const texts = (await sentBy(alice, 'sealed')).slice(-TEXTS)
  expect(texts.length).toBe(TEXTS)
  const largest = Math.max(...sizes(texts))
  await tell({
    ...{ group: 'wire', name: 'a text of 20 letters on a link, largest', value: largest, unit: 'bytes' },
    beside: { name: 'its letters', value: 20 },
    goal: { text: `≤ ${String(GOALS.text)} bytes`, of: largest, atMost: GOALS.text },
    proof: `${String(texts.length)} frames on the real link, with both signatures; smallest ${String(Math.min(...sizes(texts)))}`,
    elsewhere: ['MQTT 70 bytes, XMPP 100 bytes, neither encrypted end to end'],
  })
  const receipts = await sentBy(bob, 'have')
  await tell({
    ...{ group: 'wire', name: 'the receipt for it, median', value: median(sizes(receipts)), unit: 'bytes' },
    proof: `${String(receipts.length)} receipts`,
  })
  const bytes = after.alice.bytes - before.alice.bytes + after.bob.bytes - before.bob.bytes
  const packets = after.alice.packets - before.alice.packets + after.bob.packets - before.bob.packets
  await tell({
    ...{ group: 'wire', name: 'all that travels for it, both ways', value: bytes / TEXTS, unit: 'bytes' },
    proof: `${(packets / TEXTS).toFixed(1)} packets: text, receipt, signs of writing, SCTP and DTLS, keep-alives of ICE; without UDP and IP`,
  })
})

test('wire: signs and silence', async ({ alice, bob, tell }) => {
  await meet(alice, bob)
  await alice.composer.fill('writing')
  await alice.composer.fill('')
  for (const away of [true, false]) await alice.page.evaluate((away) => wire.look(away), away)
  for (const sign of ['typing', 'presence'] as const) {
    const frames = await sentBy(alice, sign)
    const largest = Math.max(...sizes(frames))
    await tell({
      ...{ group: 'wire', name: `sign of ${sign}, largest`, value: largest, unit: 'bytes' },
      goal: { text: `≤ ${String(GOALS.sign)} bytes`, of: largest, atMost: GOALS.sign },
      proof: `${String(frames.length)} frames: it begins and ends`,
    })
    expect(frames.length).toBe(2)
  }
  const silence = await Promise.all([alice, bob].map((person) => listen(person)))
  const perRound = Math.max(...silence.map(({ frames, ms }) => frames / (ms / ROUND_MS)))
  await tell({
    ...{ group: 'wire', name: 'frames on an idle link in 15 s, busier side', value: perRound, unit: '' },
    goal: { text: `≤ ${String(GOALS.idle)}`, of: perRound, atMost: GOALS.idle },
    proof: silence
      .map(({ frames, ms, largest }) => {
        return `${String(frames)} in ${(ms / 1000).toFixed(1)} s, the largest of ${String(largest)} bytes`
      })
      .join('; '),
  })
})

/** Two people meet, and whatever leaves their pages is written down. */
async function meet(alice: Person, bob: Person): Promise<void> {
  for (const person of [alice, bob]) {
    await person.open('about:blank')
    await person.context.addInitScript({ content: await scriptOf('wire.ts') })
  }
  await befriend(alice, bob)
}

async function sayAndSee(person: Person, text: string): Promise<void> {
  expect(text.length).toBe(20)
  await person.say(text)
  await person.seesStatus(text, 'Delivered')
}

function carriedBy({ page }: Person): ReturnType<Wire['carried']> {
  return page.evaluate(() => wire.carried())
}

async function sentBy({ page }: Person, type: keyof typeof CODES): Promise<Sent[]> {
  const frames = await page.evaluate(() => wire.frames())
  return frames.filter(({ code }) => code === CODES[type])
}

function sizes(frames: readonly Sent[]): number[] {
  expect(frames.length).toBeGreaterThan(0)
  return frames.map(({ bytes }) => bytes)
}

/** What leaves from one frame on, while nobody does anything. */
async function listen({ page }: Person): Promise<{ frames: number; ms: number; largest: number }> {
  const begin = await page.evaluate(() => wire.frames().length)
  await page.evaluate((count) => wire.until(count), begin + ROUNDS + 1)
  const [first, ...rest] = (await page.evaluate(() => wire.frames())).slice(begin)
  if (!first) throw new Error('nothing left')
  const ms = (rest.at(-1)?.at ?? NaN) - first.at
  return { frames: rest.length, ms, largest: Math.max(...sizes(rest)) }
}
