import type { Bytes } from '../../../src/core/bytes.ts'
import type { Psk } from '../../../src/crypto/mls.ts'
import { check, same, throws } from '../../support/check.ts'
import { founded, GROUP, grown, invited, joined, member, type Member } from '../../support/mls-member.ts'
import type { MlsCase } from './mls-suite.ts'

const psk: Psk = { id: new Uint8Array([1, 2, 3]), secret: new Uint8Array(32).fill(7) }

function flipped(bytes: Bytes, at: number): Bytes {
  return bytes.with(at, (bytes[at] ?? 0) ^ 1)
}

/** Alice's group, and a commit with a welcome that add Bob. */
export const WELCOME_CASES: readonly MlsCase[] = [
  {
    name: 'alice makes a group, bob joins it by her welcome, and they hear each other',
    run: async ({ alice, bob }) => {
      const her = await founded(alice)
      same(her.look().members, [alice.identity], 'alone at first')
      const [him] = await grown(her, [], bob)
      check(him !== undefined, 'bob is in')
      same(him?.look(), her.look(), 'both see the same')
      same(her.look().members, [alice.identity, bob.identity], 'in the order of the leaves')
      same([...her.look().id], [...GROUP], 'the id')
      same(await him?.hears(await her.says('hello')), 'hello', 'bob hears alice')
      same(await her.hears((await him?.says('hi')) ?? new Uint8Array()), 'hi', 'alice hears bob')
    },
  },
  {
    name: 'a key package says whose it is, and each is another one',
    run: async ({ alice, bob }) => {
      const [one, other] = [await bob.mls.keyPackage(), await bob.mls.keyPackage()]
      same(await alice.mls.inspect(one.shown), bob.identity, 'whose')
      check(one.shown.join() !== other.shown.join(), 'another one')
      check(one.kept.join() !== other.kept.join(), 'with other keys')
    },
  },
  {
    name: 'a key package is good from a day ago for 28 days',
    run: async ({ alice, bob, days }) => {
      const { shown } = await bob.mls.keyPackage()
      const good = async (): Promise<boolean> => (await alice.mls.inspect(shown)) !== undefined
      days(-0.99)
      check(await good(), "alice's clock may be a day behind")
      days(-0.02)
      check(!(await good()), 'but not more')
      days(1.01 + 27.99)
      check(await good(), 'still good')
      days(0.02)
      check(!(await good()), 'no more')
      const her = await founded(alice)
      await throws(her.person.mls.commit(her.state, { add: [shown] }), 'an old one is not added')
    },
  },
  {
    name: 'a key package with one wrong bit is none',
    run: async ({ alice, bob }) => {
      const { shown } = await bob.mls.keyPackage()
      for (const at of shown.keys()) {
        const found = await alice.mls.inspect(flipped(shown, at))
        same(found, undefined, `with byte ${String(at)} changed`)
      }
      same(await alice.mls.inspect(shown.slice(0, -1)), undefined, 'too short')
      same(await alice.mls.inspect(new Uint8Array([...shown, 0])), undefined, 'too long')
    },
  },
  {
    name: 'a welcome is for this group of this organiser, or for nobody',
    run: async ({ alice, bob, carol }) => {
      const her = await founded(alice)
      const [invitation] = await invited(bob)
      if (!invitation) throw new Error('nobody is invited')
      const { own } = invitation
      const { welcome = new Uint8Array() } = await her.commits({ add: [own.shown] })
      const right = { id: GROUP, organiser: alice.identity }
      const join = (expected: typeof right, by = welcome) => bob.mls.join(by, own, expected)
      same(await join({ ...right, id: GROUP.with(0, 1) }), undefined, 'another group')
      same(await join({ ...right, organiser: carol.identity }), undefined, 'another organiser')
      same(await join({ ...right, organiser: bob.identity }), undefined, 'himself')
      for (let at = 0; at < welcome.length; at += at < 16 ? 1 : 7) {
        same(await join(right, flipped(welcome, at)), undefined, `with byte ${String(at)} changed`)
      }
      check((await join(right)) !== undefined, 'as it is')
    },
  },
  {
    name: 'a welcome is for the key package it was made for',
    run: async ({ alice, bob, carol }) => {
      const her = await founded(alice)
      const [his, hisOther, hers] = await invited(bob, bob, carol)
      const { welcome } = await her.commits({ add: his ? [his.own.shown] : [] })
      same(hisOther && (await joined(hisOther, welcome, her)), undefined, 'another one of his')
      same(hers && (await joined(hers, welcome, her)), undefined, "somebody else's")
      check((his && (await joined(his, welcome, her))) !== undefined, 'his')
    },
  },
  {
    name: 'a key package serves once',
    run: async ({ alice, bob }) => {
      const her = await founded(alice)
      const [his] = await invited(bob)
      const add = his ? [his.own.shown] : []
      await throws(alice.mls.commit(her.state, { add: [...add, ...add] }), 'twice at once')
      await her.commits({ add })
      await throws(alice.mls.commit(her.state, { add }), 'somebody who is a member')
      const again = alice.mls.commit(her.state, { add, remove: [bob.identity] })
      await throws(again, 'and it does not bring him back')
    },
  },
  {
    name: 'whoever is added at once shares one welcome',
    run: async ({ alice, bob, carol, dave }) => {
      const her = await founded(alice)
      const others = await grown(her, [], bob, carol, dave)
      same(
        her.look().members,
        [alice, bob, carol, dave].map((one) => one.identity),
        'all of them',
      )
      for (const other of others) same(other.look(), her.look(), 'all see the same')
      const [his, , daves] = others
      same(await daves?.hears((await his?.says('hi')) ?? new Uint8Array()), 'hi', 'they hear each other')
    },
  },
  {
    name: 'with a pre-shared key only who holds it joins',
    run: async ({ alice, bob }) => {
      const her = await founded(alice)
      const [his] = await invited(bob)
      if (!his) throw new Error('nobody is invited')
      const { welcome = new Uint8Array() } = await her.commits({ add: [his.own.shown], psk })
      const right = { id: GROUP, organiser: alice.identity }
      const join = (held?: Psk) => bob.mls.join(welcome, his.own, { ...right, ...(held && { psk: held }) })
      same(await join(), undefined, 'without it')
      same(await join({ ...psk, secret: psk.secret.with(0, 0) }), undefined, 'with another secret')
      same(await join({ ...psk, id: new Uint8Array([9]) }), undefined, 'under another name')
      const state = await join(psk)
      const him: Member | undefined = state && member(bob, state)
      same(him?.look(), her.look(), 'with it')
    },
  },
  {
    name: 'a pre-shared key that was to be used and is not: no',
    run: async ({ alice, bob }) => {
      const her = await founded(alice)
      const [his] = await invited(bob)
      if (!his) throw new Error('nobody is invited')
      const { welcome = new Uint8Array() } = await her.commits({ add: [his.own.shown] })
      const expected = { id: GROUP, organiser: alice.identity, psk }
      same(await bob.mls.join(welcome, his.own, expected), undefined, 'left out')
    },
  },
]
