import { beforeEach, describe, expect, test } from 'vitest'
import { callId } from '../../../../src/core/ids.ts'
import { keyOf, setup, type Person } from './people.ts'

let world: ReturnType<typeof setup>
let alice: Person
let bob: Person

beforeEach(() => {
  world = setup('alice', 'bob', 'carol')
  alice = world.person('alice')
  bob = world.person('bob')
})

async function ring({ video = false } = {}): Promise<void> {
  alice.calls.call(keyOf('bob'), { video })
  await world.settle()
}

async function talk(how = { video: false }): Promise<void> {
  await ring(how)
  bob.calls.accept()
  await world.settle()
  expect([alice.at(), bob.at()]).toEqual(['active', 'active'])
}

function receives(): string[][] {
  return [...world.media.living].map((side) => Object.keys(side.receives).sort())
}

describe('Alice calls Bob', () => {
  test('it rings at Bob’s, he accepts, and both talk', async () => {
    await ring()
    expect([alice.at(), bob.at()]).toEqual(['ringing-out', 'incoming'])
    expect(bob.devices.given).toEqual([])
    bob.calls.accept()
    await world.settle()
    expect([alice.at(), bob.at()]).toEqual(['active', 'active'])
    expect(receives()).toEqual([['audio'], ['audio']])
    expect(alice.calls.state.current.remote).toBeDefined()
    expect(alice.calls.busy.current).toBe(true)
  })

  test('in a video call both send their pictures', async () => {
    await talk({ video: true })
    expect(receives()).toEqual([
      ['audio', 'video'],
      ['audio', 'video'],
    ])
    expect(alice.calls.state.current.own).toBeDefined()
  })

  test('Bob declines, and nothing of Alice stays open', async () => {
    await ring()
    bob.calls.decline()
    await world.settle()
    expect(alice.calls.state.current.call).toMatchObject({ at: 'ended', reason: 'declined' })
    expect([alice.devices.live, bob.devices.given]).toEqual([[], []])
    expect(world.media.living.size).toBe(0)
  })

  test('nobody answers for 45 s', async () => {
    await ring()
    await world.passes(44_999)
    expect(bob.at()).toBe('incoming')
    await world.passes(1)
    expect(alice.calls.state.current.call).toMatchObject({ at: 'ended', reason: 'no-answer' })
    expect(bob.calls.state.current.call).toMatchObject({ at: 'ended', reason: 'cancelled', by: 'them' })
    await world.passes(4_000)
    expect([alice.at(), bob.at()]).toEqual(['idle', 'idle'])
  })

  test('she changes her mind while it rings', async () => {
    await ring()
    alice.calls.hangUp()
    await world.settle()
    expect(bob.calls.state.current.call).toMatchObject({ at: 'ended', reason: 'cancelled', by: 'them' })
    expect(bob.calls.busy.current).toBe(false)
    expect(alice.devices.live).toEqual([])
  })

  test('Bob is talking to Carol', async () => {
    const carol = world.person('carol')
    carol.calls.call(keyOf('bob'), { video: false })
    await world.settle()
    bob.calls.accept()
    await world.settle()
    await ring()
    expect(alice.calls.state.current.call).toMatchObject({ at: 'ended', reason: 'busy' })
    expect([bob.at(), carol.at()]).toEqual(['active', 'active'])
  })

  test('Bob calls her at the same moment: one call, one connection, both cameras as each wished', async () => {
    alice.calls.call(keyOf('bob'), { video: false })
    bob.calls.call(keyOf('alice'), { video: true })
    await world.settle()
    expect([alice.at(), bob.at()]).toEqual(['active', 'active'])
    expect(world.media.living.size).toBe(2)
    expect(receives().flat().sort()).toEqual(['audio', 'audio', 'video'])
    expect(bob.devices.given).toHaveLength(2)
  })

  test('hanging up ends it for both and closes every device', async () => {
    await talk({ video: true })
    expect([...alice.devices.live, ...bob.devices.live]).toHaveLength(4)
    await world.passes(65_000)
    bob.calls.hangUp()
    await world.settle()
    expect(alice.calls.state.current.call).toMatchObject({ reason: 'hung-up', by: 'them', lasted: 65_000 })
    expect([alice.devices.live, bob.devices.live]).toEqual([[], []])
    expect(world.media.living.size).toBe(0)
  })
})

describe('during the call', () => {
  test('Bob sees that Alice muted herself, and hears nothing', async () => {
    await talk()
    alice.calls.setMuted(true)
    await world.settle()
    expect(bob.calls.state.current.call).toMatchObject({ theirs: { muted: true } })
    expect(alice.devices.given[0]?.enabled).toBe(false)
    alice.calls.setMuted(false)
    await world.settle()
    expect(bob.calls.state.current.call).toMatchObject({ theirs: { muted: false } })
    expect(alice.devices.given[0]?.enabled).toBe(true)
  })

  test('Alice starts her camera in a voice call, and its light goes out when she stops it', async () => {
    await talk()
    alice.calls.setCamera(true)
    await world.settle()
    expect(receives().flat()).toContain('video')
    expect(bob.calls.state.current.call).toMatchObject({ theirs: { camera: true } })
    alice.calls.setCamera(false)
    await world.settle()
    expect(alice.devices.live).toEqual(['audio'])
    expect(receives().flat()).not.toContain('video')
    expect(bob.calls.state.current.call).toMatchObject({ theirs: { camera: false } })
  })

  test('a camera that is given after it was no longer wanted is let go', async () => {
    await talk()
    alice.devices.ask()
    alice.calls.setCamera(true)
    alice.calls.setCamera(false)
    alice.devices.answer()
    await world.settle()
    expect(alice.devices.given.map(({ kind, readyState }) => [kind, readyState])).toContainEqual([
      'video',
      'ended',
    ])
    expect(alice.calls.state.current.own).toBeUndefined()
  })

  test('an unplugged microphone is replaced; without another, Bob sees that she is muted', async () => {
    await talk()
    alice.devices.given[0]?.unplug()
    await world.settle()
    expect(alice.devices.live).toEqual(['audio'])
    alice.devices.troubles = { audio: 'missing' }
    alice.devices.given[1]?.unplug()
    await world.settle()
    expect(alice.calls.state.current.troubles).toEqual({ audio: 'missing' })
    expect(bob.calls.state.current.call).toMatchObject({ theirs: { muted: true } })
  })
})

describe('devices that say no', () => {
  test('Alice’s camera is refused: the call goes on with her voice, and she is told', async () => {
    alice.devices.troubles = { video: 'refused' }
    await talk({ video: true })
    expect(alice.calls.state.current.troubles).toEqual({ video: 'refused' })
    expect(bob.calls.state.current.call).toMatchObject({ theirs: { camera: false, muted: false } })
    alice.devices.troubles = {}
    alice.calls.setCamera(true)
    await world.settle()
    expect(alice.calls.state.current.troubles).toEqual({})
    expect(bob.calls.state.current.call).toMatchObject({ theirs: { camera: true } })
  })

  test('Bob has no microphone: he listens, Alice sees him muted, and "Unmute" asks again', async () => {
    bob.devices.troubles = { audio: 'missing' }
    await talk()
    expect(bob.calls.state.current).toMatchObject({
      troubles: { audio: 'missing' },
      call: { mine: { muted: true } },
    })
    expect(alice.calls.state.current.call).toMatchObject({ theirs: { muted: true } })
    bob.devices.troubles = {}
    bob.calls.setMuted(false)
    await world.settle()
    expect(alice.calls.state.current.call).toMatchObject({ theirs: { muted: false } })
    expect(receives()).toEqual([['audio'], ['audio']])
  })

  test('the browser’s question stays open: the call is set up after 4 s and the voice joins later', async () => {
    bob.devices.ask()
    await ring()
    bob.calls.accept()
    await world.settle()
    expect([alice.at(), bob.at()]).toEqual(['connecting', 'connecting'])
    await world.passes(4_000)
    expect([alice.at(), bob.at()]).toEqual(['active', 'active'])
    expect(receives().flat()).toEqual(['audio'])
    bob.devices.answer()
    await world.settle()
    expect(receives().flat()).toEqual(['audio', 'audio'])
  })

  test('a microphone that is given after the hang-up is let go at once', async () => {
    alice.devices.ask()
    await ring()
    alice.calls.hangUp()
    alice.devices.answer()
    await world.settle()
    expect(alice.devices.given).toHaveLength(1)
    expect(alice.devices.live).toEqual([])
  })
})

describe('the network fails', () => {
  test('without a link they go on talking, and the next link tells each what the other missed', async () => {
    await talk()
    world.cut()
    alice.calls.setMuted(true)
    await world.passes(120_000)
    expect([alice.at(), bob.at()]).toEqual(['active', 'active'])
    expect(bob.calls.state.current.call).toMatchObject({ theirs: { muted: false } })
    world.relink()
    await world.settle()
    expect(bob.calls.state.current.call).toMatchObject({ theirs: { muted: true } })
  })

  test('interrupted media finds a new way after 2 s without a new connection', async () => {
    await talk()
    const before = [...world.media.living]
    world.media.interrupt()
    expect(alice.calls.state.current.call).toMatchObject({ flow: 'interrupted' })
    await world.passes(1_999)
    expect(alice.calls.state.current.call).toMatchObject({ flow: 'interrupted' })
    await world.passes(1)
    expect([...world.media.living]).toEqual(before)
    expect(Math.max(...before.map(({ ways }) => ways))).toBe(2)
    expect(alice.calls.state.current.call).toMatchObject({ at: 'active', flow: 'flowing' })
  })

  test('link and media fail together: the new link brings the media back', async () => {
    await talk()
    world.cut()
    world.media.interrupt()
    await world.passes(20_000)
    expect(alice.calls.state.current.call).toMatchObject({ at: 'active', flow: 'interrupted' })
    world.relink()
    await world.settle()
    expect([alice, bob].map(({ calls }) => calls.state.current.call)).toMatchObject([
      { flow: 'flowing' },
      { flow: 'flowing' },
    ])
  })

  test('media that died is made anew while the link lives', async () => {
    await talk()
    const before = [...world.media.living]
    world.media.kill()
    await world.settle()
    expect(world.media.living.size).toBe(0)
    await world.passes(1_000)
    expect(world.media.living.size).toBe(2)
    expect([...world.media.living].some((side) => before.includes(side))).toBe(false)
    expect(receives()).toEqual([['audio'], ['audio']])
    expect(alice.calls.state.current.call).toMatchObject({ flow: 'flowing' })
  })

  test('media that died only on Bob’s side is made anew at his request', async () => {
    await talk()
    const [hers, his] = [...world.media.living]
    his?.vanish()
    expect([...world.media.living]).toEqual([hers])
    expect([alice, bob].map(({ calls }) => calls.state.current.call)).toMatchObject([
      { flow: 'flowing' },
      { flow: 'interrupted' },
    ])
    await world.passes(1_000)
    expect(world.media.living.size).toBe(2)
    expect([...world.media.living]).not.toContain(hers)
    expect(receives()).toEqual([['audio'], ['audio']])
  })

  test('media and link died together: the new link brings new media', async () => {
    await talk()
    world.media.kill()
    world.cut()
    await world.passes(5_000)
    expect(world.media.living.size).toBe(0)
    world.relink()
    await world.settle()
    expect(world.media.living.size).toBe(2)
    expect(bob.calls.state.current.call).toMatchObject({ flow: 'flowing' })
  })

  test('after 45 s of silence it is over, and said so', async () => {
    await talk()
    world.cut()
    world.media.interrupt()
    await world.passes(45_000)
    expect(alice.calls.state.current.call).toMatchObject({ at: 'ended', reason: 'lost' })
    expect([alice.devices.live, bob.devices.live]).toEqual([[], []])
  })

  test('Bob hung up while there was no link: Alice learns it on the next one', async () => {
    await talk()
    world.cut()
    bob.calls.hangUp()
    await world.passes(3_000)
    expect(alice.at()).toBe('active')
    world.relink()
    await world.settle()
    expect(alice.calls.state.current.call).toMatchObject({ at: 'ended', reason: 'hung-up', by: 'them' })
  })

  test('the link breaks right after Bob accepted: the call is set up on the next one', async () => {
    await ring()
    bob.calls.accept()
    world.cut()
    await world.passes(5_000)
    expect([alice.at(), bob.at()]).toEqual(['calling', 'connecting'])
    world.relink()
    await world.passes(5_000)
    expect([alice.at(), bob.at()]).toEqual(['active', 'active'])
  })
})

describe('somebody lies', () => {
  test('Carol can neither answer nor end what Alice and Bob say to each other', async () => {
    await ring()
    const { call } = alice.calls.state.current
    if (call.at === 'idle') throw new Error('it should ring')
    world.person('carol').forge('alice', { step: 'accept', video: true, call: call.call })
    world.person('carol').forge('bob', { step: 'end', call: call.call })
    await world.settle()
    expect([alice.at(), bob.at()]).toEqual(['ringing-out', 'incoming'])
  })

  test('signals for a call that is not, or from somebody else, open nothing', async () => {
    const offer = { lane: '0'.repeat(16), signal: { type: 'offer', sdp: 'v=0' } } as const
    bob.calls.onSignal(keyOf('carol'), callId('9'.repeat(32)), offer)
    expect(world.media.living.size).toBe(0)
    await talk()
    const { call } = bob.calls.state.current
    if (call.at === 'idle') throw new Error('they should be talking')
    bob.calls.onSignal(keyOf('carol'), call.call, offer)
    await world.settle()
    expect(world.media.living.size).toBe(2)
    expect(bob.at()).toBe('active')
  })
})
