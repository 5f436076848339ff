import { expect, test, vi } from 'vitest'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import { addressOf, addressToken, pairConversation } from '../../../src/crypto/address.ts'
import { createSigner, deriveIdentity, pairKey, verify } from '../../../src/crypto/identity.ts'
import { makeIncarnation, retires, verifyIncarnation } from '../../../src/crypto/incarnation.ts'
import { bytesOf, identityOf, incarnationOf } from '../../support/samples.ts'

const root = Uint8Array.from({ length: 16 }, (_, i) => i)
const [alice, bob] = [deriveIdentity(root), deriveIdentity(bytesOf(16, 2))]

test('from one root everything follows, today as on the first day', () => {
  const token = addressToken(alice.addressKey, 0)
  expect({
    identity: alice.identity,
    seed: toHex(alice.seed),
    knockSecret: toHex(alice.knockSecret),
    knockKey: toHex(alice.knockKey),
    addressKey: toHex(alice.addressKey),
    token,
    address: addressOf(token),
    conversation: pairConversation(alice.identity, bob.identity),
    pair: toHex(pairKey(alice, bob) ?? new Uint8Array()),
  }).toMatchInlineSnapshot(`
    {
      "address": "0a45f749c90cd3a95cf74a1a6ae0de4e9cc7a7cf",
      "addressKey": "7d5088688cbfad4225e80ea9c3103fc4aa7ad198c00a83b336e08e993a19eba6",
      "conversation": "70757f2e3ca142e14a75232409b00731",
      "identity": "d6fafee557d75cfa590cb87aa6aa704bb89c5a1cf5996d8a0d63f77e27f514ef",
      "knockKey": "29622bea8ff4cb623fdbb95007d930dc88f2eba1a2718ea969f0e84358e4f040",
      "knockSecret": "dc8aa57175e395ab0c755b4a92b1df61c88ddfe81005ae390ad6d2a29ba6ab4b",
      "pair": "772739a30fb1ac802d944aa470bb5814dfffe6cdab98da626b8853c08d4c3211",
      "seed": "2a6ed8cc75fa7b553036424efaf19c9759e29055ec26b1d366aa536fc5c9e865",
      "token": "194dc3000b040abfb9fd38d4ac292afcb0b0a70deaf87f268a9f714bf819f62a",
    }
  `)
})

test('no two roots, and no two tokens of one root, lead to one place', () => {
  expect(alice.identity).not.toBe(bob.identity)
  expect(addressToken(alice.addressKey, 0)).not.toBe(addressToken(alice.addressKey, 1))
  expect(addressOf(addressToken(alice.addressKey, 0))).not.toBe(addressOf(addressToken(bob.addressKey, 0)))
})

test('alice and bob compute one pair key and one conversation, and carol has another of each', () => {
  const carol = deriveIdentity(bytesOf(16, 3))
  expect(pairKey(alice, bob)).toEqual(pairKey(bob, alice))
  expect(pairKey(alice, carol)).not.toEqual(pairKey(alice, bob))
  expect(pairConversation(alice.identity, bob.identity)).toBe(pairConversation(bob.identity, alice.identity))
  expect(pairConversation(alice.identity, carol.identity)).not.toBe(
    pairConversation(alice.identity, bob.identity),
  )
})

test("the pair key is bound to both people: bob's knock key under another name gives another", () => {
  const stolen = { identity: identityOf(9), knockKey: bob.knockKey }
  expect(pairKey(alice, stolen)).not.toEqual(pairKey(alice, bob))
})

test.each(['00'.repeat(32), `01${'00'.repeat(31)}`])('a knock key of low order opens no door: %s', (key) => {
  expect(pairKey(alice, { identity: bob.identity, knockKey: fromHex(key) })).toBeUndefined()
})

test('alice signs, and nobody else, and nothing else; a key that is no point of the curve signs nothing', async () => {
  const signer = await createSigner(alice)
  const signature = await signer.sign(root)
  expect(await verify(alice.identity, root, signature)).toBe(true)
  expect(await verify(bob.identity, root, signature)).toBe(false)
  expect(await verify(alice.identity, root.slice(1), signature)).toBe(false)
  expect(await verify(alice.identity, root, signature.slice(1))).toBe(false)
  for (const n of [0, 2, 0xff]) expect(await verify(identityOf(n), root, signature)).toBe(false)
})

test('no key of ours can be taken out of the browser', async () => {
  const imported = vi.spyOn(crypto.subtle, 'importKey')
  await createSigner(alice)
  await verify(alice.identity, root, bytesOf(64, 0))
  for (const { value } of imported.mock.settledResults) {
    expect(value).toMatchObject({ type: expect.stringMatching(/private|public/) as string })
  }
  const made = await Promise.all(imported.mock.results.map(({ value }) => value as Promise<CryptoKey>))
  expect(made.filter(({ type }) => type !== 'public').map(({ extractable }) => extractable)).toEqual([false])
  imported.mockRestore()
})

test('an incarnation is a statement of its own person, about exactly this id and moment', async () => {
  const made = await makeIncarnation(await createSigner(alice), bytesOf(8, 7), 1000)
  expect(await verifyIncarnation(alice.identity, made)).toBe(true)
  expect(await verifyIncarnation(bob.identity, made)).toBe(false)
  expect(await verifyIncarnation(alice.identity, { ...made, madeAt: 1001 })).toBe(false)
  expect(await verifyIncarnation(alice.identity, { ...made, id: incarnationOf(8).id })).toBe(false)
})

test('the later incarnation retires the earlier; of one moment the higher; none retires itself', () => {
  const [older, newer] = [incarnationOf(1), incarnationOf(2)]
  expect([retires(newer, older), retires(older, newer), retires(older, older)]).toEqual([true, false, false])
  const twin = { ...older, id: newer.id }
  expect([retires(twin, older), retires(older, twin)]).toEqual([true, false])
})
