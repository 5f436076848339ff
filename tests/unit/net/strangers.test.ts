import { describe, expect, test } from 'vitest'
import { encodeBindFrame } from '../../../src/protocol/bind.ts'
import { actor, bindSide, doorBetween, meet, relay, turns, wire } from '../../support/meeting.ts'
import { bytesOf } from '../../support/samples.ts'

const [alice, bob] = [await actor('Alice', 1), await actor('Bob', 2)]
const [aliceKey, bobKey] = [alice.secrets.identity, bob.secrets.identity]
const pair = doorBetween(alice, bob)
const [aliceSide, bobSide] = [
  { me: alice, keys: pair, expects: bobKey },
  { me: bob, keys: pair, expects: aliceKey },
]

describe('somebody odd at the other end', () => {
  const hello = (min: number, max: number) =>
    encodeBindFrame({ type: 'hello', nonce: bytesOf(16, 1), min, max })
  const says = async (role: 'dialer' | 'listener', ...words: Uint8Array[]) => {
    const [near, far] = wire()
    let late = (): void => undefined
    const expired = new Promise<void>((resolve) => (late = resolve))
    for (const word of words) far.send(new Uint8Array(word))
    turns.after(0, () =>
      turns.after(0, () => turns.after(0, () => turns.after(0, () => setTimeout(late, 20)))),
    )
    return (await bindSide(near, { ...aliceSide, role, expired })).result
  }
  const proof = encodeBindFrame({ type: 'proof', sealed: bytesOf(200, 1) })
  const verdict = encodeBindFrame({ type: 'verdict', sealed: bytesOf(60, 1) })

  test('who says nothing, or garbage, or too much, is nobody', async () => {
    const odd = [
      new Uint8Array(),
      bytesOf(5, 0xff),
      bytesOf(65_537, 0),
      proof,
      new TextEncoder().encode('hello'),
    ]
    for (const role of ['dialer', 'listener'] as const) {
      expect(await says(role)).toBe('silent')
      for (const word of odd) expect(await says(role, word)).toBe('silent')
    }
  })

  test('who speaks a newer language is asked to wait until we are updated', async () => {
    for (const role of ['dialer', 'listener'] as const)
      expect(await says(role, hello(3, 4))).toBe('we-must-update')
  })

  test('who speaks the language of the first issue alone is told to update', async () => {
    for (const role of ['dialer', 'listener'] as const)
      expect(await says(role, hello(1, 1))).toBe('they-must-update')
  })

  test('who keeps our proof without an answer, or answers nonsense, has broken something', async () => {
    expect(await says('dialer', hello(1, 2))).toBe('broken')
    expect(await says('dialer', hello(1, 2), bytesOf(5, 0xff))).toBe('broken')
    expect(await says('dialer', hello(1, 2), proof)).toBe('broken')
    expect(await says('dialer', hello(1, 2), verdict)).toBe('broken')
    expect(await says('listener', hello(1, 2), verdict)).toBe('silent')
  })

  test('who throws everything back proves nothing', async () => {
    for (const [role, result] of [
      ['dialer', 'broken'],
      ['listener', 'silent'],
    ] as const) {
      const [near, far] = wire()
      far.listen({ message: (bytes) => far.send(bytes), drained: () => undefined, closed: () => undefined })
      const expired = new Promise<void>((resolve) => setTimeout(resolve, 50))
      expect((await bindSide(near, { ...aliceSide, role, expired })).result).toBe(result)
    }
  })

  test('who says again what bob said yesterday is nobody', async () => {
    const heard: Uint8Array<ArrayBuffer>[] = []
    const [near, far] = wire()
    const [tapped, end] = wire()
    relay(far, tapped)
    const yesterday = meet(bobSide, aliceSide, [recorded(near, heard), end])
    expect((await yesterday)[0].result).toBe('intercepted')
    expect(heard).toHaveLength(2)
    expect(await says('listener', ...heard)).toBe('silent')
  })

  test('who has no certificate, or two, is broken', async () => {
    const [near, far] = wire()
    const bare = { ...plain(near), certificates: () => Promise.resolve(undefined) }
    const [hers] = await meet(aliceSide, bobSide, [bare, far])
    expect(hers).toMatchObject({ result: 'broken', identity: bobKey })
  })
})

function plain(channel: ReturnType<typeof wire>[0]) {
  return {
    listen: channel.listen.bind(channel),
    send: channel.send.bind(channel),
    waiting: 0,
    certificates: channel.certificates.bind(channel),
    path: channel.path.bind(channel),
    close: channel.close.bind(channel),
  }
}

function recorded(channel: ReturnType<typeof wire>[0], into: Uint8Array<ArrayBuffer>[]) {
  return {
    ...plain(channel),
    send: (bytes: Uint8Array<ArrayBuffer>) => {
      into.push(bytes.slice())
      channel.send(bytes)
    },
  }
}
