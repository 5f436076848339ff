import { check, same, throws } from '../../support/check.ts'
import { allTake, four, founded, grown, invited, joined } from '../../support/mls-member.ts'
import type { MlsCase } from './mls-suite.ts'

export const MEMBERSHIP_CASES: readonly MlsCase[] = [
  {
    name: 'carol comes later: she hears what comes, not what was, and everybody sees the same',
    run: async ({ alice, bob, carol }) => {
      const her = await founded(alice)
      const [him] = await grown(her, [], bob)
      if (!him) throw new Error('no bob')
      const before = await her.says('before carol')
      const [carols] = await grown(her, [him], carol)
      same(carols?.look(), her.look(), 'carol and alice')
      same(him.look(), her.look(), 'bob and alice')
      same(await carols?.hears(before), 'refused', 'what was')
      same(await carols?.hears(await him.says('welcome')), 'welcome', 'what comes')
      same(await him.hears(before), 'before carol', 'bob, late')
    },
  },
  {
    name: 'bob and dave are removed: they know it, and hear nothing more but what was said before',
    run: async (people) => {
      const [hers, bobs, carols, daves] = await four(people)
      const late = [await carols.says('carol, with bob'), await daves.says('dave, with bob')] as const
      const remove = [people.bob.identity, people.dave.identity]
      const { commit, welcome } = await hers.commits({ remove })
      same(welcome, undefined, 'nobody is welcomed')
      await allTake(commit, hers, [bobs, carols, daves])
      const stayed = [people.alice.identity, people.carol.identity]
      for (const one of [hers, bobs, carols, daves]) same(one.look().members, stayed, 'who stayed')
      same(carols.look(), hers.look(), 'carol goes on')
      check(bobs.look().epoch === 1 && hers.look().epoch === 2, 'bob stays in his last epoch')
      same(await bobs.hears(await hers.says('without bob')), 'refused', 'what comes')
      same(
        [await bobs.hears(late[0]), await bobs.hears(late[1])],
        ['carol, with bob', 'dave, with bob'],
        'what was',
      )
      await throws(bobs.says('hello?'), 'he seals nothing')
      const next = await hers.commits({})
      same(await bobs.takes(next.commit, hers), 'refused', 'and takes no commit')
    },
  },
  {
    name: 'whoever does not know that he was removed hears nothing more either',
    run: async (people) => {
      const [hers, bobs, carols] = await four(people)
      const { commit } = await hers.commits({ remove: [people.bob.identity] })
      await allTake(commit, hers, [carols])
      same(await bobs.hears(await carols.says('without bob')), 'later', 'he waits for ever')
    },
  },
  {
    name: 'after bob went and dave came to his place, each message is of the one who sealed it',
    run: async ({ alice, bob, carol, dave }) => {
      const hers = await founded(alice)
      const [bobs, carols] = await grown(hers, [], bob, carol)
      if (!bobs || !carols) throw new Error('somebody is missing')
      const late = [await bobs.says('bob, late'), await carols.says('carol, late')] as const
      const { commit } = await hers.commits({ remove: [bob.identity] })
      await allTake(commit, hers, [carols])
      const between = await carols.says('without bob')
      const [daves] = await grown(hers, [carols], dave)
      same(
        hers.look().members,
        [alice, dave, carol].map((one) => one.identity),
        'dave sits where bob was',
      )
      const said = [...late, between, await carols.says('now'), (await daves?.says('hi')) ?? late[0]]
      const senders = []
      for (const one of said) {
        const opened = await hers.opens(one)
        if (opened.result === 'opened') senders.push([opened.sender, opened.epoch])
      }
      const [b, c, d] = [bob.identity, carol.identity, dave.identity]
      same(
        senders,
        [
          [b, 1],
          [c, 1],
          [c, 2],
          [c, 3],
          [d, 3],
        ],
        'senders and epochs',
      )
    },
  },
  {
    name: 'bob lost his state: he is taken out and in again in one commit, in a group of two',
    run: async ({ alice, bob }) => {
      const hers = await founded(alice)
      const [lost] = await grown(hers, [], bob)
      const [anew] = await invited(bob)
      if (!lost || !anew) throw new Error('no bob')
      const { commit, welcome } = await hers.commits({ add: [anew.own.shown], remove: [bob.identity] })
      const him = await joined(anew, welcome, hers)
      same(him?.look(), hers.look(), 'he is back')
      same(await him?.hears(await hers.says('again')), 'again', 'and hears')
      same(await hers.hears((await him?.says('yes')) ?? commit), 'yes', 'and is heard')
      same(await lost.takes(commit, hers), 'taken', 'the old state ends')
      same(lost.look().members, [alice.identity], 'without him')
      same(await lost.hears(await hers.says('once more')), 'refused', 'and hears nothing')
    },
  },
  {
    name: 'and in a group of four',
    run: async (people) => {
      const [hers, lost, carols, daves] = await four(people)
      const [anew] = await invited(people.bob)
      if (!anew) throw new Error('no bob')
      const { commit, welcome } = await hers.commits({ add: [anew.own.shown], remove: [people.bob.identity] })
      await allTake(commit, hers, [carols, daves, lost])
      const him = await joined(anew, welcome, hers)
      for (const one of [him, carols, daves]) same(one?.look(), hers.look(), 'all see the same')
      same(hers.look().members.length, 4, 'nobody is in twice')
      same(await daves.hears((await him?.says('back')) ?? commit), 'back', 'dave hears bob')
      same(lost.look().members.includes(people.bob.identity), false, 'the old state ends')
      const later = await hers.commits({ remove: [people.carol.identity] })
      same(await him?.takes(later.commit, hers), 'taken', 'and bob follows')
    },
  },
  {
    name: 'one commit removes some and adds others',
    run: async (people) => {
      const [hers, bobs, carols, daves] = await four(people)
      await hers.commits({}).then(({ commit }) => allTake(commit, hers, [bobs, carols, daves]))
      const anew = await invited(people.bob)
      const { commit, welcome } = await hers.commits({
        add: anew.map(({ own }) => own.shown),
        remove: [people.bob.identity, people.dave.identity],
      })
      await allTake(commit, hers, [carols, daves])
      const him = anew[0] && (await joined(anew[0], welcome, hers))
      for (const one of [him, carols]) same(one?.look(), hers.look(), 'who is in sees the same')
      same(hers.look().members.length, 3, 'three are left')
      check(!daves.look().members.includes(people.dave.identity), 'dave knows that he is out')
    },
  },
  {
    name: 'everybody is removed, and alice goes on alone, and with others',
    run: async ({ alice, bob, carol }) => {
      const hers = await founded(alice)
      const [bobs] = await grown(hers, [], bob)
      const { commit } = await hers.commits({ remove: [bob.identity] })
      same(await bobs?.takes(commit, hers), 'taken', 'bob knows')
      same(hers.look().members, [alice.identity], 'alone')
      const [carols] = await grown(hers, [], carol)
      same(await carols?.hears(await hers.says('hello carol')), 'hello carol', 'with carol')
      same(await bobs?.hears(await hers.says('no bob')), 'refused', 'without bob')
    },
  },
]
