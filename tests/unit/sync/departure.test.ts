import { beforeEach, describe, expect, test, vi } from 'vitest'
import { feedKey } from '../../../src/core/record.ts'
import type { Frame } from '../../../src/protocol/frame.ts'
import { append } from '../../../src/sync/append.ts'
import { read, type Desk } from '../../support/desk.ts'
import { act, desks, feedIn, GROUP, heldOf, party, removeFrom } from '../../support/party.ts'
import { arrive, office, type Line, type Office } from '../../support/office.ts'
import { seeded } from '../../support/random.ts'
import { steadyCrypto } from '../../support/steady-crypto.ts'

vi.stubGlobal('crypto', steadyCrypto(seeded(1)))

let alice: Desk, bob: Desk, cem: Desk
let desk: Office
beforeEach(async () => {
  ;[alice, bob, cem] = await desks('Alice', 'Bob', 'Cem')
  await party([alice, bob, cem])
  desk = office(alice)
  alice.keys.length = 0
})

const speak = (...texts: string[]) =>
  desk.carry(async (draft) => {
    const bodies = texts.map((text) => ({ kind: 'text', text }) as const)
    await append(draft, alice.author, { conversation: GROUP, bodies })
  })
const sealed = ({ said }: Line) =>
  said.filter((frame): frame is Frame & { type: 'sealed' } => frame.type === 'sealed')
const left = () => alice.ledger.state.feeds.get(feedKey(feedIn(alice)))?.left
describe('the first trip', () => {
  test('is sealed once for all who are linked, and each reads it', async () => {
    const [toBob, toCem] = [desk.line(bob), desk.line(cem)]
    for (const line of [toBob, toCem]) await line.meet()
    await speak('hello')
    expect([toBob.given(), toCem.given(), alice.keys.length]).toEqual([['s'], ['s'], 1])
    expect(sealed(toBob)).toEqual(sealed(toCem))
    expect(left()).toBe(heldOf(alice, alice))
    for (const [self, line] of [
      [bob, toBob],
      [cem, toCem],
    ] as const) {
      await arrive(alice, self, line)
      expect([await read(self, GROUP), self.suspicions]).toEqual([['hello'], []])
    }
  })

  test('is made once: whoever was away, or lost it, gets it in the open', async () => {
    const toBob = desk.line(bob)
    await toBob.meet()
    await speak('hello')
    await toBob.end()
    const [again, toCem] = [desk.line(bob), desk.line(cem)]
    for (const line of [again, toCem]) await line.meet()
    const seq = String(heldOf(alice, alice))
    expect([again.given(), toCem.given(), alice.keys.length]).toEqual([[seq], [seq], 1])
    await arrive(alice, cem, toCem)
    expect(await read(cem, GROUP)).toEqual(['hello'])
  })

  test('leaves whoever was removed without even its place', async () => {
    const [toBob, toCem] = [desk.line(bob), desk.line(cem)]
    for (const line of [toBob, toCem]) await line.meet()
    await removeFrom(alice, cem)
    await speak('hello')
    const seq = heldOf(alice, alice)
    expect(toBob.given()).not.toEqual([])
    expect(toCem.given()).not.toContain('s')
    expect(toCem.given()).not.toContain(`(${String(seq)})`)
  })

  test('waits until it is known what the other holds', async () => {
    const toBob = desk.line(bob)
    await speak('hello')
    expect([toBob.given(), left(), alice.keys]).toEqual([[], heldOf(alice, alice) - 1, []])
    await toBob.meet()
    expect([toBob.given(), left()]).toEqual([['s'], heldOf(alice, alice)])
  })

  test('waits for somebody to be there, and for nobody in particular', async () => {
    await speak('one', 'two')
    expect(left()).toBe(heldOf(alice, alice) - 2)
    const toCem = desk.line(cem)
    await toCem.meet()
    expect([toCem.given(), left()]).toEqual([['s', 's'], heldOf(alice, alice)])
  })

  test('is not for somebody who lacks what came before it: they are given that first, and this in the open', async () => {
    const toBob = desk.line(bob)
    await toBob.meet()
    await speak('one')
    const toCem = desk.line(cem)
    toCem.room.waiting = 1_000_000
    await toCem.meet()
    await speak('two')
    expect([toBob.given(), toCem.given()]).toEqual([['s', 's'], []])
    toCem.room.waiting = 0
    desk.delivery.offer()
    await desk.rest()
    const last = heldOf(alice, alice)
    expect([toCem.given(), alice.keys.length]).toEqual([[String(last - 1), String(last)], 2])
  })

  test('is of many records, and all leave, some at a time', async () => {
    const toBob = desk.line(bob)
    await toBob.meet()
    await speak(...Array.from({ length: 150 }, (_, n) => String(n)))
    const parts: number[] = []
    while (toBob.given().length > 0) {
      parts.push(toBob.given().length)
      await arrive(alice, bob, toBob)
      await toBob.meet()
    }
    expect([parts.length > 1, parts.reduce((a, b) => a + b), alice.keys.length]).toEqual([true, 150, 150])
    expect(await read(bob, GROUP)).toHaveLength(150)
  })
})

describe('nothing leaves', () => {
  test('if what was written did not come to the disk; it leaves with what is written next', async () => {
    const toBob = desk.line(bob)
    await toBob.meet()
    const commit = vi.spyOn(alice.store, 'commit').mockRejectedValueOnce(new Error('full'))
    await expect(speak('lost')).rejects.toThrow('full')
    commit.mockRestore()
    expect(toBob.given()).toEqual([])
    await speak('kept')
    expect(toBob.given()).toEqual(['s'])
    await arrive(alice, bob, toBob)
    expect(await read(bob, GROUP)).toEqual(['kept'])
  })

  test('before all of it is on the disk', async () => {
    const toBob = desk.line(bob)
    await toBob.meet()
    let open = (): void => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    const { commit } = alice.store
    vi.spyOn(alice.store, 'commit').mockImplementationOnce(async (...args) => {
      await gate
      await commit(...args)
    })
    const spoken = speak('hello')
    await new Promise((resolve) => setImmediate(resolve))
    expect(toBob.given()).toEqual([])
    open()
    await spoken
    expect(toBob.given()).toEqual(['s'])
  })

  test('if somebody holds more of it than we know of having sent', async () => {
    const toBob = desk.line(bob)
    await toBob.meet()
    await act(alice, (draft) => {
      const feed = draft.get('feeds', feedKey(feedIn(alice)))
      if (feed) draft.put('feeds', { ...feed, claimed: feed.seq + 1 })
    })
    await speak('hello')
    expect([toBob.given(), alice.keys]).toEqual([[], []])
  })

  test('on a link that another one replaced', async () => {
    const toBob = desk.line(bob)
    await toBob.meet()
    toBob.room.counts = false
    await speak('hello')
    expect([toBob.given(), alice.keys]).toEqual([[], []])
  })
})
