import { join } from 'node:path'
import { keepCopy } from './fixtures/faults.ts'
import { gather } from './fixtures/groups.ts'
import type { Person } from './fixtures/person.ts'
import { expect, test } from './fixtures/test.ts'

// Three browsers find each other, and one of them starts five times.
test.slow()

const GROUP = 'Harbour crew'
/** What a browser says by itself. */
const WITHOUT_NETWORK = /net::ERR_INTERNET_DISCONNECTED/

/** Somebody goes on from an older copy of the profile; resolves when the device has shown that it knows nothing later. */
async function isSetBack(person: Person, folder: string, meanwhile: () => Promise<void>): Promise<void> {
  await person.isInstalledOffline()
  const putBack = await keepCopy(person, join(folder, 'older copy'))
  await person.open()
  await person.chatWith(GROUP)
  await meanwhile()
  await putBack()
  await person.open('about:blank')
  await person.goOffline(true)
  await person.open()
  await person.chatWith(GROUP)
  await person.sees('said before')
  await expect(person.log.getByRole('article')).toHaveCount(1)
}

async function areInOrder(people: readonly Person[], texts: readonly string[]): Promise<void> {
  for (const person of people) {
    await expect(person.log.getByRole('article'), `what ${person.name} sees`).toContainText(texts)
    await expect(person.log.getByRole('article')).toHaveCount(texts.length)
  }
}

test('Cem’s device goes on from an older copy: it gets everything again, and talks go on', async ({
  alice,
  bob,
  cem,
  folder,
  alarms,
}) => {
  alarms.provoke(WITHOUT_NETWORK)
  await gather(GROUP, [alice, bob, cem])
  await alice.say('said before')
  await cem.sees('said before')
  await isSetBack(cem, folder, async () => {
    await cem.say('lost by Cem')
    for (const person of [alice, bob]) await person.sees('lost by Cem')
    await alice.say('said later')
    await cem.sees('said later')
  })
  // All of it comes from somebody who did not write it.
  await alice.close()
  await cem.goOffline(false)
  for (const text of ['lost by Cem', 'said later']) await cem.sees(text)
  await alice.reopen()
  await alice.chatWith(GROUP)
  await cem.say('here I am again')
  for (const person of [alice, bob]) {
    await person.sees('here I am again')
    await expect(person.log.getByText(/^Cem’s device was restored/)).toBeVisible()
  }
  await bob.say('welcome back')
  await cem.seesStatus('here I am again', 'Delivered')
  await areInOrder(
    [alice, bob, cem],
    ['said before', 'lost by Cem', 'said later', 'here I am again', 'welcome back'],
  )
})

test('the organiser’s device goes on from an older copy: the group goes on with new keys', async ({
  alice,
  bob,
  cem,
  folder,
  alarms,
}) => {
  alarms.provoke(WITHOUT_NETWORK)
  await gather(GROUP, [alice, bob, cem])
  await bob.say('said before')
  await alice.sees('said before')
  await isSetBack(alice, folder, async () => {
    await alice.say('lost by Alice')
    for (const person of [bob, cem]) await person.sees('lost by Alice')
    await cem.say('said later')
    await alice.sees('said later')
  })
  await alice.goOffline(false)
  for (const text of ['lost by Alice', 'said later']) await alice.sees(text)
  await alice.say('here I am again')
  for (const person of [bob, cem]) {
    await person.sees('here I am again')
    await expect(person.log.getByText(/^Alice’s device was restored/)).toBeVisible()
  }
  await cem.say('welcome back')
  await areInOrder(
    [alice, bob, cem],
    ['said before', 'lost by Alice', 'said later', 'here I am again', 'welcome back'],
  )
})
