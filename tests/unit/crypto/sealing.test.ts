import { expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import {
  doorOfInvite,
  doorOfPair,
  meetingMac,
  sealContext,
  transcriptBytes,
} from '../../../src/crypto/bind.ts'
import { fitsKnock, makeKnock } from '../../../src/crypto/knock.ts'
import { open, seal, sealingKey } from '../../../src/crypto/seal.ts'
import { createVault, openVault } from '../../../src/crypto/vault.ts'
import { addressOfNumber, bytesOf, identityOf, incarnationOf } from '../../support/samples.ts'

const key = bytesOf(32, 1)
const parties = { caller: addressOfNumber(1), callee: addressOfNumber(2) }

function eachBitTurned(bytes: Bytes): Bytes[] {
  return [...bytes.keys()].map((at) => bytes.with(at, (bytes[at] ?? 0) ^ 1))
}

test('a knock fits its key, its caller and its door, and no others', () => {
  const knock = makeKnock(key, parties, bytesOf(8, 9))
  expect(knock).toHaveLength(24)
  expect(fitsKnock(key, parties, knock)).toBe(true)
  expect(fitsKnock(bytesOf(32, 2), parties, knock)).toBe(false)
  expect(fitsKnock(key, { caller: parties.callee, callee: parties.caller }, knock)).toBe(false)
  expect(fitsKnock(key, { ...parties, caller: addressOfNumber(3) }, knock)).toBe(false)
  expect(fitsKnock(key, { ...parties, callee: addressOfNumber(3) }, knock)).toBe(false)
  for (const changed of eachBitTurned(knock)) expect(fitsKnock(key, parties, changed)).toBe(false)
  for (const odd of [knock.slice(1), new Uint8Array([...knock, 0]), new Uint8Array()]) {
    expect(fitsKnock(key, parties, odd)).toBe(false)
  }
})

test('what is sealed opens with its key in its context, and not otherwise', async () => {
  const [mine, other] = [await sealingKey(key), await sealingKey(bytesOf(32, 2))]
  const [plain, context] = [bytesOf(20, 5), bytesOf(4, 6)]
  const sealed = await seal(mine, plain, context)
  expect(await open(mine, sealed, context)).toEqual(plain)
  expect(await open(other, sealed, context)).toBeUndefined()
  expect(await open(mine, sealed, bytesOf(4, 7))).toBeUndefined()
  for (const changed of eachBitTurned(sealed)) expect(await open(mine, changed, context)).toBeUndefined()
  for (let cut = 0; cut < sealed.length; cut++) {
    expect(await open(mine, sealed.slice(0, cut), context)).toBeUndefined()
  }
  expect(await seal(mine, plain, context)).not.toEqual(sealed)
})

test('what a proof signs and where its seal opens differs with every single thing it is about', () => {
  const base = {
    role: 'dialer' as const,
    nonces: { dialer: bytesOf(16, 1), listener: bytesOf(16, 2) },
    versions: { dialer: [1, 2] as [number, number], listener: [3, 4] as [number, number] },
    identity: identityOf(1),
    incarnation: incarnationOf(1),
    own: bytesOf(32, 3),
    theirs: bytesOf(32, 4),
    answers: bytesOf(40, 5),
  }
  const variants = [
    base,
    { ...base, role: 'listener' as const },
    { ...base, nonces: { dialer: base.nonces.listener, listener: base.nonces.dialer } },
    { ...base, versions: { dialer: base.versions.listener, listener: base.versions.dialer } },
    { ...base, versions: { ...base.versions, dialer: [1, 3] as [number, number] } },
    { ...base, identity: identityOf(2) },
    { ...base, incarnation: { ...base.incarnation, madeAt: 2 } },
    { ...base, incarnation: { ...base.incarnation, id: incarnationOf(2).id } },
    { ...base, incarnation: { ...base.incarnation, signature: bytesOf(64, 2) } },
    { ...base, own: base.theirs, theirs: base.own },
    { ...base, answers: bytesOf(40, 6) },
    { ...base, answers: new Uint8Array() },
  ]
  const said = variants.map((one) => Buffer.from(transcriptBytes(one)).toString('hex'))
  expect(new Set(said).size).toBe(variants.length)
  const macs = variants.map((one) => Buffer.from(meetingMac(key, transcriptBytes(one))).toString('hex'))
  expect(new Set(macs).size).toBe(variants.length)
  const places = [
    sealContext('proof', base),
    sealContext('verdict', base),
    sealContext('proof', { ...base, role: 'listener' }),
  ]
  expect(new Set(places.map((place) => Buffer.from(place).toString('hex'))).size).toBe(3)
})

test('no key of a door has two uses, and no two doors share one', () => {
  const { knock, seal: sealing, bind } = doorOfInvite(bytesOf(16, 1))
  const pair = doorOfPair(key)
  const keys = [knock, sealing, bind ?? knock, pair.knock, pair.seal, doorOfInvite(bytesOf(16, 2)).knock]
  expect(new Set(keys.map((one) => Buffer.from(one).toString('hex'))).size).toBe(6)
  expect(pair.bind).toBeUndefined()
})

test('a row opens only in its own place, a lookup hides the name, and another device finds neither', async () => {
  const [{ vault, slot }, { vault: other }] = [await createVault(), await createVault()]
  const row = await vault.seal(bytesOf(64, 1), 'records/aa')
  expect(await vault.open(row, 'records/aa')).toEqual(bytesOf(64, 1))
  await expect(vault.open(row, 'records/ab')).rejects.toThrow('does not open')
  await expect(vault.open(row, 'contacts/aa')).rejects.toThrow('does not open')
  await expect(other.open(row, 'records/aa')).rejects.toThrow('does not open')
  for (const changed of eachBitTurned(row).slice(0, 40)) {
    await expect(vault.open(changed, 'records/aa')).rejects.toThrow('does not open')
  }
  expect(vault.lookup('contacts/Bob')).toMatch(/^[0-9a-f]{24}$/)
  expect(vault.lookup('contacts/Bob')).not.toBe(other.lookup('contacts/Bob'))
  expect(vault.lookup('contacts/Bob')).not.toBe(vault.lookup('contacts/Bo'))

  const again = await openVault(slot)
  expect(await again.open(row, 'records/aa')).toEqual(bytesOf(64, 1))
  expect(again.lookup('contacts/Bob')).toBe(vault.lookup('contacts/Bob'))
})

test('the key of a device cannot be taken out, and opens only its own vault', async () => {
  const [{ slot }, { slot: other }] = [await createVault(), await createVault()]
  expect(slot.key.extractable).toBe(false)
  expect((await sealingKey(key)).extractable).toBe(false)
  await expect(crypto.subtle.exportKey('raw', slot.key)).rejects.toThrow()
  await expect(openVault({ ...slot, wrapped: other.wrapped })).rejects.toThrow('does not open the vault')
})
