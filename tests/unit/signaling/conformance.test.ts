import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { home, introduce, Person, tokenOf } from './people.ts'
import { startOurs, startReference, type Running } from './servers.ts'

const servers = [
  { name: 'our introducer', start: (): Promise<Running> => startOurs() },
  { name: 'the npm peer server', start: startReference },
]

describe.each(servers)('$name speaks PeerJS', ({ start }) => {
  let server: Running
  beforeEach(async () => {
    server = await start()
  })
  afterEach(() => server.close())

  it('alice registers and is told OPEN, and nothing else', async () => {
    const alice = Person.knock(server.port, 'alice')
    expect(await alice.next()).toEqual({ type: 'OPEN' })
    expect(await alice.everythingSoFar()).toEqual([])
  })

  const own = { key: 'peerjs', id: home('alice'), token: tokenOf('alice') }
  it.each(['key', 'id', 'token'])('somebody who brings no %s is told why and sent away', async (missing) => {
    const stranger = Person.stranger(server.port, { ...own, [missing]: '' })
    expect(await stranger.next()).toEqual({
      type: 'ERROR',
      payload: { msg: 'No id, token, or key supplied to websocket server' },
    })
    await stranger.ended
  })

  it('somebody with a foreign key is told why and sent away', async () => {
    const stranger = Person.knock(server.port, 'alice', { key: 'other' })
    expect(await stranger.next()).toEqual({ type: 'ERROR', payload: { msg: 'Invalid key provided' } })
    await stranger.ended
  })

  it.each(['OFFER', 'ANSWER', 'CANDIDATE'])('alice sends bob a %s and he gets it as it is', async (type) => {
    const [alice, bob] = [await Person.arrive(server.port, 'alice'), await Person.arrive(server.port, 'bob')]
    const payload = {
      sdp: { sdp: 'v=0 …', type: 'offer' },
      type: 'data',
      connectionId: 'dc_1',
      deep: [{ a: null }],
    }
    alice.say({ type, dst: bob.address, payload })
    expect(await bob.next()).toEqual({ type, src: alice.address, dst: bob.address, payload })
  })

  it('alice leaves bob and he is told so', async () => {
    const [alice, bob] = [await Person.arrive(server.port, 'alice'), await Person.arrive(server.port, 'bob')]
    alice.say({ type: 'LEAVE', dst: bob.address })
    expect(await bob.next()).toEqual({ type: 'LEAVE', src: alice.address, dst: bob.address })
  })

  it('mallory cannot speak in the name of alice, nor add fields', async () => {
    const [mallory, bob] = [
      await Person.arrive(server.port, 'mallory'),
      await Person.arrive(server.port, 'bob'),
    ]
    mallory.say({ type: 'OFFER', src: home('alice'), dst: bob.address, payload: { a: 1 }, extra: true })
    const heard = await bob.next()
    expect(heard).toEqual({ type: 'OFFER', src: mallory.address, dst: bob.address, payload: { a: 1 } })
  })

  it('bob, who comes a moment later, still gets what alice sent him, in order', async () => {
    const alice = await Person.arrive(server.port, 'alice')
    alice.offer(home('bob'), 'dc_1')
    alice.say({ type: 'CANDIDATE', dst: home('bob'), payload: { candidate: 1, connectionId: 'dc_1' } })
    await alice.everythingSoFar()
    const bob = await Person.arrive(server.port, 'bob')
    expect(await bob.next()).toMatchObject({ type: 'OFFER', src: alice.address })
    expect(await bob.next()).toMatchObject({
      type: 'CANDIDATE',
      src: alice.address,
      payload: { candidate: 1 },
    })
    bob.answer(alice.address, 'dc_1')
    expect(await alice.next()).toMatchObject({ type: 'ANSWER', src: bob.address })
  })

  it('alice calls somebody who does not come, and gets one EXPIRE that names him', async () => {
    const alice = await Person.arrive(server.port, 'alice')
    alice.offer(home('nobody'), 'dc_1')
    alice.say({ type: 'CANDIDATE', dst: home('nobody'), payload: { connectionId: 'dc_1' } })
    expect(await alice.next()).toMatchObject({ type: 'EXPIRE', src: home('nobody') })
    expect(await alice.everythingSoFar()).toEqual([])
  })

  it('bob, who comes too late, gets nothing', async () => {
    const alice = await Person.arrive(server.port, 'alice')
    alice.offer(home('bob'), 'dc_1')
    expect(await alice.next()).toMatchObject({ type: 'EXPIRE' })
    const bob = await Person.arrive(server.port, 'bob')
    expect(await bob.everythingSoFar()).toEqual([])
  })

  it('a heartbeat of alice is answered by silence', async () => {
    const alice = await Person.arrive(server.port, 'alice')
    alice.say({ type: 'HEARTBEAT' })
    expect(await alice.everythingSoFar()).toEqual([])
  })

  it('bob goes without a word, and nobody is told', async () => {
    const [alice, bob] = [await Person.arrive(server.port, 'alice'), await Person.arrive(server.port, 'bob')]
    await introduce(alice, bob)
    await bob.go()
    expect(await alice.everythingSoFar()).toEqual([])
  })

  it('what makes no sense is ignored, and alice and mallory both go on', async () => {
    const [alice, mallory] = [
      await Person.arrive(server.port, 'alice'),
      await Person.arrive(server.port, 'mallory'),
    ]
    mallory.socket.send('no json')
    mallory.say({ type: 'DANCE', dst: alice.address, payload: {} })
    await introduce(mallory, alice)
  })
})

describe('our introducer is stricter', () => {
  let server: Awaited<ReturnType<typeof startOurs>>
  beforeEach(async () => {
    server = await startOurs()
  })
  afterEach(() => server.close())

  it.each([
    ['the token of mallory', { token: tokenOf('mallory') }],
    ['a token that is no token', { token: 'secret' }],
    ['a token in capitals', { token: tokenOf('alice').toUpperCase() }],
    ['the address in capitals', { id: home('alice').toUpperCase() }],
  ])('mallory cannot register the address of alice with %s', async (_how, query) => {
    const alice = await Person.arrive(server.port, 'alice')
    const mallory = Person.knock(server.port, 'alice', query)
    expect(await mallory.next()).toMatchObject({ type: 'ERROR' })
    expect(await mallory.ended).toMatchObject({ code: 1008 })
    expect(await alice.everythingSoFar()).toEqual([])
  })

  it('alice reloads: the new page gets OPEN, the old one ID-TAKEN and its end', async () => {
    const before = await Person.arrive(server.port, 'alice')
    const after = Person.knock(server.port, 'alice')
    expect(await after.next()).toEqual({ type: 'OPEN' })
    expect(await before.next()).toEqual({ type: 'ID-TAKEN', payload: { msg: 'ID is taken' } })
    await before.ended
    const bob = await Person.arrive(server.port, 'bob')
    await introduce(bob, after)
  })

  it('the old page of alice says something more, and it is not heard', async () => {
    const bob = await Person.arrive(server.port, 'bob')
    const before = await Person.arrive(server.port, 'alice')
    before.socket.pause()
    const after = await Person.arrive(server.port, 'alice')
    before.offer(bob.address, 'dc_late')
    before.socket.resume()
    await before.ended
    expect(await bob.everythingSoFar()).toEqual([])
    await introduce(after, bob)
  })

  it('bob is there but silent: alice is told the same as if he were absent, in the order of her calls', async () => {
    const [alice, bob] = [await Person.arrive(server.port, 'alice'), await Person.arrive(server.port, 'bob')]
    alice.offer(home('absent 1'), 'dc_1')
    alice.offer(bob.address, 'dc_2')
    alice.offer(home('absent 2'), 'dc_3')
    const heard = [await alice.next(), await alice.next(), await alice.next()]
    const expire = (src: string): object => ({ type: 'EXPIRE', src, dst: alice.address })
    expect(heard).toEqual([expire(home('absent 1')), expire(bob.address), expire(home('absent 2'))])
  })

  it('bob answers one call of alice and not the other: only the other expires', async () => {
    const [alice, bob] = [await Person.arrive(server.port, 'alice'), await Person.arrive(server.port, 'bob')]
    alice.offer(bob.address, 'dc_1')
    alice.offer(bob.address, 'dc_2')
    bob.answer(alice.address, 'dc_1')
    expect(await alice.next()).toMatchObject({ type: 'ANSWER', payload: { connectionId: 'dc_1' } })
    expect(await alice.next()).toEqual({ type: 'EXPIRE', src: bob.address, dst: alice.address })
    expect(await alice.everythingSoFar()).toEqual([])
    expect(server.introducer.metrics.event('introductions')).toBe(1)
  })

  it('mallory cannot make a call expire, nor answer one that was not for her', async () => {
    const alice = await Person.arrive(server.port, 'alice')
    const mallory = await Person.arrive(server.port, 'mallory')
    alice.offer(home('bob'), 'dc_1')
    mallory.say({ type: 'EXPIRE', src: home('bob'), dst: alice.address, payload: {} })
    mallory.answer(alice.address, 'dc_1')
    expect(await alice.next()).toMatchObject({ type: 'ANSWER', src: mallory.address })
    expect(await alice.next()).toEqual({ type: 'EXPIRE', src: home('bob'), dst: alice.address })
  })

  it('alice says LEAVE to nobody: she is gone, and may come again', async () => {
    const alice = await Person.arrive(server.port, 'alice')
    alice.say({ type: 'LEAVE' })
    expect(await alice.ended).toMatchObject({ code: 1000 })
    expect(server.introducer.stats()).toMatchObject({ registered: 0 })
    await Person.arrive(server.port, 'alice')
  })

  it('nobody is left behind when everybody goes', async () => {
    const [alice, bob] = [await Person.arrive(server.port, 'alice'), await Person.arrive(server.port, 'bob')]
    alice.offer(home('nobody'), 'dc_1')
    expect(await alice.next()).toMatchObject({ type: 'EXPIRE' })
    await Promise.all([alice.go(), bob.go()])
    const nothing = { sockets: 0, registered: 0, waitingMessages: 0, waitingBytes: 0 }
    await expect.poll(() => server.introducer.stats()).toEqual(nothing)
  })

  it('the server stops: everybody is told to come back', async () => {
    const alice = await Person.arrive(server.port, 'alice')
    await server.introducer.close()
    expect(await alice.ended).toMatchObject({ code: 1012 })
  })
})
