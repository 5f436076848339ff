import type { Proposal } from 'ts-mls/proposal.js'
import { beforeEach, describe, expect, test } from 'vitest'
import { toHex, type Bytes } from '../../../src/core/bytes.ts'
import { deriveIdentity } from '../../../src/crypto/identity.ts'
import { createMls } from '../../../src/crypto/ts-mls.ts'
import { follows } from '../../support/mls-attack.ts'
import { bytesOfText, founded, grown, invited, joined, type Member } from '../../support/mls-member.ts'
import { forgedKeyPackage, inside, libraryCommit, rogue, type Rogue } from '../../support/rogue-mls.ts'

/** What must not get out, what must not stay, and what must not come in by knowing yesterday's secrets. */

const DAY = 86_400_000

let now: number
let alice: Rogue
let bob: Rogue
let carol: Rogue
let hers: Member
let bobs: Member

beforeEach(async () => {
  now = Date.now()
  const clock = (): number => now
  ;[alice, bob, carol] = [await rogue(1, clock), await rogue(2, clock), await rogue(3, clock)]
  hers = await founded(alice)
  const [him] = await grown(hers, [], bob)
  if (!him) throw new Error('no bob')
  bobs = him
})

const holds = (bytes: Bytes, part: Uint8Array): boolean => toHex(bytes).includes(toHex(part))

describe('whoever is out stays out', () => {
  test('bob is removed from among others', async () => {
    await grown(hers, [bobs], carol)
    const { commit } = await hers.commits({ remove: [bob.identity] })
    expect(await follows(inside(bobs.state), commit, bob.suite)).toBe(false)
  })

  test('bob was the last one: alice, alone, has secrets of her own', async () => {
    const before = inside(hers.state)
    const { commit } = await hers.commits({ remove: [bob.identity] })
    expect(await follows(inside(bobs.state), commit, bob.suite)).toBe(false)
    const remove: Proposal = { proposalType: 'remove', remove: { removed: 1 } }
    const theirs = await libraryCommit(alice, before, { extraProposals: [remove] })
    expect(await follows(inside(bobs.state), theirs.commit, bob.suite), 'by the library alone').toBe(true)
  })

  test('also a commit that only adds has new secrets', async () => {
    const before = inside(hers.state)
    const [carols] = await invited(carol)
    const { commit } = await hers.commits({ add: carols ? [carols.own.shown] : [] })
    expect(await follows(inside(bobs.state), commit, bob.suite)).toBe(false)
    const { keyPackage } = await forgedKeyPackage(carol)
    const add: Proposal = { proposalType: 'add', add: { keyPackage } }
    const theirs = await libraryCommit(alice, before, { extraProposals: [add] })
    expect(await follows(inside(bobs.state), theirs.commit, bob.suite), 'by the library alone').toBe(true)
  })
})

describe('what signs is the signer', () => {
  test('no state and no key package holds the key', async () => {
    const { seed } = deriveIdentity(new Uint8Array(16).fill(1))
    await hers.says('hello')
    await hers.commits({})
    const { shown, kept } = await alice.mls.keyPackage()
    for (const bytes of [hers.state, shown, kept]) expect(holds(bytes, seed)).toBe(false)
  })

  test('a state is of no use to somebody else', async () => {
    const stolen = bob.mls.seal(hers.state, bytesOfText('I am alice'), new Uint8Array())
    await expect(stolen).rejects.toThrow(TypeError)
  })

  test('what he signs wrong is wrong', async () => {
    const signer = { identity: alice.identity, sign: () => Promise.resolve(new Uint8Array(64)) }
    const { shown } = await createMls(signer, { now: Date.now }).keyPackage()
    expect(await bob.mls.inspect(shown)).toBeUndefined()
  })
})

describe('what was used up is gone', () => {
  test('the key of a message', async () => {
    const [before, his] = [inside(hers.state), inside(bobs.state)]
    const sealed = await hers.says('hello')
    await bobs.hears(sealed)
    const used = [before.secretTree[0]?.application.secret, his.secretTree[0]?.application.secret]
    for (const secret of used) {
      expect(secret).toHaveLength(32)
      expect(holds(hers.state, secret ?? new Uint8Array())).toBe(false)
      expect(holds(bobs.state, secret ?? new Uint8Array())).toBe(false)
    }
  })

  test('the key of a commit, also in the epoch that is kept for late messages', async () => {
    const before = inside(hers.state)
    const { commit } = await hers.commits({})
    await bobs.takes(commit, hers)
    const { handshake } = before.secretTree[0] ?? {}
    for (const secret of [handshake?.secret, before.keySchedule.initSecret]) {
      expect(secret).toHaveLength(32)
      expect(holds(hers.state, secret ?? new Uint8Array())).toBe(false)
      expect(holds(bobs.state, secret ?? new Uint8Array())).toBe(false)
    }
  })

  test('the key of a message that comes to somebody who was removed', async () => {
    const late = await hers.says('late')
    const { commit } = await hers.commits({ remove: [bob.identity] })
    const { secret } = inside(bobs.state).secretTree[0]?.application ?? {}
    await bobs.takes(commit, hers)
    expect(await bobs.hears(late)).toBe('late')
    expect(secret).toHaveLength(32)
    expect(holds(bobs.state, secret ?? new Uint8Array())).toBe(false)
  })

  test('the private key of a node above bob, when he leaves', async () => {
    const before = inside(hers.state).privatePath.privateKeys[1]
    await hers.commits({ remove: [bob.identity] })
    expect(before).toHaveLength(32)
    expect(Object.keys(inside(hers.state).privatePath.privateKeys)).toEqual(['0'])
  })
})

describe('what travels is no longer than it must be', () => {
  test('a message of 20 bytes, a key package and a welcome for two', async () => {
    const { sealed } = await alice.mls.seal(hers.state, new Uint8Array(20), new Uint8Array(3))
    expect(sealed).toHaveLength(160)
    const [carols] = await invited(carol)
    expect(carols?.own.shown).toHaveLength(273)
    const { welcome } = await (await founded(carol)).commits({ add: [(await bob.mls.keyPackage()).shown] })
    expect(welcome?.length).toBeLessThan(780)
  })
})

test('a message of an epoch that no number can hold is none', async () => {
  const sealed = (await hers.says('hello')).fill(255, 13, 21)
  expect(bob.mls.header(sealed)).toBeUndefined()
  expect(await bobs.hears(sealed)).toBe('refused')
})

test('two who seal from one state at least mask the key differently', async () => {
  const seal = (): Promise<{ sealed: Bytes }> => {
    return alice.mls.seal(hers.state, bytesOfText('one'), new Uint8Array())
  }
  const [one, other] = [await seal(), await seal()]
  expect(one.sealed).not.toEqual(other.sealed)
})

test('leaves may be older than a key package may be', async () => {
  now += 60 * DAY
  const [carols] = await invited(carol)
  const { commit, welcome } = await hers.commits({ add: carols ? [carols.own.shown] : [] })
  expect(await bobs.takes(commit, hers)).toBe('taken')
  const her = carols && (await joined(carols, welcome, hers))
  expect(her?.look()).toEqual(hers.look())
  now += 60 * DAY
  const [late] = await invited(await rogue(4, () => now))
  const next = await hers.commits({ add: late ? [late.own.shown] : [] })
  now += 60 * DAY
  expect(await bobs.takes(next.commit, hers), 'somebody who was away for long').toBe('taken')
})
