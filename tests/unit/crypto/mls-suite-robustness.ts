import type { Bytes } from '../../../src/core/bytes.ts'
import { check, same } from '../../support/check.ts'
import { bytesOfText, GROUP, member, two } from '../../support/mls-member.ts'
import type { MlsCase } from './mls-suite.ts'

/** Bytes of any length from 0 to 400, the same each time. */
function* garbage(count: number): Generator<Bytes> {
  let seed = 1
  const byte = (): number => (seed = Math.imul(seed ^ (seed >>> 13), 0x5bd1e995) + 1) >>> 24
  for (let n = 0; n < count; n++) yield Uint8Array.from({ length: byte() + byte() }, byte)
}

export const ROBUSTNESS_CASES: readonly MlsCase[] = [
  {
    name: 'a message with one wrong bit is refused, and the right one still opens',
    run: async (people) => {
      const [hers, his] = await two(people)
      const sealed = await hers.says('right')
      for (const at of sealed.keys()) {
        const found = await his.hears(sealed.with(at, (sealed[at] ?? 0) ^ 4))
        check(found === 'refused' || found === 'later', `byte ${String(at)}: ${found}`)
      }
      same(await his.hears(sealed), 'right', 'as it is')
    },
  },
  {
    name: 'a commit with one wrong bit is refused, and the right one still taken',
    run: async (people) => {
      const [hers, his] = await two(people)
      const { commit } = await hers.commits({})
      for (let at = 0; at < commit.length; at += 5) {
        const found = await his.takes(commit.with(at, (commit[at] ?? 0) ^ 4), hers)
        check(found === 'refused' || found === 'later', `byte ${String(at)}: ${found}`)
      }
      same(await his.takes(commit, hers), 'taken', 'as it is')
      same(his.look(), hers.look(), 'and both see the same')
    },
  },
  {
    name: 'a message is no commit and a commit is no message',
    run: async (people) => {
      const [hers, his] = await two(people)
      const sealed = await hers.says('hello')
      const { commit } = await hers.commits({})
      same([await his.hears(commit), await his.takes(sealed, hers)], ['refused', 'refused'], 'crossed')
      same([await his.hears(sealed), await his.takes(commit, hers)], ['hello', 'taken'], 'straight')
    },
  },
  {
    name: 'what is for one group is not for another',
    run: async (people) => {
      const [hers] = await two(people)
      const [, his] = await two(people, new Uint8Array(8))
      same(await his.hears(await hers.says('hello')), 'refused', 'a message')
      const [, sameName] = await two(people)
      same(await sameName.hears(await hers.says('hello')), 'refused', 'also if both have the same id')
      same(await his.takes((await hers.commits({})).commit, hers), 'refused', 'a commit')
      same(await his.hears(await hers.says('hello')), 'refused', 'nothing to wait for')
    },
  },
  {
    name: 'garbage is refused and never throws',
    run: async (people) => {
      const [hers, his] = await two(people)
      const own = await people.bob.mls.keyPackage()
      const sealed = await hers.says('still fine')
      const cut = Array.from({ length: sealed.length }, (_, n) => sealed.slice(0, n))
      const expected = { id: GROUP, organiser: people.alice.identity }
      for (const bytes of [...garbage(300), ...cut]) {
        same(await his.hears(bytes), 'refused', 'as a message')
        same(await his.takes(bytes, hers), 'refused', 'as a commit')
        same(await people.bob.mls.join(bytes, own, expected), undefined, 'as a welcome')
        same(await people.bob.mls.inspect(bytes), undefined, 'as a key package')
        people.bob.mls.header(bytes)
      }
      same(await his.hears(sealed), 'still fine', 'and nothing was harmed')
    },
  },
  {
    name: 'a state is its bytes: a copy goes on as well, and one that was used can be used again',
    run: async (people) => {
      const [hers, his] = await two(people)
      const { alice, bob } = people
      const copy = his.state.slice()
      const sealed = [await hers.says('one'), await hers.says('two')] as const
      for (const state of [his.state, copy, his.state, copy.slice()]) {
        const again = member(bob, state)
        same([await again.hears(sealed[1]), await again.hears(sealed[0])], ['two', 'one'], 'from there')
      }
      same(his.state.join(), copy.join(), 'no state was changed')
      const { commit } = await alice.mls.commit(hers.state, {})
      await alice.mls.commit(hers.state, {})
      for (const state of [his.state, copy.slice()]) {
        const after = member(bob, state)
        same(await after.takes(commit, hers), 'taken', 'a commit from there')
        after.state = after.state.slice()
        same(await after.hears(sealed[0]), 'one', 'and what was before it')
      }
    },
  },
  {
    name: 'two at once from one state do not disturb each other',
    run: async (people) => {
      const [hers, his] = await two(people)
      const sealed = [await hers.says('one'), await hers.says('two')] as const
      const both = await Promise.all(sealed.map((one) => people.bob.mls.open(his.state, one)))
      same(
        both.map(({ result }) => result),
        ['opened', 'opened'],
        'both',
      )
      const { alice } = people
      const empty = new Uint8Array()
      const [made, said] = await Promise.all([
        alice.mls.commit(hers.state, {}),
        alice.mls.seal(hers.state, bytesOfText('at once'), empty),
      ])
      same(await his.hears(said.sealed), 'at once', 'what was said')
      same(await his.takes(made.commit, hers), 'taken', 'what was done')
    },
  },
]
