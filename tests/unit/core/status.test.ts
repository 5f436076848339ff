import { expect, test } from 'vitest'
import { betterTrust, type Trust } from '../../../src/core/contact.ts'
import { NOWHERE, statusOf } from '../../../src/core/status.ts'

test('a tick never claims more than a receipt or the open link proves', () => {
  const reach = { delivered: 3, sent: 5 }
  expect([1, 3, 4, 5, 6].map((seq) => statusOf(seq, reach))).toEqual([
    ...['Delivered', 'Delivered', 'Sent', 'Sent', 'Waiting'],
  ])
  expect(statusOf(1, NOWHERE)).toBe('Waiting')
})

test('a new meeting in person raises trust, and a new link never lowers it', () => {
  const rising: Trust[] = ['unverified', 'private-invite', 'verified']
  for (const [i, a] of rising.entries()) {
    for (const [j, b] of rising.entries()) expect(betterTrust(a, b)).toBe(rising[Math.max(i, j)])
  }
})
