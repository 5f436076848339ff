import { describe, expect, test } from 'vitest'
import { admit, REMEMBERED_MS, type Admission, type ShownInvite } from '../../../src/core/invite.ts'
import { bytesOf, identityOf } from '../../support/samples.ts'

const EXPIRES = 1_000_000_000
const [bob, carol] = [identityOf(2), identityOf(3)]
const base = { secret: bytesOf(16, 1), expires: EXPIRES, via: 'link' } as const

const states: Record<string, ShownInvite> = {
  live: { ...base, state: 'live' },
  claimed: { ...base, state: 'claimed', by: bob },
  spent: { ...base, state: 'spent' },
  withdrawn: { ...base, state: 'withdrawn' },
}
const moments = {
  'in time': EXPIRES - 1,
  'at the last moment': EXPIRES,
  'a moment late': EXPIRES + 1,
  'within the day': EXPIRES + REMEMBERED_MS,
  'a day late': EXPIRES + REMEMBERED_MS + 1,
}
type Row = [Admission, Admission, Admission]

/** State → what nobody yet, Bob who claimed it, and Carol hear; at the five moments above. */
const table: Record<string, Row[]> = {
  live: [
    ...many(2, ['welcome', 'welcome', 'welcome']),
    ...many(2, ['expired', 'expired', 'expired']),
    ['forgotten', 'forgotten', 'forgotten'],
  ],
  claimed: [...many(4, ['welcome', 'welcome', 'used']), ['welcome', 'welcome', 'forgotten']],
  spent: [...many(4, ['used', 'used', 'used']), ['forgotten', 'forgotten', 'forgotten']],
  withdrawn: [...many(4, ['expired', 'expired', 'expired']), ['forgotten', 'forgotten', 'forgotten']],
}

function many(times: number, row: Row): Row[] {
  return Array.from({ length: times }, () => row)
}

describe.each(Object.entries(states))('an invite that is %s', (state, invite) => {
  test.each(Object.entries(moments))('%s', (name, now) => {
    const expected = table[state]?.[Object.keys(moments).indexOf(name)]
    expect([undefined, bob, carol].map((who) => admit(invite, now, who))).toEqual(expected)
  })
})
