const MESSAGE = 262_144
const HIGH_WATER = 1_048_576

/** Signals of two pages of one browser. */
export interface Wire {
  post(message: unknown): void
  listen(hear: (message: unknown) => void): void
}

/** A channel with nothing around it: what the browser can do at best. Resolves when all was received. */
export async function bare(wire: Wire, role: 'sends' | 'receives', bytes: number): Promise<number> {
  const pc = new RTCPeerConnection()
  const channel = pc.createDataChannel('bare', { negotiated: true, id: 0 })
  channel.binaryType = 'arraybuffer'
  const open = new Promise((resolve) => channel.addEventListener('open', resolve))
  const took = role === 'sends' ? open.then(() => pump(channel, bytes)) : drain(channel, bytes)
  const ms = await Promise.race([took, meet(pc, wire, role)])
  pc.close()
  return ms
}

interface Said {
  readonly here?: 'sends' | 'receives'
  readonly description?: RTCSessionDescriptionInit
}

/** Whoever comes second finds the other one listening. Rejects when there is no way; never resolves. */
function meet(pc: RTCPeerConnection, wire: Wire, role: 'sends' | 'receives'): Promise<never> {
  return new Promise((_, reject) => {
    let offered = false
    const take = async ({ here, description }: Said): Promise<void> => {
      if (here === 'sends') wire.post({ here: role })
      if (here === 'receives' && !offered) {
        offered = true
        wire.post(await described(pc))
      }
      if (!description) return
      await pc.setRemoteDescription(description)
      if (description.type === 'offer') wire.post(await described(pc))
    }
    wire.listen((message) => {
      take(message as Said).catch(reject)
    })
    wire.post({ here: role })
  })
}

/** With all ways to get here, so that one text is enough. */
async function described(pc: RTCPeerConnection): Promise<Said> {
  await pc.setLocalDescription()
  while (pc.iceGatheringState !== 'complete') {
    await new Promise((resolve) => pc.addEventListener('icegatheringstatechange', resolve, { once: true }))
  }
  return { ...(pc.localDescription && { description: pc.localDescription.toJSON() }) }
}

async function pump(channel: RTCDataChannel, bytes: number): Promise<number> {
  const message = crypto.getRandomValues(new Uint8Array(65_536))
  const whole = new Uint8Array(MESSAGE)
  for (let at = 0; at < MESSAGE; at += message.length) whole.set(message, at)
  channel.bufferedAmountLowThreshold = HIGH_WATER / 2
  for (let sent = 0; sent < bytes; sent += MESSAGE) {
    if (channel.bufferedAmount + MESSAGE > HIGH_WATER) {
      await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }))
    }
    channel.send(whole)
  }
  await new Promise((resolve) => channel.addEventListener('close', resolve))
  return 0
}

/** Milliseconds from the first message to the last. */
function drain(channel: RTCDataChannel, bytes: number): Promise<number> {
  return new Promise((resolve) => {
    let received = 0
    let since = 0
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      if (received === 0) since = performance.now()
      received += data.byteLength
      if (received >= bytes) resolve(performance.now() - since)
    }
  })
}
