import { beforeEach, describe, expect, test, vi } from 'vitest'
import { feedKey } from '../../../src/core/record.ts'
import { append } from '../../../src/sync/append.ts'
import { rowsOf, say, type Desk } from '../../support/desk.ts'
import { act, bring, desks, feedIn, GROUP, gossip, heldOf, letIn, party } from '../../support/party.ts'
import { office, type Office } from '../../support/office.ts'
import { seeded } from '../../support/random.ts'
import { steadyCrypto } from '../../support/steady-crypto.ts'

vi.stubGlobal('crypto', steadyCrypto(seeded(1)))

let alice: Desk, bob: Desk, cem: Desk, dora: Desk
let desk: Office
beforeEach(async () => {
  ;[alice, bob, cem, dora] = await desks('Alice', 'Bob', 'Cem', 'Dora')
  await party([alice, bob, cem])
  desk = office(alice)
  alice.keys.length = 0
})

const speak = (...texts: string[]) =>
  desk.carry(async (draft) => {
    const bodies = texts.map((text) => ({ kind: 'text', text }) as const)
    await append(draft, alice.author, { conversation: GROUP, bodies })
  })
describe('whoever cannot open what is sealed', () => {
  test('is given the same in the open, while the others get it sealed', async () => {
    await letIn(alice, dora)
    await bring(alice, bob)
    await bring(dora, alice)
    const [toBob, toCem] = [desk.line(bob), desk.line(cem)]
    for (const line of [toBob, toCem]) await line.meet()
    // Cem is an epoch behind: that commit was not given to him yet.
    const before = toCem.given().length
    await speak('hello')
    expect(toBob.given().at(-1)).toBe('s')
    expect(toCem.given().slice(before)).toEqual([String(heldOf(alice, alice))])
  })

  test('is given it in the open though nobody can open it', async () => {
    await act(alice, (draft) => {
      draft.remove('mls', GROUP)
    })
    const toBob = desk.line(bob)
    await toBob.meet()
    await speak('hello')
    expect([toBob.given(), alice.keys]).toEqual([[String(heldOf(alice, alice))], []])
  })

  test('and was not there when it was said gets its place alone, and it is sealed for nobody', async () => {
    await speak('before Dora')
    await letIn(alice, dora)
    await gossip([alice, bob, cem, dora])
    alice.keys.length = 0
    const seq = heldOf(alice, alice)
    await act(alice, (draft) => {
      const feed = draft.get('feeds', feedKey(feedIn(alice)))
      // As if nobody had got it yet.
      if (feed) draft.put('feeds', { ...feed, left: seq - 2 })
    })
    const [toBob, toDora] = [desk.line(bob), desk.line(dora)]
    for (const line of [toBob, toDora])
      await line.hear({ type: 'have', conversation: GROUP, part: 'last', entries: [] })
    expect(alice.keys).toEqual([])
    expect(toDora.given().slice(0, 3)).toEqual(['1', '(2)', '(3)'])
    expect(toBob.given().every((one) => one !== 's')).toBe(true)
  })
})

test('what was said after a removal that was not known is a place alone when its author is let in again', async () => {
  await say(alice, GROUP, 'nobody heard this')
  const row = (await rowsOf(alice, GROUP)).find(({ message }) => message)
  if (!row?.message) throw new Error('nothing was said')
  const { message } = row
  await act(alice, (draft) => {
    draft.put('records', { ...row, message: { ...message, failed: 'removed' } })
  })
  const toBob = desk.line(bob)
  await toBob.meet()
  expect([toBob.given(), alice.keys]).toEqual([[`(${String(row.record.seq)})`], []])
})
