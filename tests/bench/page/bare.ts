import { clock } from './watch.ts'

/** As large as a message may be in every browser. */
const MESSAGE = 262_144
const HIGH_WATER = 4 * 1_048_576

let connection: RTCPeerConnection | undefined
let channel: RTCDataChannel | undefined

/** The first half of a bare channel; what it returns goes to `answer` in the other page. */
export async function offer(): Promise<string> {
  const pc = connect()
  await pc.setLocalDescription()
  return described(pc)
}

/** What it returns goes to `take` in the first page. */
export async function answer(sdp: string): Promise<string> {
  const pc = connect()
  await pc.setRemoteDescription({ type: 'offer', sdp })
  await pc.setLocalDescription()
  return described(pc)
}

/** Resolves when the channel is open. */
export async function take(sdp: string): Promise<void> {
  await connection?.setRemoteDescription({ type: 'answer', sdp })
  const bare = theChannel()
  if (bare.readyState === 'open') return
  await new Promise((resolve) => bare.addEventListener('open', resolve, { once: true }))
}

/** Ends this half. */
export function hangUp(): void {
  connection?.close()
}

function connect(): RTCPeerConnection {
  connection = new RTCPeerConnection()
  channel = connection.createDataChannel('bare', { negotiated: true, id: 0 })
  channel.binaryType = 'arraybuffer'
  return connection
}

/** With all ways to get here, so that one text is enough. */
async function described(pc: RTCPeerConnection): Promise<string> {
  while (pc.iceGatheringState !== 'complete') {
    await new Promise((resolve) => pc.addEventListener('icegatheringstatechange', resolve, { once: true }))
  }
  return pc.localDescription?.sdp ?? ''
}

function theChannel(): RTCDataChannel {
  if (!channel) throw new Error('there is no bare channel')
  return channel
}

/** Answers every ping with the time at which it came. */
export function answerPings(): void {
  const bare = theChannel()
  bare.onmessage = () => {
    bare.send(new Float64Array([clock()]))
  }
}

/** The way of one small message there, and of the answer back, by the clocks of both pages (ms). */
export function ping(): Promise<{ there: number; back: number }> {
  const bare = theChannel()
  return new Promise((resolve) => {
    bare.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const now = clock()
      const [came = NaN] = new Float64Array(data)
      resolve({ there: came - sent, back: now - came })
    }
    const sent = clock()
    bare.send(new Float64Array([sent]))
  })
}

/** Sends so many bytes as fast as the channel takes them; resolves with the time of the first. */
export async function pump(bytes: number): Promise<number> {
  const bare = theChannel()
  const message = new Uint8Array(MESSAGE)
  for (let at = 0; at < MESSAGE; at += 65_536) crypto.getRandomValues(message.subarray(at, at + 65_536))
  bare.bufferedAmountLowThreshold = HIGH_WATER / 2
  const began = clock()
  for (let left = bytes; left > 0; left -= MESSAGE) {
    if (bare.bufferedAmount + MESSAGE > HIGH_WATER) {
      await new Promise((resolve) => bare.addEventListener('bufferedamountlow', resolve, { once: true }))
    }
    bare.send(message.subarray(0, Math.min(left, MESSAGE)))
  }
  return began
}

/** When so many bytes have come; more or fewer never resolve it with success. */
export function drained(bytes: number): Promise<number> {
  const bare = theChannel()
  return new Promise((resolve, reject) => {
    let received = 0
    bare.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      received += data.byteLength
      if (received === bytes) resolve(clock())
      if (received > bytes) reject(new Error('more came than was sent'))
    }
  })
}
