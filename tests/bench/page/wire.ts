import { clock } from './watch.ts'

/** A message that this page gave to a data channel. */
export interface Sent {
  /** By `clock()`. */
  readonly at: number
  readonly bytes: number
  /** The code of the frame (src/protocol/frame.ts), or of the BIND frame before it. */
  readonly code: number
}

/** What the transports below the data channels have sent: DTLS records, without the headers of UDP and IP. */
export interface Carried {
  readonly bytes: number
  readonly packets: number
}

const sent: Sent[] = []
const waiting = new Set<() => void>()
const connections = new Set<RTCPeerConnection>()

/** Everything that has left so far. */
function frames(): readonly Sent[] {
  return sent
}

/** Resolves when so many messages in all have left. */
async function until(count: number): Promise<void> {
  while (sent.length < count) await new Promise<void>((resolve) => waiting.add(resolve))
}

/** Of all connections that are open. */
async function carried(): Promise<Carried> {
  let [bytes, packets] = [0, 0]
  for (const connection of connections) {
    if (connection.connectionState !== 'connected') continue
    const report = await connection.getStats()
    report.forEach((stats: RTCStats & { bytesSent?: number; packetsSent?: number }) => {
      if (stats.type !== 'transport') return
      bytes += stats.bytesSent ?? 0
      packets += stats.packetsSent ?? 0
    })
  }
  return { bytes, packets }
}

/** The person turns to another window, or comes back. */
function look(away: boolean): void {
  if (away) Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
  else Reflect.deleteProperty(document, 'visibilityState')
  document.dispatchEvent(new Event('visibilitychange'))
}

const prototype = RTCDataChannel.prototype
const send = Reflect.get(prototype, 'send')
Object.assign(prototype, {
  send(this: RTCDataChannel, data: Uint8Array<ArrayBuffer>): void {
    sent.push({ at: clock(), bytes: data.byteLength, code: codeOf(data) })
    send.call(this, data)
    for (const resolve of waiting) resolve()
    waiting.clear()
  },
})

const describe: (given?: RTCLocalSessionDescriptionInit) => Promise<void> = Reflect.get(
  RTCPeerConnection.prototype,
  'setLocalDescription',
)
Object.assign(RTCPeerConnection.prototype, {
  setLocalDescription(this: RTCPeerConnection, given?: RTCLocalSessionDescriptionInit): Promise<void> {
    connections.add(this)
    return describe.call(this, given)
  },
})

/** A frame is a CBOR array that begins with its code; numbers from 24 on take a second byte. */
function codeOf([, first = 0, second = 0]: Uint8Array): number {
  return first < 24 ? first : second
}

const wire = { frames, until, carried, look }
export type Wire = typeof wire
Object.assign(globalThis, { wire })
