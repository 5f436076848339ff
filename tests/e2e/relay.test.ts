import { addMembers, answer, gather, removeMember, seesMembers } from './fixtures/groups.ts'
import { details } from './fixtures/messages.ts'
import type { Person } from './fixtures/person.ts'
import { expect, test } from './fixtures/test.ts'
import type { Screen } from './fixtures/screen.ts'

// Four browsers find each other.
test.slow()

const GROUP = 'Harbour crew'

async function seesReach(screen: Screen, text: string, reach: string): Promise<void> {
  await expect((await details(screen, text)).getByRole('heading', { name: reach, exact: true })).toBeVisible()
  await screen.closeDialog('Details')
}

async function comesBack(person: Person): Promise<void> {
  await person.reopen()
  await person.chatWith(GROUP)
}

test('Ann writes and leaves, and Ben brings it to Cem, also what was said before and after Dora came', async ({
  someone,
}) => {
  const [ann, ben, cem, dora] = [someone('Ann'), someone('Ben'), someone('Cem'), someone('Dora')]
  await gather(GROUP, [ann, ben, cem])
  await dora.arrive()
  await dora.connectBy(await ann.inviteLink())
  await dora.isLinked()
  await cem.close()
  await ann.say('before Dora')
  await ben.sees('before Dora')
  await addMembers(ann, GROUP, ['Dora'])
  await answer(dora, { from: 'Ann', group: GROUP, how: 'Join' })
  await dora.chatWith(GROUP)
  await seesMembers(ann, ['You', 'Ben', 'Cem', 'Dora'])
  await ann.say('after Dora')
  for (const person of [ben, dora]) await person.sees('after Dora')
  await seesReach(ann, 'before Dora', 'Delivered to 1 of 2')
  await seesReach(ann, 'after Dora', 'Delivered to 2 of 3')
  await ann.close()

  await comesBack(cem)
  for (const text of ['before Dora', 'after Dora']) await cem.sees(text)
  await seesMembers(cem, ['Ann', 'You', 'Ben', 'Dora'])
  await cem.say('thank you, Ben')
  for (const person of [ben, dora]) await person.sees('thank you, Ben')
  await expect(dora.message('before Dora')).toHaveCount(0)
  await expect(dora.log.getByRole('article')).toHaveCount(2)

  await comesBack(ann)
  await ann.sees('thank you, Ben')
  await seesReach(ann, 'before Dora', 'Delivered to all 2')
  await seesReach(ann, 'after Dora', 'Delivered to all 3')
})

test('Dora is removed while Cem is away: he gets everything from Ben, and she nothing more', async ({
  someone,
}) => {
  const [ann, ben, cem, dora] = [someone('Ann'), someone('Ben'), someone('Cem'), someone('Dora')]
  await gather(GROUP, [ann, ben, cem, dora])
  await cem.close()
  await ann.say('with Dora')
  for (const person of [ben, dora]) await person.sees('with Dora')
  await removeMember(ann, 'Dora')
  await expect(dora.composer).toBeHidden()
  await ann.say('without Dora')
  await ben.sees('without Dora')
  // Nobody waits for somebody who is out.
  await seesReach(ann, 'with Dora', 'Delivered to 1 of 2')
  await ann.close()

  await comesBack(cem)
  for (const text of ['with Dora', 'without Dora']) await cem.sees(text)
  await seesMembers(cem, ['Ann', 'You', 'Ben'])
  await cem.say('just us now')
  await ben.sees('just us now')
  // Also what she could ask for when she comes anew.
  await comesBack(dora)
  await dora.sees('with Dora')
  await expect(dora.log.getByRole('article')).toHaveCount(1)
})
