import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { defaultLimits, type Limits } from '../../../signaling/limits.ts'
import type { LimitHit } from '../../../signaling/metrics.ts'
import { doorOf, home, introduce, Person, tokenOf, until } from './people.ts'
import { startOurs } from './servers.ts'

type Ours = Awaited<ReturnType<typeof startOurs>>

let server: Ours
afterEach(() => server.close())

/** A server with two honest people on it, who are introduced before and must be able to be introduced after. */
async function setup(limits: Partial<Limits> = {}): Promise<{ mallory: Person; prove: Prove }> {
  server = await startOurs({ limits })
  const [alice, bob] = [await Person.arrive(server.port, 'alice'), await Person.arrive(server.port, 'bob')]
  const mallory = await Person.arrive(server.port, 'mallory')
  await introduce(alice, bob)
  const prove: Prove = async (limit, atMost = 1) => {
    await introduce(bob, alice)
    expect(await alice.everythingSoFar()).toEqual([])
    expect(hits(limit)).toBeGreaterThan(0)
    expect(hits(limit)).toBeLessThanOrEqual(atMost)
  }
  return { mallory, prove }
}

/** Proves that alice and bob noticed nothing, and that the limit was hit at most so often. */
type Prove = (limit: LimitHit, atMost?: number) => Promise<void>

function hits(limit: LimitHit): number {
  return server.introducer.metrics.limitHits(limit)
}

/** Expects that mallory is told why and sent away. */
async function expectExpelled(mallory: Person, why: string): Promise<void> {
  expect(await mallory.next()).toEqual({ type: 'ERROR', payload: { msg: why } })
  expect((await mallory.ended).code).toBe(1008)
}

/** A TCP connection without manners. */
function raw(): { socket: Socket; closed: Promise<void>; text: () => string } {
  const socket = connect(server.port, '127.0.0.1')
  let text = ''
  socket.setNoDelay(true)
  socket.on('data', (data) => (text += data.toString()))
  // Being cut off is what these tests wait for.
  socket.on('error', () => undefined)
  return { socket, text: () => text, closed: new Promise((resolve) => socket.on('close', () => resolve())) }
}

/** The bytes that turn a TCP connection into the WebSocket of a person. */
function upgradeOf(name: string): string {
  const { pathname, search } = new URL(
    doorOf(server.port, { key: 'peerjs', id: home(name), token: tokenOf(name) }),
  )
  const lines = [
    `GET ${pathname}${search} HTTP/1.1`,
    'Host: earshot',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Version: 13',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

describe('alice and bob notice nothing when mallory', () => {
  it('sends a message above 64 KiB', async () => {
    const { mallory, prove } = await setup()
    mallory.socket.send('x'.repeat(defaultLimits.messageBytes + 1))
    expect((await mallory.ended).code).toBe(1009)
    await prove('frame')
  })

  it('sends a message of exactly 64 KiB, which is allowed', async () => {
    const { mallory } = await setup()
    const message = { type: 'OFFER', dst: home('bob'), payload: { a: '' } }
    message.payload.a = 'x'.repeat(defaultLimits.messageBytes - JSON.stringify(message).length)
    mallory.say({ ...message, dst: mallory.address })
    expect(await mallory.next()).toMatchObject({ type: 'OFFER' })
  })

  it('floods the server with small messages', async () => {
    const { mallory, prove } = await setup()
    for (let index = 0; index < 2_000; index += 1) mallory.say({ type: 'HEARTBEAT' })
    await expectExpelled(mallory, 'Too many messages at once')
    await prove('messages')
  })

  it('calls everybody at once', async () => {
    const { mallory, prove } = await setup()
    for (let index = 0; index < 2_000; index += 1) mallory.offer(home('carol'), `dc_${index}`)
    await expectExpelled(mallory, 'Too many unanswered offers')
    await prove('offers')
  })

  it('floods the server with pings', async () => {
    const { mallory } = await setup()
    for (let index = 0; index < 1_000; index += 1) mallory.socket.ping()
    expect((await mallory.ended).code).toBe(1006)
  })

  it('floods the server with pongs', async () => {
    const { mallory, prove } = await setup()
    for (let index = 0; index < 1_000; index += 1) mallory.socket.pong()
    await expectExpelled(mallory, 'Too many messages at once')
    await prove('messages')
  })

  it('floods the server with large messages', async () => {
    const { mallory, prove } = await setup()
    const large = { type: 'CANDIDATE', dst: home('nobody'), payload: { a: 'x'.repeat(60_000) } }
    for (let index = 0; index < 40; index += 1) mallory.say(large)
    await expectExpelled(mallory, 'Too much data at once')
    await prove('bytes')
    expect(server.introducer.stats().waitingBytes).toBeLessThanOrEqual(defaultLimits.waitingPerPair.bytes)
  })

  it.each([
    ['what is no JSON', 'not json'],
    ['what is no message', '{"type":"OFFER"}'],
    [
      'what is nested too deep',
      `{"type":"OFFER","dst":"x","payload":{"a":${'['.repeat(9000)}${']'.repeat(9000)}}}`,
    ],
    [
      'what grows when it is written again',
      `{"type":"OFFER","dst":"x","payload":{"a":[${'1e20,'.repeat(9000)}1]}}`,
    ],
    ['what is no text', Buffer.from('{"type":"HEARTBEAT"}')],
  ])('says again and again %s', async (_what, nonsense) => {
    const { mallory, prove } = await setup()
    for (let index = 0; index <= defaultLimits.malformed.burst; index += 1) mallory.socket.send(nonsense)
    await expectExpelled(mallory, 'Too many messages that make no sense')
    await prove('malformed')
    expect(server.introducer.metrics.dropped('malformed')).toBe(defaultLimits.malformed.burst + 1)
  })

  it('says a message in too many fragments', async () => {
    const { mallory, prove } = await setup()
    for (let index = 0; index <= defaultLimits.fragments; index += 1) mallory.socket.send('x', { fin: false })
    expect((await mallory.ended).code).toBe(1008)
    await prove('frame')
  })

  it('says a message in tiny pieces that never end', async () => {
    const { prove } = await setup({ bufferedChunks: 16 })
    const { socket, text } = raw()
    socket.write(upgradeOf('eve'))
    await until('eve is let in', () => text().includes('OPEN'))
    // A masked text frame that promises 60,000 bytes.
    socket.write(Buffer.from([0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0]))
    await until('eve is sent away', () => {
      if (!socket.destroyed) socket.write('x')
      return hits('frame') === 1
    })
    await prove('frame')
    socket.destroy()
  })

  it('opens more sockets than one network may', async () => {
    const { prove } = await setup({ socketsPerNetwork: 5 })
    const friends = await Promise.all([1, 2].map((index) => Person.arrive(server.port, `mallory ${index}`)))
    const tooMany = Person.knock(server.port, 'mallory 3')
    expect(await tooMany.next()).toMatchObject({ type: 'ERROR' })
    expect((await tooMany.ended).code).toBe(1013)
    await prove('network')
    await friends[0]?.go()
    await until('the server saw it', () => server.introducer.stats().sockets === 4)
    await Person.arrive(server.port, 'carol')
  })

  it('opens more sockets than there are', async () => {
    const { prove } = await setup({ sockets: 3 })
    const tooMany = Person.knock(server.port, 'mallory 2')
    expect(await tooMany.next()).toMatchObject({ type: 'ERROR' })
    expect((await tooMany.ended).code).toBe(1013)
    await prove('sockets')
  })

  it('opens connections and says nothing', async () => {
    const { prove } = await setup({ socketsPerNetwork: 4 })
    const silent = Array.from({ length: 6 }, () => raw())
    await Promise.race(silent.map(({ closed }) => closed))
    await prove('connections')
    for (const { socket } of silent) socket.destroy()
  })

  it('sends the head of a request drop by drop', async () => {
    await setup({ headersMs: 200 })
    const { socket, closed, text } = raw()
    socket.write('GET / HTTP/1.1\r\nX-Slow: ')
    await closed
    expect(text()).toMatch(/^HTTP\/1.1 408 /)
    expect(text()).toContain('Content-Security-Policy')
  })

  it.each([
    ['a head without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(9000)}`, 431],
    ['something else than HTTP', 'ceci n’est pas HTTP\r\n\r\n', 400],
    [
      'an upgrade to another place',
      'GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      404,
    ],
    [
      'an upgrade that is none',
      'GET /peerjs HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      400,
    ],
  ])('sends %s', async (_what, bytes, status) => {
    await setup()
    const { socket, closed, text } = raw()
    socket.write(bytes)
    await closed
    expect(text().startsWith(`HTTP/1.1 ${status} `)).toBe(true)
    expect(text()).toContain('X-Content-Type-Options: nosniff')
  })

  it('asks for much and never reads it', async () => {
    const generous = { burst: 1e9, perSecond: 1e9 }
    const { mallory, prove } = await setup({ messages: generous, bytes: generous })
    const eve = await Person.arrive(server.port, 'eve')
    mallory.socket.pause()
    const large = { type: 'CANDIDATE', dst: mallory.address, payload: { a: 'x'.repeat(60_000) } }
    await until('what he does not read is dropped', () => {
      if (eve.socket.bufferedAmount < 1e6) eve.say(large)
      return hits('slow') > 0
    })
    await until('eve is done', () => eve.socket.bufferedAmount === 0)
    await prove('slow', Infinity)
    // He may have been slow through no fault of his own: he is still there, and can be met.
    let met = false
    mallory.socket.on('message', (data: Buffer) => (met ||= data.includes('dc_later')))
    mallory.socket.resume()
    await until('mallory hears eve', () => {
      if (eve.socket.bufferedAmount === 0) eve.say({ ...large, payload: { a: 'dc_later' } })
      return met
    })
  })

  it('says nothing for too long', async () => {
    server = await startOurs({ limits: { idleMs: 1_000, sweepMs: 100 } })
    const [alice, bob] = [await Person.arrive(server.port, 'alice'), await Person.arrive(server.port, 'bob')]
    const mallory = await Person.arrive(server.port, 'mallory')
    const heart = setInterval(() => [alice, bob].forEach((person) => person.say({ type: 'HEARTBEAT' })), 20)
    expect((await mallory.ended).code).toBe(1006)
    clearInterval(heart)
    await introduce(alice, bob)
    expect(hits('idle')).toBe(1)
  })

  it('fills the queue of carol, who is absent: what alice sends her still waits', async () => {
    const { mallory } = await setup({ expireMs: 5_000 })
    for (let index = 0; index < 200; index += 1) mallory.offer(home('carol'), `dc_${index}`)
    await mallory.everythingSoFar()
    const dave = await Person.arrive(server.port, 'dave')
    dave.offer(home('carol'), 'dc_dave')
    await dave.everythingSoFar()
    const carol = await Person.arrive(server.port, 'carol')
    const heard = await carol.everythingSoFar()
    expect(heard.filter(({ src }) => src === dave.address)).toHaveLength(1)
    expect(heard.filter(({ src }) => src === mallory.address)).toHaveLength(64)
    expect(server.introducer.metrics.dropped('queue_full')).toBe(136)
  })

  it('writes into X-Forwarded-For what she likes', async () => {
    server = await startOurs({ limits: { socketsPerNetwork: 1 } })
    await Person.arrive(server.port, 'alice')
    const { socket, text } = raw()
    socket.write(upgradeOf('mallory').replace('Host:', 'X-Forwarded-For: 198.51.100.1\r\nHost:'))
    await until('mallory is told', () => text().includes('Too many connections'))
    socket.destroy()
  })
})

describe('behind a proxy that is trusted', () => {
  it('people are counted by the address the proxy wrote last', async () => {
    server = await startOurs({ trustProxy: true, limits: { socketsPerNetwork: 1 } })
    const from = async (name: string, addresses: string): Promise<string> => {
      const { socket, text } = raw()
      socket.write(upgradeOf(name).replace('Host:', `X-Forwarded-For: ${addresses}\r\nHost:`))
      await until('an answer', () => /OPEN|ERROR/.test(text()))
      return /OPEN|ERROR/.exec(text())?.[0] ?? ''
    }
    expect(await from('alice', '198.51.100.1')).toBe('OPEN')
    expect(await from('bob', '198.51.100.1, 198.51.100.2')).toBe('OPEN')
    expect(await from('mallory', '198.51.100.9, 198.51.100.1')).toBe('ERROR')
  })
})
