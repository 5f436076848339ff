import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import { fromHex } from '../../../src/core/bytes.ts'
import { doorOfInvite } from '../../../src/crypto/bind.ts'
import { actor, doorBetween, meet, relay, wire, type Actor } from '../../support/meeting.ts'
import { bytesOf } from '../../support/samples.ts'

const [alice, bob] = [await actor('Canary Alice', 1), await actor('Canary Bob', 2)]
const pair = doorBetween(alice, bob)
const invite = doorOfInvite(bytesOf(16, 7))

/** Alice reaches Mallory, who reaches Bob: two wires, four certificates, and everything passed on. */
function inTheMiddle(tamper?: (bytes: Bytes) => Bytes | undefined) {
  const seen: Bytes[] = []
  const [hers, toAlice] = wire((bytes) => seen.push(bytes))
  const [toBob, his] = wire((bytes) => seen.push(bytes))
  relay(toAlice, toBob, tamper)
  return { ends: [hers, his] as const, seen }
}

function secretsOf({ secrets, incarnation, profile }: Actor): Uint8Array[] {
  const keys = [secrets.identity, incarnation.id, profile.address].map(fromHex)
  return [...keys, incarnation.signature, secrets.knockKey, new TextEncoder().encode(profile.name)]
}

describe.each([
  ['two who know each other', pair, alice.secrets.identity],
  ['two who meet by invite', invite, undefined],
])('mallory between %s', (_, keys, expectedByBob) => {
  const dialer = { me: alice, keys, expects: bob.secrets.identity }
  const listener = { me: bob, keys, expects: expectedByBob }

  test('who passes on every byte is noticed by both', async () => {
    const { ends } = inTheMiddle()
    const [hers, his] = await meet(dialer, listener, ends)
    expect(hers).toMatchObject({ result: 'intercepted', identity: bob.secrets.identity })
    expect(his).toMatchObject({ result: 'intercepted', identity: expectedByBob })
  })

  test('learns no key, no name and no address from what passes through', async () => {
    const { ends, seen } = inTheMiddle()
    await meet(dialer, listener, ends)
    const all = Buffer.concat(seen)
    expect(all.length).toBeGreaterThan(500)
    for (const canary of [alice, bob].flatMap(secretsOf)) {
      expect(all.includes(Buffer.from(canary))).toBe(false)
      expect(all.includes(Buffer.from(canary).toString('hex'))).toBe(false)
    }
  })

  test('who changes a bit anywhere ends with no link on either side', async () => {
    for (const each of [0, 1, 2, 3]) {
      let count = 0
      const { ends } = inTheMiddle((bytes) => {
        const mine = count++ === each
        return mine ? bytes.with(bytes.length - 1, 1 ^ (bytes.at(-1) ?? 0)) : bytes
      })
      const both = await meet(dialer, listener, ends)
      expect(both.map(({ result }) => result)).not.toContain('bound')
    }
  })

  test('who swallows an answer ends with no link on either side', async () => {
    for (const each of [2, 3]) {
      let count = 0
      const { ends } = inTheMiddle((bytes) => (count++ === each ? undefined : bytes))
      const expired = new Promise<void>((resolve) => setTimeout(resolve, 50))
      const both = await meet({ ...dialer, expired }, { ...listener, expired }, ends)
      expect(both.map(({ result }) => result)).not.toContain('bound')
    }
  })
})
