import { expect, test } from 'vitest'
import { Line } from '../../../../src/features/calls/line.ts'
import type { MediaOptions } from '../../../../src/net/media.ts'
import type { Signal } from '../../../../src/protocol/signal.ts'
import { seeded } from '../../../support/random.ts'
import { virtualTime } from '../../../support/virtual-time.ts'

/** Bob's end of a line, with connections that do only what the test says. */
function answering() {
  const time = virtualTime()
  const random = seeded(3)
  const opened: { options: MediaOptions; heard: Signal[]; closed: boolean }[] = []
  const asked: [lane: string, type: string][] = []
  const line = new Line({
    initiator: false,
    timers: time,
    iceServers: () => [],
    random: (bytes) => random.bytes(bytes),
    tracks: () => ({}),
    linked: () => true,
    signal: (lane, { type }) => asked.push([lane, type]),
    remote: () => undefined,
    flow: () => undefined,
    openMedia: (options) => {
      const connection = { options, heard: [] as Signal[], closed: false }
      opened.push(connection)
      return {
        signal: (signal) => connection.heard.push(signal),
        replace: () => Promise.resolve(),
        restart: () => undefined,
        close: () => (connection.closed = true),
      }
    },
  })
  return { line, opened, asked, time }
}

const offer: Signal = { type: 'offer', sdp: 'v=0' }
const candidate: Signal = { type: 'candidate', candidate: { candidate: '', sdpMid: '0' } }

test('what Alice says while Bob’s devices are being opened is heard afterwards, in order', () => {
  const { line, opened } = answering()
  line.signal('first', offer)
  line.signal('first', candidate)
  expect(opened).toEqual([])
  line.start()
  expect(opened[0]?.heard).toEqual([offer, candidate])
})

test('a flood before that is cut off', () => {
  const { line, opened } = answering()
  line.signal('first', offer)
  for (let i = 0; i < 1_000; i++) line.signal('first', candidate)
  line.start()
  expect(opened[0]?.heard).toHaveLength(256)
})

test('a new offer takes the place of the old connection, whose late words open nothing', () => {
  const { line, opened } = answering()
  line.start()
  line.signal('first', offer)
  line.signal('second', offer)
  expect(opened.map(({ closed }) => closed)).toEqual([true, false])
  line.signal('first', offer)
  line.signal('first', candidate)
  expect(opened).toHaveLength(2)
  expect(opened[1]?.heard).toEqual([offer])
})

test('a candidate or an answer on a lane that nobody knows opens nothing', () => {
  const { line, opened } = answering()
  line.start()
  line.signal('first', candidate)
  line.signal('first', { type: 'answer', sdp: 'v=0' })
  line.signal('first', { type: 'renegotiate', renegotiate: true })
  expect(opened).toEqual([])
})

test('Bob, whose connection died, asks for a new one until it comes', () => {
  const { line, opened, asked, time } = answering()
  line.start()
  line.signal('first', offer)
  opened[0]?.options.closed()
  while (time.next(8_000 - asked.length * 2_000)) if (asked.length === 3) line.signal('second', offer)
  expect(asked.map(([, type]) => type)).toEqual(['renegotiate', 'renegotiate', 'renegotiate'])
  expect(new Set(asked.map(([lane]) => lane)).size).toBe(3)
  expect(opened).toHaveLength(2)
})

test('after the end nothing is opened and nothing is asked', () => {
  const { line, opened, asked, time } = answering()
  line.start()
  line.signal('first', offer)
  line.close()
  line.signal('second', offer)
  line.linked()
  line.start()
  expect(time.next(60_000)).toBe(false)
  expect([opened.length, asked.length]).toEqual([1, 0])
})
