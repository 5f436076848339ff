import { kill } from './fixtures/faults.ts'
import { gather } from './fixtures/groups.ts'
import { Tab, type Person } from './fixtures/person.ts'
import { canSeeProcesses } from './fixtures/processes.ts'
import { expect, test } from './fixtures/test.ts'

const GROUP = 'Harbour crew'
const LONG = process.env['EARSHOT_LONG'] !== undefined
const DEATHS = LONG ? 200 : 3
/** Messages at the end of a chat that are looked at; so many are always in the page. */
const LOOK = 150

test.skip(!canSeeProcesses, 'Only Linux tells which processes make up a browser.')
test.setTimeout(LONG ? DEATHS * 90_000 : 360_000)

/** Writes one message after the other until the browser is no more; tells which of them were in Cem's own list. */
async function writeUntilDead(cem: Person, life: number): Promise<string[]> {
  const accepted: string[] = []
  const tab = new Tab(cem.page)
  try {
    for (;;) {
      const text = `life ${life} word ${accepted.length}.`
      await tab.say(text)
      accepted.push(text)
    }
  } catch (error) {
    if (!tab.page.isClosed()) throw error
    return accepted
  }
}

/** What Cem and the others said, as the newest messages of somebody's chat show it. */
async function newest(person: Person): Promise<string[]> {
  const shown = await person.log.getByRole('article').allInnerTexts()
  return shown.slice(-LOOK).flatMap((text) => /(?:life \d+ word|while dead) \d+\./.exec(text)?.[0] ?? [])
}

test(`Cem's browser is killed ${DEATHS} times while he writes: what was accepted is everywhere once, in order`, async ({
  alice,
  bob,
  cem,
}) => {
  await gather(GROUP, [alice, bob, cem])
  for (let life = 1; life <= DEATHS; life++) {
    const writing = writeUntilDead(cem, life)
    // Each time a little later, so that it hits another moment of what is being written.
    await alice.sees(`life ${life} word ${life % 5}.`)
    await kill(cem)
    const accepted = await writing
    expect(accepted.length).toBeGreaterThanOrEqual(life % 5)
    await alice.say(`while dead ${life}.`)
    await bob.sees(`while dead ${life}.`)
    await cem.open()
    await cem.chatWith(GROUP)
    await cem.sees(`while dead ${life}.`)
    // Lines that were seen may be hidden again while the list measures them: an empty list says nothing.
    await expect.poll(() => newest(cem)).toEqual(expect.arrayContaining([...accepted, `while dead ${life}.`]))
    const own = await newest(cem)
    expect(new Set(own).size, 'nothing is there twice').toBe(own.length)
    for (const person of [alice, bob])
      await expect.poll(() => newest(person), `what ${person.name} sees`).toEqual(own)
  }
})
