import type { Psk } from '../../../src/crypto/mls.ts'
import { check, same, throws } from '../../support/check.ts'
import { allTake, four, founded, invited } from '../../support/mls-member.ts'
import type { MlsCase } from './mls-suite.ts'

const psk: Psk = { id: new Uint8Array([1, 2, 3]), secret: new Uint8Array(32).fill(7) }

export const COMMIT_CASES: readonly MlsCase[] = [
  {
    name: 'a commit for nothing renews the keys',
    run: async (people) => {
      const [hers, bobs, carols, daves] = await four(people)
      const before = hers.look()
      const { commit, welcome } = await hers.commits({})
      same(welcome, undefined, 'nobody is welcomed')
      await allTake(commit, hers, [bobs, carols, daves])
      same(bobs.look(), hers.look(), 'all see the same')
      check(hers.look().authenticator.join() !== before.authenticator.join(), 'with another authenticator')
    },
  },
  {
    name: 'members who hold the pre-shared key follow, others do not',
    run: async (people) => {
      const [hers, bobs, carols] = await four(people)
      const { commit } = await hers.commits({ psk })
      same(await bobs.takes(commit, hers), 'refused', 'without it')
      const wrong = { ...psk, secret: psk.secret.with(0, 0) }
      same(await carols.takes(commit, hers, wrong), 'refused', 'with another one')
      const [again, bobsAgain] = await four(people)
      const plain = await again.commits({})
      same(await bobsAgain.takes(plain.commit, again, psk), 'refused', 'it was to be used')
      const shared = await four(people)
      const mixed = await shared[0].commits({ psk })
      same(await shared[1].takes(mixed.commit, shared[0], psk), 'taken', 'with it')
      same(shared[1].look(), shared[0].look(), 'and sees the same')
    },
  },
  {
    name: 'only the organiser commits, each commit counts once, and in its order',
    run: async (people) => {
      const [hers, bobs, carols] = await four(people)
      await throws(people.bob.mls.commit(bobs.state, {}), 'bob cannot')
      const first = await hers.commits({})
      const second = await hers.commits({})
      same(await bobs.takes(second.commit, hers), 'later', 'the second one first')
      same(await bobs.takes(first.commit, carols), 'refused', 'of somebody else')
      const [other, bobsOther] = await four(people)
      same(await bobsOther.takes(first.commit, other), 'refused', 'of another group of that name')
      same(await carols.takes(first.commit, hers), 'taken', 'the first one')
      same(await carols.takes(first.commit, hers), 'refused', 'once')
      same(await hers.takes(second.commit, hers), 'refused', 'her own')
      same(await carols.takes(second.commit, hers), 'taken', 'the second one')
      same(carols.look(), hers.look(), 'carol is with her')
    },
  },
  {
    name: 'two commits from one state: who takes one does not take the other',
    run: async (people) => {
      const [hers, bobs, carols] = await four(people)
      const [one, other] = [
        await people.alice.mls.commit(hers.state, {}),
        await people.alice.mls.commit(hers.state, {}),
      ]
      same(await bobs.takes(one.commit, hers), 'taken', 'bob the one')
      same(await carols.takes(other.commit, hers), 'taken', 'carol the other')
      same(await bobs.takes(other.commit, hers), 'refused', 'and not both')
      check(bobs.look().authenticator.join() !== carols.look().authenticator.join(), 'they can tell')
      same(await bobs.hears(await carols.says('hello')), 'refused', 'they do not hear each other')
    },
  },
  {
    name: 'what must not be asked for throws',
    run: async (people) => {
      const [hers, , carols] = await four(people)
      const { mls } = people.alice
      const [own] = await invited(people.bob)
      await throws(mls.create(new Uint8Array(16)), 'an id of 16 bytes')
      await throws(mls.commit(hers.state, { remove: [people.alice.identity] }), 'without the organiser')
      const [lonely] = [await founded(people.alice)]
      await throws(mls.commit(lonely.state, { remove: [people.bob.identity] }), 'who is no member')
      await throws(mls.commit(hers.state, { add: own ? [own.own.shown] : [] }), 'who is one')
      await throws(mls.commit(hers.state, { add: [new Uint8Array(9)] }), 'by no key package')
      const foreign =
        own &&
        people.carol.mls.join(new Uint8Array(9), own.own, {
          id: carols.look().id,
          organiser: people.alice.identity,
        })
      await throws(foreign ?? Promise.resolve(), "by somebody else's key package")
    },
  },
]
