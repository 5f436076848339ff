import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FileSignal } from '../../../../src/core/file.ts'
import {
  bytesOf,
  eventually,
  fileOf,
  hashOf,
  MIB,
  received,
  setup,
  type Pair,
  type Person,
} from './people.ts'

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

/** A person's file on their disk, which other programs may change; read only where it is sliced. */
function fileOnDisk(size: number): { file: File; change: () => void; remove: () => void } {
  let state = { version: 1, there: true }
  const file = {
    ...{ name: 'film.mp4', type: 'video/mp4', size },
    slice: (from: number, to: number) => ({
      arrayBuffer: () =>
        state.there
          ? Promise.resolve(new Uint8Array(to - from).fill(state.version).buffer)
          : Promise.reject(new DOMException('it was moved', 'NotFoundError')),
    }),
  }
  return {
    file: file as unknown as File,
    change: () => (state = { ...state, version: 2 }),
    remove: () => (state = { ...state, there: false }),
  }
}

test('a small file that did not leave yet survives when Alice loads the page again', async () => {
  pair.cut()
  await alice.send(fileOf('small.bin', 3 * MIB))
  await alice.restart()
  expect(alice.view()).toEqual({ at: 'waiting' })
  pair.link()
  await eventually(() => bob.manifests.length === 1 && bob.view().at === 'complete')
  await bob.files.save(bob.ref())
  const saved = bob.saved.get('small.bin') ?? new Uint8Array(1)
  expect(await hashOf(saved)).toBe(await hashOf(bytesOf(3 * MIB)))
})

test('a big file that did not leave yet is gone with the page: the message is Failed and Bob is told', async () => {
  pair.cut()
  await alice.send(fileOnDisk(40 * MIB).file)
  expect(await alice.failed()).toBeUndefined()
  await alice.restart()
  expect(alice.view()).toEqual({ at: 'gone', reason: 'missing' })
  await eventually(async () => (await alice.failed()) === 'file-gone')
  pair.link()
  await eventually(() => bob.manifests.length === 1)
  bob.files.accept(bob.ref())
  await eventually(() => bob.view().at === 'gone')
  expect(bob.view()).toEqual({ at: 'gone', reason: 'missing' })
})

test('Bob loads the page again in the middle: what he has is kept and the rest comes', async () => {
  await alice.send(fileOf('big.bin', 24 * MIB))
  await received(bob, 20 * MIB)
  pair.cut()
  await bob.restart()
  expect(bob.view()).toMatchObject({ at: 'moving', paused: true, done: 16 * MIB })
  const sent = pair.lanes.bytesSent()
  pair.link()
  await eventually(() => bob.view().at === 'complete')
  expect(pair.lanes.bytesSent() - sent).toBeLessThan(9 * MIB)
  await bob.files.save(bob.ref())
  const saved = bob.saved.get('big.bin') ?? new Uint8Array(1)
  expect(await hashOf(saved)).toBe(await hashOf(bytesOf(24 * MIB)))
})

test('both still see how finished files ended after a restart', async () => {
  await alice.send(fileOf('small.bin', 10))
  await eventually(
    () => bob.manifests.length === 1 && bob.view().at === 'complete' && alice.view().at === 'complete',
  )
  await alice.send(fileOf('film.mp4', 26 * MIB))
  await eventually(() => bob.manifests.length === 2)
  bob.files.cancel(bob.ref())
  await eventually(() => alice.view().at === 'cancelled')
  await Promise.all([alice.restart(), bob.restart()])
  expect(alice.view(0)).toEqual({ at: 'complete', savable: true })
  expect(bob.view(0)).toEqual({ at: 'complete', savable: true })
  expect(alice.view(1)).toEqual({ at: 'cancelled', by: 'them' })
  expect(bob.view(1)).toEqual({ at: 'cancelled', by: 'us' })
})

test('Bob may ask again, after both restarted, for a file that his disk lost', async () => {
  await alice.send(fileOf('small.bin', MIB))
  await eventually(
    () => bob.manifests.length === 1 && bob.view().at === 'complete' && alice.view().at === 'complete',
  )
  await alice.restart()
  const before = pair.lanes.bytesSent()
  bob.say({ step: 'want', ticket: 9, from: 0, file: bob.ref().manifest.file })
  await eventually(() => pair.lanes.bytesSent() > before + MIB)
})

test('a file that changes while it is sent is never sealed twice: both are told, the message is Failed', async () => {
  const { file, change } = fileOnDisk(40 * MIB)
  await alice.send(file)
  await eventually(() => bob.manifests.length === 1)
  bob.files.accept(bob.ref())
  await received(bob, 4 * MIB)
  pair.cut()
  change()
  pair.link()
  await eventually(() => bob.view().at === 'gone')
  expect(bob.view()).toEqual({ at: 'gone', reason: 'changed' })
  expect(alice.view()).toEqual({ at: 'gone', reason: 'changed' })
  await eventually(async () => (await alice.failed()) === 'file-gone')
  expect(bob.disk.names()).toEqual([])
})

test('a file that is deleted while it is sent', async () => {
  const { file, remove } = fileOnDisk(40 * MIB)
  await alice.send(file)
  await eventually(() => bob.manifests.length === 1)
  bob.files.accept(bob.ref())
  await received(bob, 4 * MIB)
  remove()
  await eventually(() => bob.view().at === 'gone')
  expect(bob.view()).toEqual({ at: 'gone', reason: 'missing' })
})

test('Bob’s last word is lost, and he restarts before the next link: Alice hears of it all the same, and once is enough', async () => {
  const isLast = (signal: FileSignal): boolean => signal.step === 'want' && signal.from > 0
  pair.lose((signal) => signal.step === 'wrote' || isLast(signal))
  await alice.send(fileOf('small.bin', 10))
  await eventually(() => pair.said.some(isLast))
  pair.cut()
  pair.lose(() => false)
  await Promise.all([alice.restart(), bob.restart()])
  expect(alice.view().at).toBe('waiting')
  pair.link()
  await eventually(() => alice.view().at === 'complete')
  await eventually(() => pair.said.at(-1)?.step === 'over')
  await told(bob)

  for (const person of [alice, bob]) await person.restart()
  const before = pair.said.length
  pair.cut()
  pair.link()
  await settled()
  expect(pair.said.slice(before)).toEqual([])
})

test('a cancel is said again until the other side has it, also when both have restarted', async () => {
  await alice.send(fileOf('film.mp4', 26 * MIB))
  await eventually(() => bob.manifests.length === 1)
  pair.lose(({ step }) => step === 'over')
  bob.files.cancel(bob.ref())
  await eventually(() => pair.said.at(-1)?.step === 'over')
  expect(alice.view()).toEqual({ at: 'cancelled', by: 'them' })
  pair.lose(() => false)
  await Promise.all([alice.restart(), bob.restart()])
  pair.cut()
  const before = pair.said.length
  pair.link()
  await eventually(() => pair.said.at(-1)?.step === 'over')
  expect(pair.said.slice(before).map(({ step }) => step)).toEqual(['cancel', 'over'])
  await told(bob)
})

test('both cancel at once, and neither says it again', async () => {
  await alice.send(fileOf('film.mp4', 26 * MIB))
  await eventually(() => bob.manifests.length === 1)
  bob.files.cancel(bob.ref())
  alice.files.cancel(alice.ref())
  await Promise.all([told(alice), told(bob)])
  await Promise.all([alice.restart(), bob.restart()])
  const before = pair.said.length
  pair.cut()
  pair.link()
  await settled()
  expect(pair.said.slice(before)).toEqual([])
})

test('Alice cancels before Bob has seen her message: it comes cancelled', async () => {
  pair.cut()
  await alice.send(fileOf('film.mp4', 26 * MIB))
  alice.files.cancel(alice.ref())
  await eventually(() => alice.view().at === 'cancelled')
  await settled()
  // On a new link the word comes first: the message must be read from the disk.
  pair.link({ messages: 'later' })
  await eventually(() => pair.said.some(({ step }) => step === 'cancel'))
  await settled()
  expect(pair.said.some(({ step }) => step === 'over')).toBe(false)
  pair.deliver()
  await eventually(() => bob.manifests.length === 1 && bob.view().at === 'cancelled')
  await told(alice)
})

async function told(person: Person): Promise<void> {
  await eventually(async () => (await person.store.all('transfers')).every((row) => row.told === true))
}

/** Everything that a new link sets off has been said. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
}
