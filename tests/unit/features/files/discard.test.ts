import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eventually, fileOf, MIB, setup, type Pair, type Person } from './people.ts'

// Megabytes are really sealed and opened here.
vi.setConfig({ testTimeout: 20_000 })

let pair: Pair
let alice: Person
let bob: Person

beforeEach(async () => {
  pair = await setup()
  ;({ alice, bob } = pair)
})

afterEach(() => {
  pair.close()
  expect([...alice.errors, ...bob.errors]).toEqual([])
})

/** The message of the newest file that came or went is here no more. */
async function discard(person: Person): Promise<void> {
  const { manifest, direction, peer } = person.ref()
  const author = direction === 'sending' ? person.identity : peer
  await person.store.commit([{ table: 'discards', put: { file: manifest.file, author } }])
}

async function nothingLeft({ disk, store }: Person): Promise<void> {
  await eventually(async () => (await store.all('discards')).length === 0)
  expect(disk.names()).toEqual([])
  expect(await store.all('transfers')).toEqual([])
}

async function sendAndArrive(): Promise<void> {
  await alice.send(fileOf('notes.bin', 2 * MIB))
  await eventually(() => bob.manifests.length === 1 && bob.view().at === 'complete')
  await eventually(() => alice.view().at === 'complete')
}

test('a file whose message was taken back is nowhere on either disk', async () => {
  await sendAndArrive()
  for (const person of [alice, bob]) {
    expect(person.disk.names()).toHaveLength(1)
    await discard(person)
    person.files.onDiscarded()
    await nothingLeft(person)
  }
})

test('what a page that ended at once did not take away goes when Bob opens it again', async () => {
  await sendAndArrive()
  await discard(bob)
  await bob.restart()
  await nothingLeft(bob)
})

test('a file that is on its way stops, and nothing of it stays', async () => {
  const release = bob.disk.halt()
  await alice.send(fileOf('notes.bin', 8 * MIB))
  await eventually(() => bob.manifests.length === 1 && bob.view().at === 'moving')
  await discard(alice)
  alice.files.onDiscarded()
  await nothingLeft(alice)
  release()
  await eventually(() => bob.view().at === 'cancelled')
  expect(bob.view()).toEqual({ at: 'cancelled', by: 'them' })
  await discard(bob)
  bob.files.onDiscarded()
  await nothingLeft(bob)
})

test('only what was taken back goes', async () => {
  await sendAndArrive()
  await alice.send(fileOf('more.bin', MIB))
  await eventually(() => bob.manifests.length === 2 && bob.view().at === 'complete')
  await discard(bob)
  bob.files.onDiscarded()
  await eventually(async () => (await bob.store.all('discards')).length === 0)
  expect(bob.disk.names()).toHaveLength(1)
  await bob.files.save(bob.ref(0))
  expect(bob.saved.get('notes.bin')?.length).toBe(2 * MIB)
})
