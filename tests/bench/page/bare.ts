import { clock } from './watch.ts'

/** As large as a message may be in every browser. */
const MESSAGE = 262_144
const HIGH_WATER = 4 * 1_048_576

/** One end of a bare channel. */
interface End {
  readonly connection: RTCPeerConnection
  readonly channel: RTCDataChannel
}

/** To whom there is one; who is asked about a single one has the newest in mind. */
let ends: End[] = []

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
  await ends.at(-1)?.connection.setRemoteDescription({ type: 'answer', sdp })
  const bare = theChannel()
  if (bare.readyState === 'open') return
  await new Promise((resolve) => bare.addEventListener('open', resolve, { once: true }))
}

/** Ends all that begin or end here. */
export function hangUp(): void {
  for (const { connection } of ends) connection.close()
  ends = []
}

function connect(): RTCPeerConnection {
  const connection = new RTCPeerConnection()
  const channel = connection.createDataChannel('bare', { negotiated: true, id: 0 })
  channel.binaryType = 'arraybuffer'
  ends.push({ connection, channel })
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
  const end = ends.at(-1)
  if (!end) throw new Error('there is no bare channel')
  return end.channel
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
    await room(bare, MESSAGE)
    bare.send(message.subarray(0, Math.min(left, MESSAGE)))
  }
  return began
}

/** Sends so many messages of so many bytes into every bare channel, as fast as they take them; when the first left. */
export async function flood(count: number, bytes: number): Promise<number> {
  const message = crypto.getRandomValues(new Uint8Array(bytes))
  for (const { channel } of ends) channel.bufferedAmountLowThreshold = HIGH_WATER / 2
  const began = clock()
  for (let at = 0; at < count; at++) {
    for (const { channel } of ends) {
      await room(channel, bytes)
      channel.send(message)
    }
  }
  return began
}

async function room(bare: RTCDataChannel, bytes: number): Promise<void> {
  if (bare.bufferedAmount + bytes <= HIGH_WATER) return
  await new Promise((resolve) => bare.addEventListener('bufferedamountlow', resolve, { once: true }))
}

/** When so many messages have come. */
export function counted(count: number): Promise<number> {
  const bare = theChannel()
  let came = 0
  return new Promise((resolve) => {
    bare.onmessage = () => {
      came += 1
      if (came === count) resolve(clock())
    }
  })
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
