import { describe, expect, test } from 'vitest'
import { betterTrust, type Trust } from '../../../src/core/contact.ts'
import { confirmed, deliveredAt, NOWHERE, statusOf, type Reach } from '../../../src/core/status.ts'

const seqs = [1, 2, 3, 4, 5, 6]
const words = (...reaches: Reach[]) => seqs.map((seq) => statusOf(seq, reaches))

describe('a tick', () => {
  test('never claims more than a receipt or the open link proves', () => {
    expect(words({ delivered: 3, sent: 5 })).toEqual([
      ...['Delivered', 'Delivered', 'Delivered', 'Sent', 'Sent', 'Waiting'],
    ])
    expect(statusOf(1, [NOWHERE])).toBe('Waiting')
  })

  test('tells of several people what holds for all of them, but that it left as soon as it left for one', () => {
    expect(words({ delivered: 2, sent: 5 }, { delivered: 4, sent: 4 })).toEqual([
      ...['Delivered', 'Delivered', 'Sent', 'Sent', 'Sent', 'Waiting'],
    ])
    expect(words({ delivered: 6, sent: 6 }, NOWHERE)).toEqual(Array<string>(6).fill('Sent'))
  })

  test('is Read when all have read it, and not before', () => {
    const bob: Reach = { delivered: 5, sent: 5, read: 4 }
    expect(words(bob)).toEqual(['Read', 'Read', 'Read', 'Read', 'Delivered', 'Waiting'])
    expect(words(bob, { ...bob, read: 2 })).toEqual([
      ...['Read', 'Read', 'Delivered', 'Delivered', 'Delivered', 'Waiting'],
    ])
    expect(words(bob, { delivered: 5, sent: 5 })).toEqual([...Array<string>(5).fill('Delivered'), 'Waiting'])
  })

  test('has nowhere to go in a chat with nobody else: it has arrived, and nobody read it', () => {
    expect(words()).toEqual(Array<string>(6).fill('Delivered'))
  })
})

describe('a receipt', () => {
  test('says how far, and that so much was sent', () => {
    expect(confirmed(NOWHERE, 4, 100)).toEqual({ delivered: 4, sent: 4, steps: [[4, 100]] })
    expect(confirmed({ delivered: 1, sent: 9 }, 4, 100)).toMatchObject({ delivered: 4, sent: 9 })
  })

  test('leaves what else is known of them as it is', () => {
    const reach = { delivered: 1, sent: 1, read: 1, peer: 'bob' }
    expect(confirmed(reach, 2, 100)).toMatchObject({ read: 1, peer: 'bob' })
  })

  test('tells when each record came: with the first receipt that covers it', () => {
    const reach = [3, 5, 9].reduce((now, seq) => confirmed(now, seq, seq * 100), NOWHERE)
    expect([1, 3, 4, 5, 6, 9, 10].map((seq) => deliveredAt(seq, reach))).toEqual([
      ...[300, 300, 500, 500, 900, 900, undefined],
    ])
    expect(deliveredAt(1, NOWHERE)).toBeUndefined()
  })

  test('is forgotten after so many others, and no later one is taken for it', () => {
    let reach: Reach = NOWHERE
    for (let seq = 1; seq <= 40; seq++) reach = confirmed(reach, seq, seq * 100)
    expect(reach.steps).toHaveLength(32)
    // The oldest that is left may stand for others before it.
    expect([1, 8, 9, 10, 40].map((seq) => deliveredAt(seq, reach))).toEqual([
      ...[undefined, undefined, undefined, 1_000, 4_000],
    ])
  })
})

test('a new meeting in person raises trust, and a new link never lowers it', () => {
  const rising: Trust[] = ['unverified', 'private-invite', 'verified']
  for (const [i, a] of rising.entries()) {
    for (const [j, b] of rising.entries()) expect(betterTrust(a, b)).toBe(rising[Math.max(i, j)])
  }
})
