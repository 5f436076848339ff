import 'fake-indexeddb/auto'
import { isMessage, type Manifest, type MessageBody } from '../../../../src/core/body.ts'
import { concat, toHex, type Bytes } from '../../../../src/core/bytes.ts'
import type { FileSignal } from '../../../../src/core/file.ts'
import { conversationId, identityKey, incarnationId, type IdentityKey } from '../../../../src/core/ids.ts'
import type { Timers } from '../../../../src/core/timers.ts'
import { createVault } from '../../../../src/crypto/vault.ts'
import { createFiles, type FileRef, type Files, type FileView } from '../../../../src/features/files/files.ts'
import type { Links } from '../../../../src/net/links.ts'
import { decodeFrame, encodeFrame, type Frame } from '../../../../src/protocol/frame.ts'
import { openDexieRows } from '../../../../src/store/dexie-rows.ts'
import { createStore, type Store } from '../../../../src/store/store.ts'
import type { StoredRecord } from '../../../../src/store/tables.ts'
import { memoryLanes } from '../../net/lane-memory.ts'
import { memoryDisk, type MemoryDisk } from '../../store/disk-memory.ts'

export const MIB = 1_048_576
const CONVERSATION = conversationId('c0'.repeat(16))
let databases = 0

export interface Person {
  readonly identity: IdentityKey
  readonly store: Store
  readonly disk: MemoryDisk
  /** Another object after a restart. */
  files: Files
  readonly errors: unknown[]
  /** What Save gave, by name. */
  readonly saved: Map<string, Bytes>
  /** Manifests of all messages, own ones included, oldest first. */
  readonly manifests: Manifest[]
  send(...files: File[]): Promise<void>
  /** Says something over the link that the app would not. */
  say(signal: FileSignal): void
  frame(frame: Frame): void
  /** The newest file as this person's screen shows it. */
  ref(index?: number): FileRef
  view(index?: number): FileView
  failed(): Promise<string | undefined>
  /** As if the page were loaded again. */
  restart(): Promise<void>
}

export interface Pair {
  readonly alice: Person
  readonly bob: Person
  readonly lanes: ReturnType<typeof memoryLanes>
  /** What was written without a link arrives now, unless it comes `later`, by `deliver`. */
  link(how?: { messages: 'later' }): void
  deliver(): void
  cut(): void
  /** What sets out on the link from now on and fits is lost; all that sets out is noted in `said`. */
  lose(fits: (signal: FileSignal) => boolean): void
  readonly said: FileSignal[]
  close(): void
}

/** Two people with stores and disks of their own, linked; frames pass through the codec, a turn later. */
export async function setup(): Promise<Pair> {
  const lanes = memoryLanes()
  const timers = new Set<NodeJS.Timeout>()
  const link: World['link'] = { up: false, loses: () => false, said: [] }
  const late: (() => void)[] = []
  const [alice, bob] = await Promise.all(
    ['aa', 'bb'].map((digits) => person(identityKey(digits.repeat(32)), { lanes, timers, link, late })),
  )
  if (!alice || !bob) throw new Error('two people')
  meet(alice, bob)
  meet(bob, alice)
  const pair: Pair = {
    ...{ alice, bob, lanes, said: link.said },
    lose: (fits) => (link.loses = fits),
    deliver: () => {
      for (const deliver of late.splice(0)) deliver()
    },
    link: (how) => {
      link.up = true
      if (!how) pair.deliver()
      alice.files.onLinked(bob.identity)
      bob.files.onLinked(alice.identity)
    },
    cut: () => {
      link.up = false
      alice.files.onUnlinked(bob.identity)
      bob.files.onUnlinked(alice.identity)
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer)
      for (const { store } of [alice, bob]) store.close()
    },
  }
  await Promise.all([alice.files.start(), bob.files.start()])
  pair.link()
  return pair
}

interface World {
  readonly lanes: ReturnType<typeof memoryLanes>
  readonly timers: Set<NodeJS.Timeout>
  readonly link: { up: boolean; loses: (signal: FileSignal) => boolean; readonly said: FileSignal[] }
  readonly late: (() => void)[]
}

interface Known extends Person {
  other: Person | undefined
  receive(body: MessageBody, author: IdentityKey): Promise<void>
}

function meet(one: Person, other: Person): void {
  ;(one as Known).other = other
}

async function person(me: IdentityKey, world: World): Promise<Person> {
  const { vault } = await createVault()
  const store = createStore(
    openDexieRows(`files ${String(databases++)}`, () => undefined),
    vault,
  )
  const disk = memoryDisk()
  const theirs = identityKey((me.startsWith('aa') ? 'bb' : 'aa').repeat(32))
  await store.commit([
    {
      table: 'conversations',
      put: {
        ...{ id: CONVERSATION, circle: { kind: 'pair', peer: theirs } },
        ...{ local: 1, active: 0, unread: 0, messages: 0 },
      },
    },
  ])
  const deps = {
    store,
    disk,
    me,
    openLane: world.lanes,
    lookup: vault.lookup,
    timers: timersOf(world.timers),
  }
  let seq = 0

  const receive = async (body: MessageBody, author: IdentityKey): Promise<void> => {
    await store.commit([{ table: 'records', put: recordOf(body, author, ++seq) }])
    if (body.kind !== 'file') return
    self.manifests.push(body.manifest)
    if (author !== me) self.files.onArrived(author, body.manifest)
  }
  const make = (): Files =>
    createFiles({
      ...deps,
      links: linksOf(() => self, world),
      iceServers: () => [],
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      say: async (_, body) => {
        if (!isMessage(body)) return
        await receive(body, me)
        const deliver = (): void =>
          void (self.other as Known).receive(body, me).catch((error: unknown) => self.errors.push(error))
        if (world.link.up) setTimeout(deliver, 0)
        else world.late.push(deliver)
      },
      fileGone: async (key) => {
        const row = await store.get('records', key)
        if (!row?.message) return
        const message = { ...row.message, failed: 'file-gone' as const }
        await store.commit([{ table: 'records', put: { ...row, message } }])
      },
      saver: async ({ name, blocks, block }) => {
        const parts: Bytes[] = []
        for (let i = 0; i < blocks; i++) parts.push((await block(i)).slice())
        self.saved.set(name, concat(...parts))
      },
      report: (error) => self.errors.push(error),
    })
  const frame = (frame: Frame): void => {
    const other = self.other
    if (!world.link.up || !other) return
    if (frame.type === 'file') {
      world.link.said.push(frame.file)
      if (world.link.loses(frame.file)) return
    }
    const bytes = encodeFrame(frame)
    setTimeout(() => {
      if (world.link.up) hear(other, me, decodeFrame(bytes))
    }, 0)
  }
  const ref = (index = self.manifests.length - 1): FileRef => {
    const manifest = self.manifests.at(index)
    if (!manifest) throw new Error('no file yet')
    return { peer: theirs, direction: own.has(manifest.file) ? 'sending' : 'receiving', manifest }
  }
  const own = { has: (file: string) => sent.has(file) }
  const sent = new Set<string>()
  const self: Known = {
    ...{ identity: me, store, disk, files: undefined as unknown as Files, errors: [], saved: new Map() },
    ...{ manifests: [], other: undefined, receive, frame, ref },
    send: async (...files) => {
      const before = self.manifests.length
      await self.files.send({ conversation: CONVERSATION, peers: [theirs] }, files)
      for (const { file } of self.manifests.slice(before)) sent.add(file)
    },
    say: (file) => {
      frame({ type: 'file', file })
    },
    view: (index) => self.files.view(ref(index)).current,
    failed: async () =>
      (await store.page(1, { before: Number.MAX_SAFE_INTEGER, limit: 1 }))[0]?.message?.failed,
    restart: async () => {
      self.files = make()
      await self.files.start()
    },
  }
  self.files = make()
  return self
}

function hear(person: Person, from: IdentityKey, frame: Frame | undefined): void {
  if (frame?.type === 'file') person.files.onFrame(from, frame.file)
  else if (frame?.type === 'signal') person.files.onSignal(from, frame.lane, frame.signal)
}

function linksOf(self: () => Person, { link }: World): Links {
  return {
    state: () => (link.up ? { at: 'linked', path: 'local' } : { at: 'offline' }),
    send: (_, frame) => {
      self().frame(frame)
      return link.up
    },
    waiting: () => 0,
    watch: () => () => undefined,
  }
}

/** Real time; all that still runs at the end of a test is stopped. */
function timersOf(running: Set<NodeJS.Timeout>): Timers {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    after: (ms, call) => {
      const timer = setTimeout(() => {
        running.delete(timer)
        call()
      }, ms)
      running.add(timer)
      return () => {
        clearTimeout(timer)
        running.delete(timer)
      }
    },
  }
}

function recordOf(body: MessageBody, author: IdentityKey, seq: number): StoredRecord {
  const feed = { conversation: CONVERSATION, author, incarnation: incarnationId('11'.repeat(8)) }
  const content = { kind: body.kind, clock: seq, body: new Uint8Array(), salt: new Uint8Array(8) }
  const signed = {
    ...{ seq, era: { generation: 0, epoch: 0 } },
    ...{ inner: new Uint8Array(32), signature: new Uint8Array(64) },
  }
  return {
    record: { ...feed, ...signed, form: 'record', content },
    local: 1,
    order: seq,
    head: new Uint8Array(32),
    message: { author, body, clock: seq, seq },
  }
}

/** Looks again and again until it holds, at most ten seconds. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('it never happened')
}

/** Resolves in the turn in which so many bytes are on this person's disk. */
export async function received(person: Person, bytes: number): Promise<void> {
  await eventually(() => person.manifests.length > 0)
  const view = person.files.view(person.ref())
  await new Promise<void>((resolve) => {
    const stop = view.watch(() => {
      if (view.current.at !== 'moving' || view.current.done < bytes) return
      stop()
      resolve()
    })
  })
}

/** A file of bytes that repeat nowhere soon. */
export function fileOf(name: string, size: number, type = ''): File {
  return new File([bytesOf(size)], name, { type })
}

export function bytesOf(size: number): Bytes {
  const bytes = new Uint8Array(size)
  const words = new Uint32Array(bytes.buffer, 0, Math.floor(size / 4))
  let word = size + 1
  for (let i = 0; i < words.length; i++) words[i] = word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0
  return bytes
}

export async function hashOf(bytes: Bytes): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
