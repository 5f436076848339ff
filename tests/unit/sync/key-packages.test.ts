import { beforeEach, expect, test } from 'vitest'
import { keyPackageFor } from '../../../src/sync/key-packages.ts'
import { purposeOf } from '../../../src/sync/wish.ts'
import { desk, type Desk } from '../../support/desk.ts'
import { act, GROUP } from '../../support/party.ts'
import { conversationOf, identityOf } from '../../support/samples.ts'
import { inviteId } from '../../../src/core/ids.ts'

let alice: Desk
beforeEach(async () => {
  alice = await desk('Alice', 1)
})
const [bob, cem] = [identityOf(2), identityOf(3)]
const show = (...purposes: string[]) =>
  act(alice, async (draft) => {
    for (const purpose of purposes) await keyPackageFor(draft, alice.author, purpose)
  })
const shown = () => [...alice.ledger.state.keyPackages.keys()].sort()
const at = (generation: number, organiser = bob, conversation = GROUP) =>
  purposeOf({ conversation, generation }, organiser)

test('of all that was shown to somebody for a conversation only the last is kept, however many generations they name', async () => {
  for (let generation = 1; generation < 50; generation++) await show(at(generation))
  expect(shown()).toEqual([at(49)])
})

test('what was shown to others, for other conversations or by an invite stays', async () => {
  const others = [at(1, cem), at(1, bob, conversationOf(9))]
  const byInvite = purposeOf({ invite: inviteId('00'.repeat(16)) }, bob)
  await show(...others, byInvite, at(1), at(2))
  expect(shown()).toEqual([...others, byInvite, at(2)].sort())
  const again = purposeOf({ invite: inviteId('11'.repeat(16)) }, bob)
  await show(again)
  expect(shown()).toContain(byInvite)
})
