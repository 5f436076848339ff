import { describe, expect, test } from 'vitest'
import { doorOfInvite } from '../../../src/crypto/bind.ts'
import { seal, sealingKey } from '../../../src/crypto/seal.ts'
import { actor, doorBetween, meet } from '../../support/meeting.ts'
import { bytesOf } from '../../support/samples.ts'

const [alice, bob, carol] = [
  await actor('Canary Alice', 1),
  await actor('Canary Bob', 2),
  await actor('Carol', 3),
]
const [aliceKey, bobKey] = [alice.secrets.identity, bob.secrets.identity]
const pair = doorBetween(alice, bob)
const invite = doorOfInvite(bytesOf(16, 7))
const [aliceSide, bobSide] = [
  { me: alice, keys: pair, expects: bobKey },
  { me: bob, keys: pair, expects: aliceKey },
]

test('alice and bob, who know each other, are bound, and know each other by key and incarnation', async () => {
  const [hers, his] = await meet(aliceSide, bobSide)
  expect(hers).toMatchObject({ result: 'bound', identity: bobKey, incarnation: bob.incarnation, version: 2 })
  expect(his).toMatchObject({
    result: 'bound',
    identity: aliceKey,
    incarnation: alice.incarnation,
    version: 2,
  })
  expect([hers, his].some((one) => 'profile' in one)).toBe(false)
})

describe('with an invite', () => {
  const opener = { me: bob, keys: invite, expects: aliceKey }
  const shower = { me: alice, keys: invite, expects: undefined }

  test('bob, who opened it, and alice, who showed it, learn who the other is', async () => {
    const [his, hers] = await meet(opener, shower)
    expect(his).toMatchObject({ result: 'bound', identity: aliceKey, profile: alice.profile })
    expect(hers).toMatchObject({ result: 'bound', identity: bobKey, profile: bob.profile })
  })

  test.each(['welcome', 'used', 'expired'] as const)(
    'alice says "%s", and only bob at this meeting hears it',
    async (word) => {
      const [his, hers] = await meet(opener, shower)
      if (his.result !== 'bound' || hers.result !== 'bound') throw new Error('not bound')
      await hers.tell({ verdict: word })
      const frame = await his.inbox.next()
      if (!frame) throw new Error('nothing came')
      expect(await his.told(frame)).toEqual({ verdict: word })
      expect(await hers.told(frame), 'her own word, thrown back').toBeUndefined()
      const [another] = await meet(opener, shower)
      expect(another.result === 'bound' && (await another.told(frame))).toBeUndefined()
    },
  )

  test('carol, who holds another invite, or shows herself as alice, is nobody', async () => {
    const [his, hers] = await meet({ ...opener, keys: doorOfInvite(bytesOf(16, 8)) }, shower)
    expect([his.result, hers.result]).toEqual(['silent', 'silent'])
    const [misled, impostor] = await meet(opener, { ...shower, me: carol })
    expect([misled.result, impostor.result]).toEqual(['silent', 'bound'])
  })

  test('whoever knows where to seal but not the secret that binds is nobody', async () => {
    const half = { ...invite, bind: bytesOf(32, 1) }
    expect((await meet({ ...opener, keys: half }, shower))[1].result).toBe('silent')
    const { bind: _, ...none } = invite
    expect((await meet({ ...opener, keys: none }, shower))[1].result).toBe('silent')
  })
})

describe('under the pair key', () => {
  test('a stranger is met with silence', async () => {
    const [his, hers] = await meet(
      { me: carol, keys: doorBetween(carol, alice), expects: aliceKey },
      aliceSide,
    )
    expect([his.result, hers.result]).toEqual(['silent', 'silent'])
  })

  test('another key behind the right door is told as such, and named by whom it was expected to be', async () => {
    const [, hers] = await meet({ ...bobSide, me: carol }, aliceSide)
    expect(hers).toMatchObject({ result: 'key-changed', identity: bobKey })
    const [dialling] = await meet(aliceSide, { ...bobSide, me: carol })
    expect(dialling).toMatchObject({ result: 'key-changed', identity: bobKey })
  })

  test('alice is not bound to herself', async () => {
    const [hers, also] = await meet({ ...bobSide, me: alice }, { ...aliceSide })
    expect([hers.result, also.result]).toEqual(['silent', 'silent'])
  })
})

describe('an incarnation that was retired', () => {
  const older = { ...bobSide }
  test('is told by the newer statement, when it dials', async () => {
    const newer = await actor('Bob', 2, 2000)
    const [his, hers] = await meet(older, { ...aliceSide, newest: () => newer.incarnation })
    expect(his).toMatchObject({ result: 'retired', by: newer.incarnation })
    expect(hers.result).toBe('silent')
  })

  test('does not believe a statement that it did not sign, or that is no newer', async () => {
    const forged = { ...bob.incarnation, madeAt: 9000 }
    const [misled] = await meet(older, { ...aliceSide, newest: () => forged })
    expect(misled.result).toBe('broken')
    const [same] = await meet(older, { ...aliceSide, newest: () => bob.incarnation })
    expect(same.result).toBe('bound')
  })

  test('with a statement that its person never signed is nobody', async () => {
    const borrowed = { ...bob, incarnation: alice.incarnation }
    expect((await meet({ ...bobSide, me: borrowed }, aliceSide))[1].result).toBe('silent')
  })

  test('is no link for who dialled it, and hears why', async () => {
    const newer = await actor('Bob', 2, 2000)
    const [hers, his] = await meet({ ...aliceSide, newest: () => newer.incarnation }, older)
    expect(hers.result).toBe('silent')
    if (his.result !== 'bound') throw new Error('the listener is bound first')
    const frame = await his.inbox.next()
    expect(frame && (await his.told(frame))).toEqual({ verdict: 'retired', by: newer.incarnation })
  })
})

test('what is sealed for a proof opens as no verdict', async () => {
  const [his, hers] = await meet(
    { me: bob, keys: invite, expects: aliceKey },
    { me: alice, keys: invite, expects: undefined },
  )
  if (his.result !== 'bound' || hers.result !== 'bound') throw new Error('not bound')
  const sealed = await seal(await sealingKey(invite.seal), bytesOf(20, 1), bytesOf(1, 1))
  expect(await his.told({ type: 'verdict', sealed })).toBeUndefined()
  expect(await his.told({ type: 'proof', sealed })).toBeUndefined()
})
