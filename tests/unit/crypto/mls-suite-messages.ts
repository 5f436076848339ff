import type { Bytes } from '../../../src/core/bytes.ts'
import { check, same } from '../../support/check.ts'
import { bytesOfText, GROUP, two, type Member } from '../../support/mls-member.ts'
import type { MlsCase } from './mls-suite.ts'

function includes(bytes: Bytes, part: Bytes): boolean {
  return bytes.join().includes(part.join())
}

async function many(from: Member, count: number): Promise<Bytes[]> {
  const sealed: Bytes[] = []
  for (let n = 0; n < count; n++) sealed.push(await from.says(String(n)))
  return sealed
}

export const MESSAGE_CASES: readonly MlsCase[] = [
  {
    name: 'a message hides what it says and shows its group, its epoch and its context',
    run: async ({ alice, bob }) => {
      const [hers, his] = await two({ alice, bob })
      const plain = bytesOfText('nobody else reads this')
      const context = new Uint8Array([1, 2, 3])
      const { sealed } = await alice.mls.seal(hers.state, plain, context)
      check(!includes(sealed, plain), 'the plain text is not in it')
      same(bob.mls.header(sealed), { id: GROUP, epoch: 1 }, 'the header')
      const opened = await his.opens(sealed)
      const expected = { result: 'opened', epoch: 1, sender: alice.identity, plain, context }
      const { state, ...rest } = opened as Extract<typeof opened, { state: unknown }>
      check(state.length > 0, 'and the next state')
      same(Object.entries(rest).sort(), Object.entries(expected).sort(), 'what came out')
    },
  },
  {
    name: 'of nothing and of much',
    run: async (people) => {
      const [hers, his] = await two(people)
      for (const length of [0, 1, 65_536]) {
        const plain = new Uint8Array(length).fill(1)
        const { state, sealed } = await people.alice.mls.seal(hers.state, plain, new Uint8Array())
        hers.state = state
        const opened = await his.opens(sealed)
        check(opened.result === 'opened' && opened.plain.length === length, `${String(length)} bytes`)
      }
    },
  },
  {
    name: 'a message opens once, and not for the one who sealed it',
    run: async (people) => {
      const [hers, his] = await two(people)
      const sealed = await hers.says('once')
      same([await his.hears(sealed), await his.hears(sealed)], ['once', 'refused'], 'bob')
      same(await hers.hears(sealed), 'refused', 'alice')
    },
  },
  {
    name: 'the same text sealed twice is not the same',
    run: async (people) => {
      const [hers, his] = await two(people)
      const [one, other] = [await hers.says('same'), await hers.says('same')]
      check(one.slice(-8).join() !== other.slice(-8).join(), 'not even its end')
      same([await his.hears(one), await his.hears(other)], ['same', 'same'], 'and both open')
    },
  },
  {
    name: 'messages may overtake each other',
    run: async (people) => {
      const [hers, his] = await two(people)
      const sealed = await many(hers, 20)
      const order = sealed.map((_, n) => (n * 7) % 20)
      for (const n of order) same(await his.hears(sealed[n] ?? GROUP), String(n), 'a message')
      for (const n of order) same(await his.hears(sealed[n] ?? GROUP), 'refused', 'again')
    },
  },
  {
    name: 'after a gap of 2000 bob goes on, and the last 1000 of the gap may still come',
    heavy: true,
    run: async (people) => {
      const [hers, his] = await two(people)
      const sealed = await many(hers, 2002)
      const hear = (n: number): Promise<string> => his.hears(sealed[n] ?? GROUP)
      same(await hear(2001), 'refused', 'a gap of 2001')
      same(await hear(2000), '2000', 'a gap of 2000')
      same(await hear(999), 'refused', 'too old')
      same(await hear(1000), '1000', 'just kept')
      same(await hear(1500), '1500', 'in the middle')
      same(await hear(1500), 'refused', 'twice')
      same(await hear(2001), '2001', 'and on')
    },
  },
  {
    name: 'what comes before its commit waits, and uses nothing up',
    run: async (people) => {
      const [hers, his] = await two(people)
      const { commit } = await hers.commits({})
      const early = await hers.says('of the next epoch')
      const before = his.state.join()
      same(await his.hears(early), 'later', 'not yet')
      same(his.state.join(), before, 'nothing was used up')
      same(await his.takes(commit, hers), 'taken', 'the commit')
      same(await his.hears(early), 'of the next epoch', 'now')
    },
  },
  {
    name: 'messages of the last four epochs open, older ones do not',
    run: async (people) => {
      const [hers, his] = await two(people)
      const late: Bytes[] = []
      for (let n = 0; n < 6; n++) {
        late.push(await hers.says(`epoch ${String(n)}`), await hers.says(`again ${String(n)}`))
        if (n < 5) same(await his.takes((await hers.commits({})).commit, hers), 'taken', 'a commit')
      }
      const heard = []
      for (const one of late) heard.push(await his.hears(one))
      const kept = [1, 2, 3, 4, 5].flatMap((n) => [`epoch ${String(n)}`, `again ${String(n)}`])
      same(heard, ['refused', 'refused', ...kept], 'what opens')
      same(await his.hears(late[4] ?? GROUP), 'refused', 'each once')
    },
  },
]
