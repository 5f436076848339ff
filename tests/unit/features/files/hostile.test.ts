import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Manifest } from '../../../../src/core/body.ts'
import type { Bytes } from '../../../../src/core/bytes.ts'
import type { FileSignal } from '../../../../src/core/file.ts'
import { fileId } from '../../../../src/core/ids.ts'
import type { Lane } from '../../../../src/net/lane.ts'
import { LANE_HEADER, writePiece } from '../../../../src/protocol/lane.ts'
import { fileCipher } from '../../../../src/crypto/file.ts'
import { eventually, fileOf, MIB, setup, type Pair, type Person } from './people.ts'

// Megabytes are really sealed and opened here.
vi.setConfig({ testTimeout: 20_000 })

let pair: Pair
let mallory: Person
let bob: Person
let heard: FileSignal[]
let lane: Lane

beforeEach(async () => {
  pair = await setup()
  ;({ alice: mallory, bob } = pair)
  heard = []
  mallory.files.onArrived = () => undefined
  mallory.files = {
    ...mallory.files,
    onFrame: (_, signal) => heard.push(signal),
    onSignal: (_, __, signal) => {
      lane.signal(signal)
    },
  }
})

afterEach(() => {
  pair.close()
  expect(bob.errors).toEqual([])
})

function manifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    ...{ name: 'gift.bin', type: '', size: 3 * MIB, blockSize: MIB },
    ...{ file: fileId('0f'.repeat(16)), key: new Uint8Array(32).fill(5) },
    ...changes,
  }
}

function offer(changes: Partial<Manifest> = {}): Manifest {
  const offered = manifest(changes)
  bob.manifests.push(offered)
  bob.files.onArrived(mallory.identity, offered)
  return offered
}

function openLane(id = '0badcafe0badcafe'): void {
  lane = pair.lanes({
    ...{ initiator: true, iceServers: [], opened: () => undefined, message: () => undefined },
    signal: (signal) => {
      mallory.frame({ type: 'signal', lane: id, use: 'files', signal })
    },
    closed: () => undefined,
  })
}

async function wanted(): Promise<number> {
  await eventually(() => heard.some(({ step }) => step === 'want'))
  const want = heard.find(({ step }) => step === 'want')
  return want?.step === 'want' ? want.ticket : 0
}

async function send(...messages: Bytes[]): Promise<void> {
  for (const message of messages) {
    await lane.room()
    lane.send(message)
  }
}

function piece(ticket: number, block: number, bytes: Uint8Array, offset = 0): Bytes {
  return writePiece(
    new Uint8Array(Math.min(262_144, bytes.length + LANE_HEADER)),
    { ticket, block, offset },
    bytes,
  )
}

function whole(ticket: number, block: number, bytes: Uint8Array): Bytes[] {
  const size = 262_144 - LANE_HEADER
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    piece(ticket, block, bytes, i * size),
  )
}

test('a lane that nobody asked for is not taken', async () => {
  openLane()
  await eventually(() => bob.files.dropped > 0)
  expect(pair.lanes.bytesSent()).toBe(0)
})

test('a block that was forged ends the transfer as damaged, and nothing of it stays', async () => {
  offer()
  const ticket = await wanted()
  openLane()
  await send(...whole(ticket, 0, new Uint8Array(MIB + 16)))
  await eventually(() => bob.view().at === 'gone')
  expect(bob.view()).toEqual({ at: 'gone', reason: 'damaged' })
  await eventually(() => bob.disk.names().length === 0)
})

test('blocks that changed places are damaged', async () => {
  const { file, key, size, blockSize } = offer()
  const ticket = await wanted()
  openLane()
  const cipher = await fileCipher({ file, key, size, blockSize })
  await send(...whole(ticket, 0, await cipher.seal(1, new Uint8Array(MIB))))
  await eventually(() => bob.view().at === 'gone')
  expect(bob.view()).toEqual({ at: 'gone', reason: 'damaged' })
})

test('pieces out of place, too many, of wrong lengths or for nobody are dropped and counted', async () => {
  offer()
  const ticket = await wanted()
  openLane()
  const block = new Uint8Array(MIB + 16)
  const hostile = [
    piece(ticket, 1, block),
    piece(ticket, 0xffff_ffff, block),
    piece(ticket, 0, block, 300_000),
    piece(ticket, 0, new Uint8Array(MIB + 17)),
    piece(ticket, 0, new Uint8Array(200_000)),
    piece(ticket ^ 1, 0, block),
    new Uint8Array(0),
    new Uint8Array(LANE_HEADER),
    new Uint8Array(1_000),
    piece(ticket, 0, block).subarray(0, 17),
  ]
  await send(...hostile)
  await eventually(() => bob.files.dropped >= hostile.length)
  expect(bob.files.dropped).toBe(hostile.length)
  expect(bob.view()).toMatchObject({ at: 'moving', done: 0 })
})

test('what comes after Bob cancelled is dropped', async () => {
  offer()
  const ticket = await wanted()
  openLane()
  await lane.room()
  bob.files.cancel(bob.ref())
  await send(...whole(ticket, 0, new Uint8Array(MIB + 16)))
  await eventually(() => bob.files.dropped >= 5)
  expect(bob.view()).toEqual({ at: 'cancelled', by: 'us' })
  expect(bob.disk.names()).toEqual([])
})

test('a file that claims to be larger than any disk is refused, not begun', async () => {
  offer({ size: Number.MAX_SAFE_INTEGER })
  bob.disk.quota = 1_000 * MIB
  expect(bob.view()).toEqual({ at: 'offered' })
  bob.files.accept(bob.ref())
  await eventually(() => bob.view().at === 'gone')
  expect(bob.view()).toEqual({ at: 'gone', reason: 'disk-full' })
})

test('a file cut in an unknown way is refused', async () => {
  offer({ blockSize: 16 })
  expect(bob.view()).toEqual({ at: 'gone', reason: 'damaged' })
  bob.files.accept(bob.ref())
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(heard.filter(({ step }) => step === 'want')).toEqual([])
})

test('an offer under the id of one of our own files changes nothing', async () => {
  await bob.send(fileOf('mine.txt', 100))
  const { file } = bob.ref().manifest
  expect(bob.view()).toEqual({ at: 'waiting' })
  bob.files.onArrived(mallory.identity, manifest({ file }))
  expect(bob.view(0)).toEqual({ at: 'waiting' })
})

test('frames about files that never were are dropped; who asks for one hears that it is gone', async () => {
  const file = fileId('77'.repeat(16))
  mallory.say({ step: 'wrote', ticket: 1, blocks: 1, file })
  mallory.say({ step: 'cancel', file })
  mallory.say({ step: 'gone', reason: 'changed', file })
  mallory.say({ step: 'want', ticket: 1, from: 0, file })
  mallory.say({ step: 'over', file })
  await eventually(() => heard.length > 0)
  expect(heard).toEqual([{ step: 'gone', reason: 'missing', file }])
  // An end may come before its beginning, and waits for it.
  expect(bob.files.dropped).toBe(3)
})

test('Mallory cannot make Bob read his file for somebody it was not sent to', async () => {
  await bob.send(fileOf('mine.txt', 100))
  const stranger = 'cc'.repeat(32) as typeof mallory.identity
  bob.files.onFrame(stranger, { step: 'want', ticket: 1, from: 0, file: bob.ref().manifest.file })
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(bob.view()).toEqual({ at: 'waiting' })
  expect(bob.files.dropped).toBe(1)
})

test('a receiver who lies about what was written gains nothing', async () => {
  await bob.send(fileOf('mine.bin', 20 * MIB))
  const { file } = bob.ref().manifest
  mallory.say({ step: 'want', ticket: 1, from: 21, file })
  mallory.say({ step: 'wrote', ticket: 1, blocks: 20, file })
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(bob.view()).toEqual({ at: 'waiting' })
  mallory.say({ step: 'want', ticket: 2, from: 0, file })
  await eventually(() => bob.view().at === 'moving')
  for (const blocks of [20, 19, 18]) mallory.say({ step: 'wrote', ticket: 2, blocks, file })
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(bob.view()).toMatchObject({ at: 'moving', done: 0 })
})

test('Mallory’s offers fill neither Bob’s disk nor his screen’s patience', async () => {
  const many = Array.from({ length: 100 }, (_, n) =>
    manifest({ size: 25 * MIB, file: fileId(n.toString(16).padStart(32, '0')) }),
  )
  bob.disk.usage = () => Promise.resolve({ used: 0, free: 80 * MIB })
  for (const offered of many) bob.files.onArrived(mallory.identity, offered)
  const views = (): string[] =>
    many.map((manifest) => {
      const view = bob.files.view({ peer: mallory.identity, direction: 'receiving', manifest }).current
      return view.at === 'gone' ? view.reason : view.at
    })
  await eventually(() => views().filter((at) => at === 'disk-full').length === 8)
  // Two fit, eight were asked for and do not fit, and for the others Bob is asked.
  expect(views().filter((at) => at === 'moving')).toHaveLength(2)
  expect(views().filter((at) => at === 'offered')).toHaveLength(90)
})

test('Mallory asks for the same file again and again, and Bob reads only a little at a time', async () => {
  let [open, most] = [0, 0]
  const slow = {
    ...{ name: 'film.mp4', type: '', size: 100 * MIB },
    slice: (from: number, to: number) => ({
      arrayBuffer: async () => {
        most = Math.max(most, (open += 1))
        await new Promise((resolve) => setTimeout(resolve, 5))
        open -= 1
        return new ArrayBuffer(to - from)
      },
    }),
  } as unknown as File
  await bob.send(slow)
  const { file } = bob.ref().manifest
  for (let ticket = 0; ticket < 200; ticket++) {
    bob.files.onFrame(mallory.identity, { file, step: 'want', ticket, from: 0 })
    await new Promise(setImmediate)
  }
  await eventually(() => bob.view().at === 'moving')
  expect(most).toBeLessThanOrEqual(3)
})

test('Mallory begins lanes without end, and few connections are made', async () => {
  offer()
  bob.files.accept({ peer: mallory.identity, direction: 'receiving', manifest: manifest() })
  await wanted()
  const before = pair.lanes.made()
  for (let n = 0; n < 500; n++) {
    const lane = n.toString(16).padStart(16, '0')
    mallory.frame({ type: 'signal', lane, use: 'files', signal: { type: 'offer', sdp: 'v=0' } })
  }
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(pair.lanes.made() - before).toBeLessThanOrEqual(8)
})
