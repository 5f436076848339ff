import { sha256 } from '@noble/hashes/sha2.js'
import type { Manifest, MessageBody } from '../../../src/core/body.ts'
import { toHex, type Bytes } from '../../../src/core/bytes.ts'
import { conversationId, identityKey } from '../../../src/core/ids.ts'
import { createVault } from '../../../src/crypto/vault.ts'
import { createFiles, type FileRef, type Files } from '../../../src/features/files/files.ts'
import { createSaver } from '../../../src/features/files/save.ts'
import { saveByStream } from '../../../src/features/files/stream-save.ts'
import { openSimplePeerLane } from '../../../src/net/simple-peer-lane.ts'
import { decodeFrame, encodeFrame } from '../../../src/protocol/frame.ts'
import { openDexieRows } from '../../../src/store/dexie-rows.ts'
import { openDisk } from '../../../src/store/disk-opfs.ts'
import { createStore } from '../../../src/store/store.ts'
import { trustedScript } from '../../../src/ui/trusted-urls.ts'
import { CHANNEL_SUITE } from '../../unit/net/channel-suite.ts'
import { laneCases } from '../../unit/net/lane-suite.ts'
import { diskCases } from '../../unit/store/disk-suite.ts'
import { openChannels, SPEAKS_SECOND } from './channels.ts'
import { bare, type Wire } from './bare.ts'

/** What the test drives by `page.evaluate`. */
export interface Person {
  offer(bytes: number): Promise<void>
  hash(): string
  /** Milliseconds from accepting it until it is verified and on the disk, the setting up of the lane included. */
  receive(): Promise<number>
  save(): Promise<void>
  /** Makes room for another file. */
  forget(): void
  dropped(): number
}

const CONVERSATION = conversationId('c0'.repeat(16))

async function person(name: 'alice' | 'bob'): Promise<Person> {
  const [me, peer] = (name === 'alice' ? ['aa', 'bb'] : ['bb', 'aa']).map((digits) =>
    identityKey(digits.repeat(32)),
  )
  if (!me || !peer) throw new Error('two people')
  await navigator.serviceWorker.register(trustedScript('/sw.js'), { type: 'module' })
  await navigator.serviceWorker.ready
  const { vault } = await createVault()
  const store = createStore(
    openDexieRows(`${name} ${String(Math.random())}`, () => undefined),
    vault,
  )
  const wire = wireOf('link', me)
  let manifest: Manifest | undefined
  const files: Files = createFiles({
    ...{ me, store, lookup: vault.lookup, openLane: openSimplePeerLane },
    disk: openDisk({ workerUrl: trustedScript }),
    timers: {
      now: () => Date.now(),
      elapsed: () => performance.now(),
      after: (ms, call) => {
        const timer = setTimeout(call, ms)
        return () => {
          clearTimeout(timer)
        }
      },
    },
    links: {
      state: () => ({ at: 'linked', path: 'local' }),
      send: (_, frame) => {
        wire.post(encodeFrame(frame))
        return true
      },
      waiting: () => 0,
      watch: () => () => undefined,
    },
    fileGone: () => Promise.resolve(),
    iceServers: () => [],
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    saver: createSaver((active, scope) => (download) => saveByStream(active, scope, download)),
    say: (_, body: MessageBody) => {
      if (body.kind === 'file') manifest = body.manifest
      wire.post(manifest)
      return Promise.resolve()
    },
    report: (error) => {
      console.error(error)
    },
  })
  wire.listen((message) => {
    if (message instanceof Uint8Array) {
      const frame = decodeFrame(message)
      if (frame?.type === 'file') files.onFrame(peer, frame.file)
      if (frame?.type === 'signal') files.onSignal(peer, frame.lane, frame.signal)
    } else {
      manifest = message as Manifest
      files.onArrived(peer, manifest)
    }
  })
  await files.start()
  const ref = (direction: FileRef['direction']): FileRef => {
    if (!manifest) throw new Error('no file yet')
    return { peer, direction, manifest }
  }
  let hash = ''

  return {
    offer: async (bytes) => {
      const file = randomFile(bytes)
      hash = await hashOf(file)
      await files.send({ conversation: CONVERSATION, peers: [peer] }, [file])
    },
    hash: () => hash,
    receive: async () => {
      while (!manifest) await new Promise((resolve) => setTimeout(resolve, 5))
      const view = files.view(ref('receiving'))
      const since = performance.now()
      const complete = new Promise<void>((resolve, reject) => {
        const look = (): void => {
          if (view.current.at === 'complete') resolve()
          if (view.current.at === 'gone') reject(new Error(view.current.reason))
        }
        view.watch(look)
        look()
      })
      files.accept(ref('receiving'))
      await complete
      return performance.now() - since
    },
    save: () => files.save(ref('receiving')),
    forget: () => {
      manifest = undefined
    },
    dropped: () => files.dropped,
  }
}

function wireOf(name: string, me: string): Wire {
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => {
      channel.postMessage({ from: me, message })
    },
    listen: (hear) => {
      channel.onmessage = ({ data }: MessageEvent<{ from: string; message: unknown }>) => {
        if (data.from !== me) hear(data.message)
      }
    },
  }
}

function randomFile(bytes: number): File {
  const parts: Bytes[] = []
  for (let left = bytes; left > 0; left -= 65_536) {
    parts.push(crypto.getRandomValues(new Uint8Array(Math.min(65_536, left))))
  }
  return new File(parts, 'film ünïcode.bin')
}

async function hashOf(file: Blob): Promise<string> {
  const hash = sha256.create()
  for (let at = 0; at < file.size; at += 8_388_608) {
    hash.update(new Uint8Array(await file.slice(at, at + 8_388_608).arrayBuffer()))
  }
  return toHex(hash.digest())
}

async function results<T>(cases: Case<T>[], over: () => T): Promise<string[]> {
  const results: string[] = []
  for (const { name, run } of cases) {
    await run(over()).then(
      () => results.push(`ok: ${name}`),
      (error: unknown) => results.push(`failed: ${name}: ${String(error)}`),
    )
  }
  return results
}

interface Case<T> {
  readonly name: string
  run(over: T): Promise<void>
}

function runLaneSuite(): Promise<string[]> {
  return results(laneCases, () => openSimplePeerLane)
}

function runChannelSuite(): Promise<string[]> {
  return results([...CHANNEL_SUITE, SPEAKS_SECOND], () => openChannels)
}

function runDiskSuite(): Promise<string[]> {
  const disk = openDisk({ workerUrl: trustedScript })
  return results(diskCases, () => disk)
}

export interface Driver {
  person: typeof person
  runLaneSuite: typeof runLaneSuite
  runChannelSuite: typeof runChannelSuite
  runDiskSuite: typeof runDiskSuite
  bare(round: number, role: 'sends' | 'receives', bytes: number): Promise<number>
}

const driver: Driver = {
  person,
  runLaneSuite,
  runChannelSuite,
  runDiskSuite,
  bare: (round, role, bytes) => bare(wireOf(`bare ${String(round)}`, role), role, bytes),
}
Object.assign(globalThis, { driver })
