import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AHEAD_BLOCKS } from '../../../../src/core/transfer.ts'
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

async function arrived(): Promise<void> {
  await eventually(() => bob.manifests.length > 0 && bob.view().at === 'complete')
}

async function expectSame(person: Person, name: string, size: number): Promise<void> {
  await person.files.save(person.ref())
  const saved = person.saved.get(name)
  expect(saved?.length).toBe(size)
  expect(await hashOf(saved ?? new Uint8Array(1))).toBe(await hashOf(bytesOf(size)))
}

test.each([0, 1, 1_000, MIB - 1, MIB, MIB + 1, 3 * MIB + 12_345])(
  'a file of %i bytes reaches Bob by itself and he saves exactly what Alice sent',
  async (size) => {
    await alice.send(fileOf('notes.bin', size))
    await arrived()
    await expectSame(bob, 'notes.bin', size)
    await eventually(() => alice.view().at === 'complete')
  },
)

test('several files at once all arrive', async () => {
  await alice.send(fileOf('a', 2 * MIB), fileOf('b', MIB), fileOf('c', 10), fileOf('d', 3 * MIB))
  await eventually(
    () => bob.manifests.length === 4 && [0, 1, 2, 3].every((i) => bob.view(i).at === 'complete'),
  )
  await eventually(() => [0, 1, 2, 3].every((i) => alice.view(i).at === 'complete'))
  expect(alice.files.busy.current || bob.files.busy.current).toBe(false)
})

test('a file of more than 25 MiB waits until Bob consents', async () => {
  const size = 26 * MIB
  await alice.send(fileOf('film.mp4', size))
  await eventually(() => bob.manifests.length === 1)
  expect(bob.view()).toEqual({ at: 'offered' })
  expect(pair.lanes.bytesSent()).toBe(0)
  bob.files.accept(bob.ref())
  await arrived()
  await expectSame(bob, 'film.mp4', size)
})

test('Bob consents twice, and there is room for it only once: it comes, once', async () => {
  bob.disk.quota = 60 * MIB
  await alice.send(fileOf('film.mp4', 26 * MIB))
  await eventually(() => bob.manifests.length === 1)
  bob.files.accept(bob.ref())
  bob.files.accept(bob.ref())
  await arrived()
  await expectSame(bob, 'film.mp4', 26 * MIB)
})

test('when Bob declines, both sides say so and nothing moves', async () => {
  await alice.send(fileOf('film.mp4', 26 * MIB))
  await eventually(() => bob.manifests.length === 1)
  bob.files.cancel(bob.ref())
  expect(bob.view()).toEqual({ at: 'cancelled', by: 'us' })
  await eventually(() => alice.view().at === 'cancelled')
  expect(alice.view()).toEqual({ at: 'cancelled', by: 'them' })
  expect(pair.lanes.bytesSent()).toBe(0)
})

test('Alice sends no faster than Bob can write', async () => {
  const go = bob.disk.halt()
  await alice.send(fileOf('big.bin', 24 * MIB))
  await eventually(() => pair.lanes.bytesSent() > AHEAD_BLOCKS * MIB)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(pair.lanes.bytesSent()).toBeLessThan((AHEAD_BLOCKS + 1) * MIB)
  expect(bob.view()).toMatchObject({ at: 'moving', done: 0 })
  go()
  await arrived()
  await expectSame(bob, 'big.bin', 24 * MIB)
})

test('Alice cancels in the middle: both sides say so and Bob keeps nothing of it', async () => {
  const go = bob.disk.halt()
  await alice.send(fileOf('big.bin', 20 * MIB))
  await eventually(() => alice.view().at === 'moving')
  alice.files.cancel(alice.ref())
  await eventually(() => bob.view().at === 'cancelled')
  expect(bob.view()).toEqual({ at: 'cancelled', by: 'them' })
  expect(alice.view()).toEqual({ at: 'cancelled', by: 'us' })
  go()
  await eventually(() => bob.disk.names().length === 0 && alice.disk.names().length === 0)
  expect(alice.files.busy.current || bob.files.busy.current).toBe(false)
})

test('Bob cancels in the middle: both sides say so and the next file still comes', async () => {
  const go = bob.disk.halt()
  await alice.send(fileOf('big.bin', 20 * MIB))
  await eventually(() => bob.manifests.length === 1 && bob.view().at === 'moving')
  bob.files.cancel(bob.ref())
  go()
  await eventually(() => alice.view().at === 'cancelled')
  await alice.send(fileOf('small.bin', 2 * MIB))
  await eventually(() => bob.manifests.length === 2 && bob.view().at === 'complete')
  await expectSame(bob, 'small.bin', 2 * MIB)
})

test('Bob cancels while he is offline and Alice hears of it when he is back', async () => {
  await alice.send(fileOf('film.mp4', 26 * MIB))
  await eventually(() => bob.manifests.length === 1)
  pair.cut()
  bob.files.cancel(bob.ref())
  pair.link()
  await eventually(() => alice.view().at === 'cancelled')
})

test('what Alice sends while Bob is away begins when he comes', async () => {
  pair.cut()
  await alice.send(fileOf('later.bin', 2 * MIB))
  expect(alice.view()).toEqual({ at: 'waiting' })
  pair.link()
  await arrived()
  await expectSame(bob, 'later.bin', 2 * MIB)
})

test('a link lost in the middle: it goes on by itself where it stopped', async () => {
  const size = 24 * MIB
  await alice.send(fileOf('big.bin', size))
  await received(bob, 4 * MIB)
  pair.cut()
  expect(bob.view()).toMatchObject({ at: 'moving', paused: true })
  const done = doneOf(bob)
  const sent = pair.lanes.bytesSent()
  pair.link()
  await arrived()
  await expectSame(bob, 'big.bin', size)
  expect(pair.lanes.bytesSent() - sent).toBeLessThan(size - done + MIB)
  await eventually(() => alice.view().at === 'complete')
})

test('the link dies with the last word in it: Alice still learns that Bob has it all', async () => {
  await alice.send(fileOf('small.bin', MIB))
  await eventually(() => bob.manifests.length > 0 && bob.view().at === 'complete')
  pair.cut()
  pair.link()
  await eventually(() => alice.view().at === 'complete')
})

test('a long text arrives as a file that says so, and can be read in place', async () => {
  const text = 'Liebe Ann, 夏 – '.repeat(5_000)
  await alice.files.sendText({ conversation: 'c0'.repeat(16) as never, peers: [bob.identity] }, text)
  await arrived()
  expect(bob.ref().manifest).toMatchObject({ longText: true, type: 'text/plain', name: 'Long message.txt' })
  expect(await bob.files.text(bob.ref())).toBe(text)
})

test('Bob hears how far it is, how fast, and how long it takes', async () => {
  const seen: number[] = []
  await alice.send(fileOf('big.bin', 24 * MIB))
  await eventually(() => bob.manifests.length === 1)
  const view = bob.files.view(bob.ref())
  view.watch(() => {
    if (view.current.at === 'moving') seen.push(view.current.done)
  })
  await arrived()
  expect(seen.length).toBeGreaterThan(2)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
})

test('the names of files on the disk tell nothing, and what lies there is sealed', async () => {
  const text = 'very private words '.repeat(1_000)
  await alice.send(new File([text], 'diary.txt'))
  await arrived()
  for (const { disk } of [alice, bob]) {
    const [name, ...more] = disk.names()
    expect(more).toEqual([])
    expect(name).toMatch(/^[0-9a-f]{24}$/)
    const lying = disk.blocksOf(name ?? '')
    expect(lying.some((block) => new TextDecoder().decode(block).includes('private'))).toBe(false)
  }
})

test('Bob has no room: he is told so, Alice hears that it stopped, and messages still work', async () => {
  bob.disk.quota = 30 * MIB
  await alice.send(fileOf('film.mp4', 26 * MIB))
  await eventually(() => bob.manifests.length === 1)
  bob.files.accept(bob.ref())
  await eventually(() => bob.view().at === 'gone')
  expect(bob.view()).toEqual({ at: 'gone', reason: 'disk-full' })
  await eventually(() => alice.view().at === 'cancelled')
  await alice.send(fileOf('small.bin', MIB))
  await eventually(() => bob.view().at === 'complete')
})

test('the disk runs full in the middle', async () => {
  await alice.send(fileOf('big.bin', 20 * MIB))
  await eventually(() => bob.manifests.length === 1 && bob.view().at === 'moving')
  bob.disk.quota = 6 * MIB
  await eventually(() => bob.view().at === 'gone')
  expect(bob.view()).toEqual({ at: 'gone', reason: 'disk-full' })
  await eventually(() => bob.disk.names().length === 0)
})

test('Alice has no room for a copy: then it is sent from where it lies', async () => {
  alice.disk.quota = 0
  await alice.send(fileOf('small.bin', 3 * MIB))
  await arrived()
  await expectSame(bob, 'small.bin', 3 * MIB)
})

function doneOf(person: Person): number {
  const view = person.view()
  return view.at === 'moving' ? view.done : 0
}
