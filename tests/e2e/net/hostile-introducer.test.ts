import { expect, test } from '@playwright/test'
import { evilIntroducer, type EvilIntroducer } from './evil-introducer.ts'
import { actor, serveStage, type Actor } from './stage.ts'

let evil: EvilIntroducer
let stage: Awaited<ReturnType<typeof serveStage>>
let cast: Actor[] = []

test.beforeEach(async () => {
  evil = await evilIntroducer()
  stage = await serveStage(evil.port)
})

test.afterEach(async () => {
  for (const { close } of cast) await close()
  cast = []
  await stage.close()
  evil.close()
})

async function person(name: string): Promise<Actor & { identity: string }> {
  const someone = await actor(stage.url)
  cast.push(someone)
  return { ...someone, identity: await someone.act.start(name) }
}

async function mallory(): Promise<Actor> {
  const tap = await actor(stage.url, '/mallory.html')
  cast.push(tap)
  evil.wiretap(true)
  return tap
}

/** Everything that passed through the hands of the one in the middle. */
async function overheard(tap: Actor): Promise<Buffer> {
  const seen = await tap.page.evaluate(() =>
    (window as unknown as { earshot: { seen(): number[][] } }).earshot.seen(),
  )
  return Buffer.concat(seen.map((bytes) => Buffer.from(bytes)))
}

test('whoever stands between alice and bob at their first meeting is refused by both, and learns nothing', async () => {
  const tap = await mallory()
  const [alice, bob] = [await person('Alice'), await person('Bob')]
  await bob.act.accept(await alice.act.invite())
  await bob.act.say('a secret for Alice')

  await expect.poll(async () => (await bob.act.contacts())[0]?.alarm).toBe('intercepted')
  // In words, on both screens.
  expect((await bob.act.contacts())[0]?.words).toMatch(/Somebody stood between you and Alice/)
  await expect.poll(() => alice.act.notice()).toMatch(/Somebody stood between you and the person/)
  expect(await alice.act.contacts()).toEqual([])
  expect(await alice.act.read()).toEqual([])

  const bytes = await overheard(tap)
  expect(bytes.length).toBeGreaterThan(500)
  for (const key of [alice.identity, bob.identity])
    expect(bytes.includes(Buffer.from(key, 'hex'))).toBe(false)
  for (const word of ['secret', 'Alice', 'Bob']) expect(bytes.includes(word)).toBe(false)
})

test('whoever steps between two who know each other is refused by both, and trust stays as it was', async () => {
  const [alice, bob] = [await person('Alice'), await person('Bob')]
  await bob.act.accept(await alice.act.invite())
  await expect.poll(async () => (await alice.act.contacts())[0]?.link.at).toBe('linked')
  const tap = await mallory()
  await alice.act.hangUp()
  await bob.act.say('a second secret')

  for (const { act } of [alice, bob]) {
    await expect.poll(async () => (await act.contacts())[0]?.alarm, { timeout: 30_000 }).toBe('intercepted')
    expect((await act.contacts())[0]?.words).toMatch(/Somebody stood between you and (?:Alice|Bob)/)
    expect((await act.contacts())[0]?.trust).toBe('private-invite')
  }
  const bytes = await overheard(tap)
  expect(bytes.length).toBeGreaterThan(500)
  for (const key of [alice.identity, bob.identity])
    expect(bytes.includes(Buffer.from(key, 'hex'))).toBe(false)
  expect(bytes.includes('secret')).toBe(false)

  evil.wiretap(false)
  await tap.close()
  await expect
    .poll(async () => (await alice.act.read()).map(({ text }) => text), { timeout: 30_000 })
    .toEqual(['a second secret'])
  await expect.poll(async () => (await bob.act.contacts())[0]?.alarm).toBeUndefined()
})

test('LEAVE, forged and malformed letters from the introducer change nothing for two who talk', async () => {
  const [alice, bob] = [await person('Alice'), await person('Bob')]
  await bob.act.accept(await alice.act.invite())
  await expect.poll(async () => (await bob.act.contacts())[0]?.link.at).toBe('linked')
  const [toAlice = '', toBob = ''] = evil.addresses
  const offer = evil.overheard.find(({ type }) => type === 'OFFER')
  const payload = offer?.payload as Record<string, unknown>

  for (const [to, src] of [[toAlice, toBob] as const, [toBob, toAlice] as const]) {
    evil.inject(to, { type: 'LEAVE', src })
    evil.inject(to, { type: 'OFFER', src, payload })
    for (const serialization of ['binary', 'constructor', '__proto__', 'nonsense', null, 7]) {
      evil.inject(to, { type: 'OFFER', src, payload: { ...payload, serialization } })
    }
    evil.inject(to, { type: 'OFFER', src, payload: { ...payload, type: 'media' } })
    evil.inject(to, {
      type: 'OFFER',
      src,
      payload: { ...payload, sdp: { type: 'offer', sdp: 'v=nonsense' } },
    })
    evil.inject(to, { type: 'OFFER', src })
    evil.inject(to, { type: 'ANSWER', src, payload })
    evil.inject(to, { type: 'CANDIDATE', src, payload: { ...payload, candidate: { candidate: 'nonsense' } } })
    evil.inject(to, { type: 'EXPIRE', src })
    evil.inject(to, { type: 'toString' })
    evil.inject(to, JSON.parse('{"type":"OFFER","payload":{"__proto__":{"x":1}}}') as { type: string })
  }
  // The letters arrived: they were counted, every one that fits nothing.
  for (const { act } of [alice, bob]) {
    await expect.poll(async () => (await act.dropped())['introduction'] ?? 0).toBeGreaterThanOrEqual(10)
  }

  await alice.act.say('still here?')
  await expect.poll(async () => (await bob.act.read()).map(({ text }) => text)).toEqual(['still here?'])
  await expect.poll(async () => (await alice.act.read())[0]?.status).toBe('Delivered')
  expect([...alice.errors, ...bob.errors]).toEqual([])
})

test('a stranger who knows the address but no key gets no answer and no candidate', async () => {
  const alice = await person('Alice')
  await alice.act.invite()
  await expect.poll(() => evil.addresses.length).toBe(1)
  const stranger = await actor(stage.url, '/stranger.html')
  cast.push(stranger)
  const [address = ''] = evil.addresses
  await stranger.page.evaluate((to) => {
    return (window as unknown as { earshot: { call(to: string): Promise<void> } }).earshot.call(to)
  }, address)
  const knocks = (): unknown[] => evil.overheard.filter(({ type }) => type === 'OFFER')
  await expect.poll(() => knocks().length).toBe(3)
  // The offers and all the candidates behind them reached Alice and were dropped.
  await expect
    .poll(async () => (await alice.act.dropped())['introduction'] ?? 0)
    .toBe(evil.overheard.filter(({ dst }) => dst === address).length)
  expect(evil.overheard.filter(({ src }) => src === address)).toEqual([])
})
