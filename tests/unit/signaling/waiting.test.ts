import { describe, expect, it } from 'vitest'
import { IdleWheel } from '../../../signaling/idle-wheel.ts'
import { defaultLimits } from '../../../signaling/limits.ts'
import { PendingOffers } from '../../../signaling/offers.ts'
import { WaitingMessages, type Waiting } from '../../../signaling/queue.ts'

function letter(src: string, dst: string, bytes = 100): Waiting {
  return { src, dst, text: `${src} to ${dst}`, bytes }
}

/** Fills a queue until something is refused; returns how much it took. */
function fill(queue: WaitingMessages, next: (index: number) => Waiting): number {
  let taken = 0
  while (taken < 1e6 && queue.add(next(taken), 0)) taken += 1
  return taken
}

describe('messages wait for somebody absent', () => {
  it('bob comes in time and gets everything in order; nothing is left', () => {
    const queue = new WaitingMessages(defaultLimits)
    queue.add(letter('alice', 'bob'), 0)
    queue.add(letter('carol', 'bob'), 10)
    queue.add(letter('alice', 'dave'), 20)
    expect(queue.take('bob', 4_999).map(({ src }) => src)).toEqual(['alice', 'carol'])
    expect(queue.take('bob', 4_999)).toEqual([])
    expect(queue.load).toEqual({ messages: 1, bytes: 100 })
  })

  it('bob comes too late for the first message, but not for the second', () => {
    const queue = new WaitingMessages(defaultLimits)
    queue.add(letter('alice', 'bob'), 0)
    queue.add(letter('carol', 'bob'), 10)
    expect(queue.nextDeadline).toBe(5_000)
    expect(queue.take('bob', 5_000).map(({ src }) => src)).toEqual(['carol'])
    expect(queue.load).toEqual({ messages: 0, bytes: 0 })
  })

  it('what waited too long is dropped', () => {
    const queue = new WaitingMessages(defaultLimits)
    queue.add(letter('alice', 'bob'), 0)
    queue.add(letter('alice', 'bob'), 1_000)
    expect(queue.dropExpired(5_500)).toBe(1)
    expect(queue.nextDeadline).toBe(6_000)
    expect(queue.dropExpired(6_000)).toBe(1)
    expect(queue.nextDeadline).toBeUndefined()
  })

  it('mallory fills her share of the queue of bob, and alice still has hers', () => {
    const queue = new WaitingMessages(defaultLimits)
    expect(fill(queue, () => letter('mallory', 'bob'))).toBe(64)
    expect(queue.add(letter('alice', 'bob'), 0)).toBe(true)
  })

  it('mallory cannot fill the queues of everybody', () => {
    const queue = new WaitingMessages(defaultLimits)
    expect(fill(queue, (index) => letter('mallory', `person ${index}`, 10_000))).toBe(52)
    expect(queue.add(letter('alice', 'bob'), 0)).toBe(true)
  })

  it('however many send, one person absent and all together have a cap', () => {
    const one = new WaitingMessages(defaultLimits)
    expect(fill(one, (index) => letter(`sender ${index}`, 'bob', 60_000))).toBe(2)
    const all = new WaitingMessages({ ...defaultLimits, waiting: { messages: 7, bytes: 1e9 } })
    expect(fill(all, (index) => letter(`sender ${index}`, `person ${index}`))).toBe(7)
    all.dropExpired(5_000)
    expect(all.add(letter('alice', 'bob'), 5_000)).toBe(true)
  })
})

describe('offers wait for an answer', () => {
  const dial = { src: 'alice', dst: 'bob', connection: 'dc_1' }

  it('an answered offer does not expire, another one does, after exactly five seconds', () => {
    const offers = new PendingOffers(5_000)
    offers.add(dial, 0)
    offers.add({ ...dial, connection: 'dc_2' }, 1)
    expect(offers.answer(dial)).toBe(true)
    expect(offers.answer(dial)).toBe(false)
    expect(offers.takeExpired(5_000)).toEqual([])
    expect(offers.nextDeadline).toBe(5_001)
    expect(offers.takeExpired(5_001)).toEqual([{ ...dial, connection: 'dc_2' }])
    expect(offers.countOf('alice')).toBe(0)
  })

  it('an offer said twice counts once and keeps its first deadline', () => {
    const offers = new PendingOffers(5_000)
    offers.add(dial, 0)
    offers.add(dial, 4_000)
    expect(offers.countOf('alice')).toBe(1)
    expect(offers.takeExpired(5_000)).toEqual([dial])
  })

  it('the offers of somebody who left are forgotten, those of others are not', () => {
    const offers = new PendingOffers(5_000)
    offers.add(dial, 0)
    offers.add({ ...dial, src: 'carol' }, 0)
    offers.forget('alice')
    expect(offers.takeExpired(5_000)).toEqual([{ ...dial, src: 'carol' }])
  })

  it('mallory cannot write a destination that is taken for another call', () => {
    const offers = new PendingOffers(5_000)
    offers.add({ src: 'mallory', dst: 'bob","dc_1', connection: 'x' }, 0)
    expect(offers.answer({ src: 'mallory', dst: 'bob', connection: 'dc_1","x' })).toBe(false)
  })
})

describe('the idle wheel', () => {
  const times = { idleMs: 90_000, sweepMs: 5_000 }

  /** Sweeps for some time; `seen` may change while it does. Returns who was idle, and when. */
  function turn(wheel: IdleWheel<string>, seen: Map<string, number>, until: number): [string, number][] {
    const idle: [string, number][] = []
    for (let now = times.sweepMs; now <= until; now += times.sweepMs) {
      if (seen.has('alice')) seen.set('alice', now - 100)
      for (const name of wheel.sweep(now, (item) => seen.get(item) ?? 0)) idle.push([name, now])
    }
    return idle
  }

  it('bob says nothing and is dropped after 90 s; alice talks and stays for an hour', () => {
    const wheel = new IdleWheel<string>(times)
    wheel.add('alice')
    wheel.add('bob')
    const idle = turn(
      wheel,
      new Map([
        ['alice', 0],
        ['bob', 0],
      ]),
      3_600_000,
    )
    expect(idle).toEqual([['bob', 90_000]])
  })

  it('carol, last heard after 42 s, is dropped after 132 s at the earliest and one sweep later at the latest', () => {
    const wheel = new IdleWheel<string>(times)
    wheel.add('carol')
    const [first] = turn(wheel, new Map([['carol', 42_000]]), 600_000)
    expect(first?.[1]).toBeGreaterThanOrEqual(132_000)
    expect(first?.[1]).toBeLessThanOrEqual(137_000)
  })

  it('somebody who left by himself is not found idle later', () => {
    const wheel = new IdleWheel<string>(times)
    wheel.add('bob')
    wheel.delete('bob')
    expect(turn(wheel, new Map(), 600_000)).toEqual([])
  })
})
