import { createHash } from 'node:crypto'
import { WebSocket, type RawData } from 'ws'
import { addressOf } from '../../../signaling/address.ts'

/** What a server says, as a stock client would read it. */
export interface Said {
  readonly type: string
  readonly src?: string
  readonly dst?: string
  readonly payload?: unknown
}

/** How a socket ended. */
export interface Ended {
  readonly code: number
  readonly reason: string
}

const PATIENCE_MS = 10_000

/** The token of a person of that name: the same in every test. */
export function tokenOf(name: string): string {
  return createHash('sha256').update(name).digest('hex')
}

/** Where a person of that name is reached. */
export function home(name: string): string {
  const address = addressOf(tokenOf(name))
  if (address === undefined) throw new Error(`${name} has no address`)
  return address
}

/** The URL a stock PeerJS client opens. */
export function doorOf(port: number, query: Record<string, string>): string {
  return `ws://127.0.0.1:${port}/peerjs?${new URLSearchParams({ ...query, version: '1.5.5' }).toString()}`
}

/** A person with a raw WebSocket, who reads what comes in order and never sleeps. */
export class Person {
  readonly address: string
  readonly socket: WebSocket
  readonly ended: Promise<Ended>
  readonly #heard: Said[] = []
  readonly #listeners: ((said: Said) => void)[] = []

  private constructor(address: string, url: string) {
    this.address = address
    this.socket = new WebSocket(url, { perMessageDeflate: false })
    this.socket.on('message', (data) => this.#hear(JSON.parse(textOf(data)) as Said))
    // A connection cut in the middle of sending is an end like any other.
    this.socket.on('error', () => undefined)
    this.ended = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
  }

  /** Opens a socket as the person of that name, without waiting for anything. */
  static knock(port: number, name: string, query: Record<string, string> = {}): Person {
    const own = { key: 'peerjs', id: home(name), token: tokenOf(name) }
    return new Person(home(name), doorOf(port, { ...own, ...query }))
  }

  /** Opens a socket with exactly these parameters. */
  static stranger(port: number, query: Record<string, string>): Person {
    return new Person('', doorOf(port, query))
  }

  /** Opens a socket and waits for OPEN. */
  static async arrive(port: number, name: string): Promise<Person> {
    const person = Person.knock(port, name)
    const said = await person.next()
    if (said.type !== 'OPEN') throw new Error(`${name} got ${said.type} instead of OPEN`)
    return person
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message))
  }

  offer(to: string, connectionId: string): void {
    this.say({ type: 'OFFER', dst: to, payload: { sdp: 'offer', type: 'data', connectionId } })
  }

  answer(to: string, connectionId: string): void {
    this.say({ type: 'ANSWER', dst: to, payload: { sdp: 'answer', type: 'data', connectionId } })
  }

  /** The next thing said to this person. */
  next(): Promise<Said> {
    const said = this.#heard.shift()
    if (said) return Promise.resolve(said)
    return inTime('nothing was said', (resolve) => this.#listeners.push(resolve))
  }

  /** Everything said to this person until now: what he tells himself comes back after it. */
  async everythingSoFar(): Promise<Said[]> {
    const mark = `mark ${Math.random()}`
    this.say({ type: 'ANSWER', dst: this.address, payload: { mark } })
    const heard: Said[] = []
    for (;;) {
      const said = await this.next()
      if (JSON.stringify(said.payload) === JSON.stringify({ mark })) return heard
      heard.push(said)
    }
  }

  async go(): Promise<void> {
    this.socket.close()
    await this.ended
  }

  #hear(said: Said): void {
    const listener = this.#listeners.shift()
    if (listener) listener(said)
    else this.#heard.push(said)
  }
}

/** Two honest people are introduced to each other, from OFFER to ANSWER. Throws when they are not. */
export async function introduce(one: Person, other: Person): Promise<void> {
  const connectionId = `dc_${Math.random()}`
  one.offer(other.address, connectionId)
  await expectSaid(other, { type: 'OFFER', src: one.address })
  other.answer(one.address, connectionId)
  await expectSaid(one, { type: 'ANSWER', src: other.address })
}

/** Waits until something is true, looking again after every turn of the event loop. */
export async function until(what: string, isTrue: () => boolean): Promise<void> {
  const start = performance.now()
  while (!isTrue()) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`It never happened: ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function expectSaid(person: Person, { type, src }: { type: string; src: string }): Promise<void> {
  const said = await person.next()
  if (said.type !== type || said.src !== src) throw new Error(`Expected ${type}, got ${JSON.stringify(said)}`)
}

function inTime<T>(what: string, start: (resolve: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(what)), PATIENCE_MS)
    start((value) => {
      clearTimeout(timer)
      resolve(value)
    })
  })
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data)
    ? data.toString('utf8')
    : Buffer.concat([data].flat() as Uint8Array[]).toString('utf8')
}
