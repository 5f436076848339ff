import type { Bytes } from '../../../src/core/bytes.ts'
import type { Channel, ChannelEvents } from '../../../src/net/channel.ts'

/** Two ends of one open channel, and what makes both of them lose it without a word. */
export interface ChannelPair {
  readonly ends: readonly [Channel, Channel]
}

/** What every channel must do. Free of any test runner, so that it runs in a page as well. */
export interface ChannelCase {
  readonly name: string
  run(open: () => Promise<ChannelPair>): Promise<void>
}

interface Ear extends ChannelEvents {
  readonly log: string[]
  /** Resolves once so many events were heard. */
  heard(many: number): Promise<void>
}

function ear(name = ''): Ear {
  const log: string[] = []
  const waiting = new Set<() => void>()
  const note = (what: string): void => {
    log.push(name + what)
    for (const look of [...waiting]) look()
  }
  return {
    log,
    message: (bytes) => note(bytes.length > 20 ? `${String(bytes.length)} bytes` : [...bytes].join(' ')),
    drained: () => note('drained'),
    closed: () => note('closed'),
    heard: (many) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`only ${log.join(', ')}`)), 10_000)
        const look = (): void => {
          if (log.length < many) return
          clearTimeout(late)
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}

function same(found: readonly string[], wanted: readonly string[]): void {
  if (found.join(', ') !== wanted.join(', '))
    throw new Error(`${found.join(', ')} instead of ${wanted.join(', ')}`)
}

const bytes = (...values: number[]): Bytes => new Uint8Array(values)
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

export const CHANNEL_SUITE: readonly ChannelCase[] = [
  {
    name: 'messages arrive whole, in order, at the other end alone',
    run: async (open) => {
      const [alice, bob] = (await open()).ends
      const [hers, his] = [ear(), ear()]
      alice.listen(hers)
      bob.listen(his)
      for (let n = 1; n <= 5; n++) alice.send(bytes(n))
      alice.send(new Uint8Array(60_000))
      bob.send(bytes(9))
      await Promise.all([his.heard(6), hers.heard(1)])
      same(his.log, ['1', '2', '3', '4', '5', '60000 bytes'])
      same(hers.log, ['9'])
    },
  },
  {
    name: 'nothing is told from inside a call to the channel',
    run: async (open) => {
      const [alice, bob] = (await open()).ends
      let inside = false
      const told: string[] = []
      const note = () => void told.push(inside ? 'inside' : 'outside')
      bob.send(bytes(1))
      await later()
      const calls = [
        () => alice.listen({ message: note, drained: note, closed: note }),
        () => alice.send(bytes(2)),
        () => alice.close(),
      ]
      for (const call of calls) {
        inside = true
        call()
        inside = false
        await later()
      }
      if (told.includes('inside') || told.length < 2) throw new Error(told.join(', '))
    },
  },
  {
    name: 'what came before anybody listened is kept; whoever listens last is told',
    run: async (open) => {
      const [alice, bob] = (await open()).ends
      bob.listen(ear())
      alice.send(bytes(1))
      alice.send(bytes(2))
      await later()
      const [first, second] = [ear('first '), ear('second ')]
      const [early, far] = (await open()).ends
      far.listen(ear())
      far.send(bytes(1))
      far.send(bytes(2))
      early.listen(first)
      await first.heard(2)
      early.listen(second)
      far.send(bytes(3))
      await second.heard(1)
      same([...first.log, ...second.log], ['first 1', 'first 2', 'second 3'])
    },
  },
  {
    name: 'the bytes are copied when they are sent',
    run: async (open) => {
      const [alice, bob] = (await open()).ends
      const his = ear()
      bob.listen(his)
      const message = bytes(1)
      alice.send(message)
      message[0] = 7
      await his.heard(1)
      same(his.log, ['1'])
    },
  },
  {
    name: 'whoever closes it, both are told exactly once; what was sent before still arrives, what comes after is dropped',
    run: async (open) => {
      const [alice, bob] = (await open()).ends
      const [hers, his] = [ear(), ear()]
      alice.listen(hers)
      bob.listen(his)
      alice.send(bytes(1))
      alice.close()
      alice.send(bytes(2))
      alice.close()
      await Promise.all([hers.heard(1), his.heard(2)])
      bob.send(bytes(3))
      bob.close()
      await later()
      same(hers.log, ['closed'])
      same(his.log, ['1', 'closed'])
    },
  },
  {
    name: 'whoever begins to listen after the end hears of the end',
    run: async (open) => {
      const [alice, bob] = (await open()).ends
      const [first, second] = [ear(), ear()]
      alice.listen(first)
      bob.close()
      await first.heard(1)
      alice.listen(second)
      await second.heard(1)
      await later()
      same([...first.log, ...second.log], ['closed', 'closed'])
    },
  },
  {
    name: 'whoever listens in the turn in which it ended hears of that once',
    run: async (open) => {
      const [alice] = (await open()).ends
      const [first, second] = [ear(), ear()]
      alice.listen(first)
      alice.close()
      alice.listen(second)
      await second.heard(1)
      await later()
      same(second.log, ['closed'])
    },
  },
  {
    name: 'what nobody takes is not kept without end: beyond 4 MiB the channel is over',
    run: async (open) => {
      const [alice, bob] = (await open()).ends
      const [hers, his] = [ear(), ear()]
      alice.listen(hers)
      bob.listen(his)
      for (let n = 0; n < 60; n++) alice.send(new Uint8Array(65_536))
      await later()
      if (hers.log.includes('closed')) throw new Error('less than 4 MiB ended it')
      for (let n = 0; n < 300; n++) alice.send(new Uint8Array(65_536))
      await new Promise((resolve) => setTimeout(resolve, 50))
      same(hers.log.slice(-1), ['closed'])
    },
  },
  {
    name: 'what waits to leave is counted, and it is told when there is room again',
    run: async (open) => {
      const [alice, bob] = (await open()).ends
      const hers = ear()
      alice.listen(hers)
      bob.listen(ear())
      if (alice.waiting !== 0) throw new Error(`${String(alice.waiting)} bytes wait in an empty channel`)
      for (let n = 0; n < 8; n++) alice.send(new Uint8Array(65_536))
      if (alice.waiting < 65_536) throw new Error(`only ${String(alice.waiting)} bytes wait`)
      await hers.heard(1)
      same(hers.log.slice(0, 1), ['drained'])
      if (alice.waiting >= 65_536) throw new Error(`${String(alice.waiting)} bytes still wait`)
    },
  },
  {
    name: 'each end names its own certificate and that of the other, 32 bytes each',
    run: async (open) => {
      const [alice, bob] = (await open()).ends
      const [hers, his] = [await alice.certificates(), await bob.certificates()]
      if (!hers || !his) throw new Error('no certificates')
      same([hers.own.join(), hers.theirs.join()], [his.theirs.join(), his.own.join()])
      if (hers.own.length !== 32 || hers.own.join() === hers.theirs.join()) throw new Error(hers.own.join())
      const other = await (await open()).ends[0].certificates()
      if (other?.own.join() === hers.own.join()) throw new Error('two channels share a certificate')
    },
  },
]
