import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chargeMalformed,
  chargeMessage,
  crowded,
  defaultLimits,
  fullBucket,
  grow,
  newAllowance,
  noLoad,
  pay,
  shrink,
  tooSlow,
  type Allowance,
} from '../../../signaling/limits.ts'

const limits = defaultLimits

/** Says so many messages of so many bytes at one moment; returns how many were taken. */
function sayMany(start: Allowance, count: number, { bytes, now }: { bytes: number; now: number }): number {
  let allowance = start
  for (let taken = 0; taken < count; taken += 1) {
    const charge = chargeMessage(allowance, bytes, { limits, now })
    if (charge.kind === 'over') return taken
    allowance = charge.allowance
  }
  return count
}

describe('the pace of one person', () => {
  it('alice dials fifty contacts at once: an offer of 2 KiB and seven candidates each', () => {
    expect(sayMany(newAllowance(limits, 0), 50 * 8, { bytes: (2048 + 7 * 300) / 8, now: 0 })).toBe(400)
  })

  it('mallory, who says one message more, is over the limit', () => {
    expect(sayMany(newAllowance(limits, 0), 401, { bytes: 10, now: 0 })).toBe(400)
  })

  it('mallory, who says few but huge things, is over the limit of bytes', () => {
    const taken = sayMany(newAllowance(limits, 0), 400, { bytes: limits.messageBytes, now: 0 })
    expect(taken).toBe(limits.bytes.burst / limits.messageBytes)
  })

  it('alice, who said everything she may, may say sixty things a second later', () => {
    const rate = limits.messages
    const empty = pay(fullBucket(rate, 0), rate.burst, { rate, now: 0 })
    expect(empty).toEqual({ tokens: 0, at: 0 })
    if (!empty) return
    expect(pay(empty, 1, { rate, now: 10 })).toBeUndefined()
    expect(pay(empty, 60, { rate, now: 1000 })).toEqual({ tokens: 0, at: 1000 })
    expect(pay(empty, 61, { rate, now: 1000 })).toBeUndefined()
  })

  it('nobody saves up more than the burst, and a clock that goes back gives nothing', () => {
    const rate = { burst: 5, perSecond: 1 }
    expect(pay({ tokens: 5, at: 0 }, 6, { rate, now: 1e9 })).toBeUndefined()
    expect(pay({ tokens: 0, at: 1000 }, 1, { rate, now: 0 })).toBeUndefined()
  })

  it('however somebody spreads what he says, he says at most burst + rate × time', () => {
    const rate = { burst: 10, perSecond: 4 }
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 200 }), (pauses) => {
        let now = 0
        let bucket = fullBucket(rate, now)
        let said = 0
        for (const pause of pauses) {
          now += pause
          const paid = pay(bucket, 1, { rate, now })
          if (!paid) continue
          bucket = paid
          said += 1
        }
        expect(said).toBeLessThanOrEqual(rate.burst + (rate.perSecond * now) / 1000)
      }),
    )
  })

  it('ten things that make no sense are forgiven, the eleventh is not, ten seconds later one more is', () => {
    let allowance = newAllowance(limits, 0)
    for (let index = 0; index < 10; index += 1) {
      const charge = chargeMalformed(allowance, { limits, now: 0 })
      if (charge.kind === 'paid') allowance = charge.allowance
    }
    expect(chargeMalformed(allowance, { limits, now: 0 })).toEqual({ kind: 'over', limit: 'malformed' })
    expect(chargeMalformed(allowance, { limits, now: 10_000 }).kind).toBe('paid')
  })
})

describe('how much may be held', () => {
  it('a load grows up to its cap and shrinks to nothing again', () => {
    const cap = { messages: 2, bytes: 100 }
    const one = grow(noLoad, 60, cap)
    expect(one).toEqual({ messages: 1, bytes: 60 })
    expect(one && grow(one, 41, cap)).toBeUndefined()
    const two = one && grow(one, 40, cap)
    expect(two && grow(two, 0, cap)).toBeUndefined()
    expect(one && shrink(one, 60)).toEqual(noLoad)
  })

  it('what waited for bob never makes him a slow consumer when it is delivered', () => {
    expect(limits.waitingPerDestination.bytes * 2).toBeLessThanOrEqual(limits.slowConsumerBytes)
  })

  it('bob is too slow when more than 256 KiB would be on the way to him', () => {
    expect(tooSlow(0, 256 * 1024, limits)).toBe(false)
    expect(tooSlow(1, 256 * 1024, limits)).toBe(true)
  })
})

describe('how many may come', () => {
  it('five hundred of one network, twenty thousand altogether', () => {
    expect(crowded({ sockets: 499, sameNetwork: 499 }, limits)).toBeUndefined()
    expect(crowded({ sockets: 500, sameNetwork: 500 }, limits)).toBe('network')
    expect(crowded({ sockets: 20_000, sameNetwork: 0 }, limits)).toBe('sockets')
  })
})
