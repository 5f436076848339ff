import { beforeEach, expect, test, vi } from 'vitest'
import { feedKey, feedOf } from '../../../src/core/record.ts'
import { reachKey } from '../../../src/store/tables.ts'
import { append } from '../../../src/sync/append.ts'
import { read, type Desk } from '../../support/desk.ts'
import { arrive, office, type Office } from '../../support/office.ts'
import { act, ask, desks, enterWith, feedIn, keysBetween, membershipOf } from '../../support/party.ts'
import { seeded } from '../../support/random.ts'
import { steadyCrypto } from '../../support/steady-crypto.ts'

vi.stubGlobal('crypto', steadyCrypto(seeded(1)))

let alice: Desk, bob: Desk
let desk: Office
beforeEach(async () => {
  ;[alice, bob] = await desks('Alice', 'Bob')
  desk = office(alice)
})

const speak = (text: string) =>
  desk.carry(async (draft) => {
    const bodies = [{ kind: 'text', text } as const]
    await append(draft, alice.author, { conversation: membershipOf(alice, bob).conversation, bodies })
  }, bob)
const feed = () => alice.ledger.state.feeds.get(feedKey(feedIn(alice, bob)))
const sent = async () => {
  const key = reachKey({ feed: feedOf(feedIn(alice, bob)), peer: bob.me })
  return (await alice.store.get('reaches', key))?.sent
}

test('between two nothing leaves before both have keys, though they are linked', async () => {
  const toBob = desk.line(bob)
  await toBob.meet(alice)
  await speak('hello')
  expect([toBob.given(), feed()?.left, await sent()]).toEqual([[], undefined, undefined])
})

test('what was said before is sealed with the first keys, and is Sent', async () => {
  await speak('hello')
  await keysBetween(alice, bob)
  const before = alice.keys.length
  const toBob = desk.line(bob)
  await toBob.meet(alice)
  expect([feed()?.left, await sent()]).toEqual([feed()?.seq, feed()?.seq])
  expect(alice.keys.length - before).toBe(toBob.given().length)
  await arrive(alice, bob, toBob)
  expect([await read(bob), bob.suspicions]).toEqual([['hello'], []])
})

test('the welcome that gives bob the keys lets his words go to alice, before he has the record that tells of them', async () => {
  const conversation = membershipOf(alice, bob).conversation
  const [opener, shower] = alice.me < bob.me ? [alice, bob] : [bob, alice]
  const answer = await ask(shower, opener, { conversation, generation: 1 })
  if (!answer) throw new Error('no welcome')
  await enterWith(shower, opener, answer)
  const at = office(shower)
  const line = at.line(opener)
  await line.meet(shower)
  await at.carry(async (draft) => {
    await append(draft, shower.author, { conversation, bodies: [{ kind: 'text', text: 'hi' }] })
  }, opener)
  expect(line.given()).toEqual(['s', 's', 's'])
  await arrive(shower, opener, line)
  expect([await read(opener), opener.suspicions]).toEqual([['hi'], []])
})

test('bob, who lost his keys, gets nothing sealed under them; what comes meanwhile waits for the next', async () => {
  await keysBetween(alice, bob)
  await act(bob, (draft) => {
    draft.remove('mls', membershipOf(bob, alice).conversation)
  })
  const toBob = desk.line(bob)
  await toBob.meet(alice)
  const { left } = feed() ?? {}
  await speak('hello')
  expect([toBob.given(), feed()?.left]).toEqual([[], left])
})

test('the secret of the invite is forgotten when the first words have left', async () => {
  await keysBetween(alice, bob)
  expect(membershipOf(alice, bob).psks).toBeDefined()
  const toBob = desk.line(bob)
  await toBob.meet(alice)
  expect(toBob.given().length).toBeGreaterThan(0)
  expect(membershipOf(alice, bob).psks).toBeUndefined()
})

test('what was on its way when the link ended waits again', async () => {
  await keysBetween(alice, bob)
  const toBob = desk.line(bob)
  await toBob.meet(alice)
  await speak('hello')
  expect(await sent()).toBe(feed()?.seq)
  await toBob.end()
  expect(await sent()).toBe(0)
})
