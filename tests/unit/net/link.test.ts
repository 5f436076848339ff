import { expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import { fileId } from '../../../src/core/ids.ts'
import { backoff } from '../../../src/net/backoff.ts'
import { createLink, type Link } from '../../../src/net/link.ts'
import { decodeFrame, encodeFrame, type Frame } from '../../../src/protocol/frame.ts'
import { fingerprint } from '../../support/memory-network.ts'
import { memoryPipe, type End } from '../../support/memory-pipe.ts'
import { conversationOf, identityOf, incarnationIdOf } from '../../support/samples.ts'
import { quiet } from '../../support/people.ts'
import { virtualTime, type VirtualTime } from '../../support/virtual-time.ts'

interface Stage {
  readonly time: VirtualTime
  readonly link: Link
  readonly log: string[]
  readonly far: End
  /** What the other side hears. */
  readonly heard: (Frame | undefined)[]
  pass(ms: number): Promise<void>
}

/** A link of Alice's; Bob's end answers pings if he is `alive`. */
async function stage({
  alive = true,
  early = [],
}: { alive?: boolean; early?: Bytes[] } = {}): Promise<Stage> {
  const time = virtualTime()
  let made = 0
  const { ends } = memoryPipe({ timers: time, certificate: () => fingerprint((made += 1)) })
  const [near, far] = ends
  const [log, heard]: [string[], (Frame | undefined)[]] = [[], []]
  const link = createLink(
    near,
    { peer: identityOf(2), incarnation: incarnationIdOf(2), dialler: identityOf(1) },
    time,
  )
  link.listen(
    {
      frame: (frame) => log.push(frame.type),
      drained: () => log.push('drained'),
      closed: () => log.push(`closed at ${String(time.now() - began)}`),
      dropped: () => log.push('dropped'),
    },
    early,
  )
  far.listen({
    message: (bytes) => {
      const frame = decodeFrame(bytes)
      heard.push(frame)
      if (alive && frame?.type === 'ping') far.send(encodeFrame({ type: 'pong', nonce: frame.nonce }))
    },
    drained: () => undefined,
    closed: () => undefined,
  })
  const began = time.now()
  const pass = async (ms: number): Promise<void> => {
    const until = time.now() + ms
    do await quiet()
    while (time.next(until - time.now()))
    time.skip(until - time.now())
  }
  await quiet()
  return { time, link, log, far, heard, pass }
}

const pings = (heard: Stage['heard']) => heard.filter((frame) => frame?.type === 'ping').length
const have: Frame = { type: 'have', conversation: conversationOf(1), part: 'last', entries: [] }

test('a quiet link is asked every fifteen seconds, and lives on while it answers', async () => {
  const { log, heard, pass } = await stage()
  await pass(14_999)
  expect(pings(heard)).toBe(0)
  await pass(5 * 60_000)
  expect(log).toEqual([])
  expect(pings(heard)).toBe(20)
})

test('two who ask at the same time have answered each other: each speaks once in fifteen seconds', async () => {
  const time = virtualTime()
  let [made, said] = [0, 0]
  const { ends } = memoryPipe({
    ...{ timers: time, carried: () => (said += 1) },
    certificate: () => fingerprint((made += 1)),
  })
  const closed: string[] = []
  for (const end of ends) {
    const who = { peer: identityOf(2), incarnation: incarnationIdOf(2), dialler: identityOf(1) }
    const nothing = { frame: () => undefined, drained: () => undefined, dropped: () => undefined }
    createLink(end, who, time).listen({ ...nothing, closed: () => closed.push('closed') }, [])
  }
  for (const until = time.now() + 15_000 * 20 + 1_000; time.now() < until;) {
    await quiet()
    if (!time.next(until - time.now())) break
  }
  expect(closed).toEqual([])
  expect(said).toBe(2 * 20)
})

test('two questions without an answer, and the link is dead', async () => {
  const { log, heard, pass } = await stage({ alive: false })
  await pass(60_000)
  expect(log).toEqual(['closed at 25000'])
  expect(pings(heard)).toBe(2)
})

test('any word is a sign of life', async () => {
  const { log, far, heard, pass } = await stage({ alive: false })
  for (let n = 0; n < 10; n++) {
    await pass(10_000)
    far.send(encodeFrame(have))
  }
  await pass(1_000)
  expect(pings(heard)).toBe(0)
  expect(log).toEqual(Array.from({ length: 10 }, () => 'have'))
})

test('after a change of network a dead link is known within three seconds, and a living one stays', async () => {
  const dead = await stage({ alive: false })
  dead.link.probe()
  await dead.pass(10_000)
  expect(dead.log).toEqual(['closed at 3000'])
  const living = await stage()
  living.link.probe()
  await living.pass(10_000)
  expect(living.log).toEqual([])
})

test('pings are answered, a goodbye ends it, what is no frame is dropped and counted, and none of it is passed on', async () => {
  const { log, far, heard, pass } = await stage()
  far.send(encodeFrame({ type: 'ping', nonce: 7 }))
  far.send(new Uint8Array([1, 2, 3]))
  far.send(new Uint8Array(65_537))
  await pass(100)
  expect(heard).toEqual([{ type: 'pong', nonce: 7 }])
  expect(log).toEqual(['dropped', 'dropped'])
  far.send(encodeFrame({ type: 'close', reason: 'leaving' }))
  await pass(100)
  expect(log.at(-1)).toMatch(/^closed/)
  expect(log).toHaveLength(3)
})

test('whoever talks without end is hung up on; what records need is not counted', async () => {
  const { log, far, pass } = await stage()
  const talk = encodeFrame({ type: 'pong', nonce: 1 })
  for (let n = 0; n < 16_000; n++) far.send(talk)
  await pass(100)
  expect(log).toEqual([])
  for (let n = 0; n < 20_000; n++) far.send(talk)
  await pass(100)
  expect(log.at(-1)).toMatch(/^closed/)
})

test('what came behind the last word of BIND is heard first', async () => {
  const { log, far, pass } = await stage({ early: [encodeFrame(have), new Uint8Array(1)] })
  far.send(encodeFrame({ type: 'file', file: { file: fileOf(), step: 'cancel' } }))
  await pass(100)
  expect(log).toEqual(['have', 'dropped', 'file'])
})

test('a link that we close says why, and is over at once', async () => {
  const { link, log, heard, pass } = await stage()
  link.close('duplicate')
  link.send(have)
  await pass(60_000)
  expect(heard).toEqual([{ type: 'close', reason: 'duplicate' }])
  expect(log).toEqual(['closed at 0'])
})

test('the wait before the next try doubles up to its bound, and chance spreads it by half', () => {
  const range = { first: 500, most: 4_000 }
  expect([0, 1, 2, 3, 4, 1000].map((tries) => backoff(tries, range, 0.5))).toEqual([
    500, 1000, 2000, 4000, 4000, 4000,
  ])
  expect([backoff(0, range, 0), backoff(0, range, 0.999_999)].map(Math.round)).toEqual([250, 750])
})

function fileOf() {
  return fileId('ab'.repeat(16))
}
