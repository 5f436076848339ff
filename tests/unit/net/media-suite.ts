import assert from 'node:assert/strict'
import type { MediaKind } from '../../../src/net/media.ts'
import type { Signal } from '../../../src/protocol/signal.ts'

export type Who = 'alice' | 'bob'

/** What one side was told so far. */
export interface Seen {
  readonly states: readonly ('connected' | 'interrupted')[]
  readonly remotes: number
  readonly closed: number
  /** What it wanted to be carried to the other side. */
  readonly signals: readonly Signal[]
}

/** Two people with an adapter each, and somebody who carries their signals in order. */
export interface MediaBench {
  open(who: Who, options: { initiator: boolean; sends: readonly MediaKind[] }): Promise<void>
  /** A signal that the other side's adapter never made. */
  signal(who: Who, signal: Signal): Promise<void>
  replace(who: Who, kind: MediaKind, on: boolean): Promise<void>
  restart(who: Who): Promise<void>
  close(who: Who): Promise<void>
  seen(who: Who): Promise<Seen>
  /** What really arrives there now: pictures that move, sound that can be heard. */
  receives(who: Who): Promise<MediaKind[]>
  /** Asks again until it is so; rejects when it takes too long. */
  until(what: string, check: () => Promise<boolean>): Promise<void>
}

export interface MediaStory {
  readonly name: string
  run(bench: MediaBench): Promise<void>
}

const BOTH = ['audio', 'video'] as const

async function meet(bench: MediaBench, sends: { alice: readonly MediaKind[]; bob: readonly MediaKind[] }) {
  await bench.open('bob', { initiator: false, sends: sends.bob })
  await bench.open('alice', { initiator: true, sends: sends.alice })
  for (const who of ['alice', 'bob'] as const) {
    await bench.until(
      `${who} is connected`,
      async () => (await bench.seen(who)).states.at(-1) === 'connected',
    )
  }
}

async function untilReceives(bench: MediaBench, who: Who, kinds: readonly MediaKind[]): Promise<void> {
  await bench.until(`${who} receives ${kinds.join(' and ') || 'nothing'}`, async () => {
    return [...(await bench.receives(who))].sort().join() === [...kinds].sort().join()
  })
}

/** The way each offer names its path: a new name is a new search for a way. */
async function ways(bench: MediaBench): Promise<string[]> {
  const { signals } = await bench.seen('alice')
  return signals.flatMap((signal) => {
    return signal.type === 'offer' ? [/a=ice-ufrag:(\S+)/.exec(signal.sdp)?.[1] ?? ''] : []
  })
}

export const MEDIA_STORIES: readonly MediaStory[] = [
  {
    name: 'Alice and Bob see and hear each other',
    run: async (bench) => {
      await meet(bench, { alice: BOTH, bob: BOTH })
      await untilReceives(bench, 'alice', BOTH)
      await untilReceives(bench, 'bob', BOTH)
      assert.equal((await bench.seen('alice')).remotes, 1)
      assert.equal((await bench.seen('bob')).remotes, 1)
    },
  },
  {
    name: 'Bob, who has neither camera nor microphone, sees and hears Alice all the same',
    run: async (bench) => {
      await meet(bench, { alice: BOTH, bob: [] })
      await untilReceives(bench, 'bob', BOTH)
      await untilReceives(bench, 'alice', [])
    },
  },
  {
    name: 'Alice and Bob turn their cameras on and off without a new negotiation',
    run: async (bench) => {
      await meet(bench, { alice: ['audio'], bob: ['audio'] })
      await bench.replace('alice', 'video', true)
      await untilReceives(bench, 'bob', BOTH)
      await bench.replace('bob', 'video', true)
      await untilReceives(bench, 'alice', BOTH)
      await bench.replace('alice', 'video', false)
      await untilReceives(bench, 'bob', ['audio'])
      assert.equal((await ways(bench)).length, 1)
    },
  },
  {
    name: 'either of them can ask for a new way, and the call goes on',
    run: async (bench) => {
      await meet(bench, { alice: BOTH, bob: ['audio'] })
      await bench.restart('alice')
      await bench.until('Alice offers a second way', async () => (await ways(bench)).length === 2)
      await bench.until('Bob answers', async () => answers(await bench.seen('bob')) === 2)
      await bench.restart('bob')
      await bench.until('Alice offers a third way', async () => (await ways(bench)).length === 3)
      assert.equal(new Set(await ways(bench)).size, 3)
      await bench.until('Bob answers again', async () => answers(await bench.seen('bob')) === 3)
      await untilReceives(bench, 'bob', BOTH)
      assert.equal((await bench.seen('alice')).closed, 0)
      assert.equal((await bench.seen('bob')).remotes, 1)
    },
  },
  {
    name: 'odd and hostile signals disturb nobody',
    run: async (bench) => {
      await meet(bench, { alice: BOTH, bob: BOTH })
      const before = (await ways(bench)).length
      for (const signal of HOSTILE) {
        await bench.signal('bob', signal)
        await bench.signal('alice', signal)
      }
      await bench.signal('alice', { type: 'offer', sdp: 'v=0' })
      await bench.signal('alice', { type: 'answer', sdp: 'v=0' })
      await bench.signal('bob', { type: 'answer', sdp: 'v=0' })
      await bench.signal('bob', { type: 'renegotiate', renegotiate: true })
      await untilReceives(bench, 'alice', BOTH)
      await untilReceives(bench, 'bob', BOTH)
      assert.equal((await ways(bench)).length, before)
      assert.deepEqual([(await bench.seen('alice')).closed, (await bench.seen('bob')).closed], [0, 0])
    },
  },
  {
    name: 'an offer that makes no sense ends the connection, once',
    run: async (bench) => {
      await bench.open('bob', { initiator: false, sends: ['audio'] })
      await bench.signal('bob', { type: 'offer', sdp: 'no description at all' })
      await bench.until('it is closed', async () => (await bench.seen('bob')).closed === 1)
      await bench.signal('bob', { type: 'offer', sdp: 'no description at all' })
      await bench.replace('bob', 'audio', false)
      await bench.restart('bob')
      await bench.close('bob')
      assert.equal((await bench.seen('bob')).closed, 1)
    },
  },
  {
    name: 'when Bob hangs up both are told once, and late words change nothing',
    run: async (bench) => {
      await meet(bench, { alice: BOTH, bob: BOTH })
      await bench.close('bob')
      await bench.until('Alice is told', async () => (await bench.seen('alice')).closed === 1)
      await bench.signal('alice', { type: 'renegotiate', renegotiate: true })
      await bench.signal('bob', { type: 'offer', sdp: 'v=0' })
      await bench.close('alice')
      await bench.close('bob')
      assert.equal((await bench.seen('alice')).closed, 1)
      assert.equal((await bench.seen('bob')).closed, 1)
    },
  },
  {
    name: 'a call that is hung up before it was set up is closed once',
    run: async (bench) => {
      await bench.open('alice', { initiator: true, sends: BOTH })
      await bench.close('alice')
      await bench.until('it is closed', async () => (await bench.seen('alice')).closed === 1)
      assert.deepEqual((await bench.seen('alice')).states, [])
    },
  },
]

function answers({ signals }: Seen): number {
  return signals.filter(({ type }) => type === 'answer').length
}

const HOSTILE: readonly Signal[] = [
  { type: 'candidate', candidate: { candidate: 'candidate:no such thing', sdpMid: '0' } },
  { type: 'candidate', candidate: { candidate: '' } },
  { type: 'candidate', candidate: { candidate: '', sdpMid: null, sdpMLineIndex: null } },
  { type: 'transceiverRequest', transceiverRequest: { kind: 'video', init: { direction: 'sendonly' } } },
]
