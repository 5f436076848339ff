/** Terminates both WebRTC connections with certificates of its own and relays every byte, reading along. */

interface Offer {
  readonly connectionId: string
  readonly label: string
  readonly sdp: RTCSessionDescriptionInit
  readonly [other: string]: unknown
}

const seen: number[][] = []
const socket = new WebSocket(`ws://${location.host}/peerjs`)
/** By connection id: the half towards the caller, and the half towards the callee. */
const halves = new Map<string, { caller: string; near: RTCPeerConnection; far: RTCPeerConnection }>()

socket.onmessage = ({ data }: MessageEvent<string>) => {
  const { from, to, message } = JSON.parse(data) as {
    from: string
    to: string
    message: { type: string; payload: Offer & { candidate: RTCIceCandidateInit } }
  }
  const { payload } = message
  if (message.type === 'OFFER') void between(from, to, payload)
  const half = halves.get(payload?.connectionId)
  if (!half) return
  if (message.type === 'ANSWER') void half.far.setRemoteDescription(payload.sdp)
  if (message.type === 'CANDIDATE') {
    void (from === half.caller ? half.near : half.far).addIceCandidate(payload.candidate)
  }
}

function say(as: string, to: string, message: unknown): void {
  socket.send(JSON.stringify({ as, to, message }))
}

async function between(caller: string, callee: string, offer: Offer): Promise<void> {
  const near = new RTCPeerConnection()
  const far = new RTCPeerConnection()
  const { connectionId } = offer
  halves.set(connectionId, { caller, near, far })
  trickle(near, { as: callee, to: caller, connectionId })
  trickle(far, { as: caller, to: callee, connectionId })

  const onward = far.createDataChannel(offer.label, { ordered: true })
  onward.binaryType = 'arraybuffer'
  const early: ArrayBuffer[] = []
  near.ondatachannel = ({ channel: back }) => {
    back.binaryType = 'arraybuffer'
    back.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      note(data)
      if (onward.readyState === 'open') onward.send(data)
      else early.push(data)
    }
    onward.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      note(data)
      back.send(data)
    }
    onward.onclose = () => back.close()
    back.onclose = () => onward.close()
  }
  onward.onopen = () => {
    for (const data of early.splice(0)) onward.send(data)
  }

  await far.setLocalDescription()
  say(caller, callee, { type: 'OFFER', payload: { ...offer, sdp: far.localDescription } })
  await near.setRemoteDescription(offer.sdp)
  await near.setLocalDescription()
  say(callee, caller, { type: 'ANSWER', payload: { type: 'data', connectionId, sdp: near.localDescription } })
}

function trickle(pc: RTCPeerConnection, way: { as: string; to: string; connectionId: string }): void {
  pc.onicecandidate = ({ candidate }) => {
    if (!candidate?.candidate) return
    const { as, to, connectionId } = way
    say(as, to, { type: 'CANDIDATE', payload: { candidate, type: 'data', connectionId } })
  }
}

function note(data: ArrayBuffer): void {
  seen.push([...new Uint8Array(data)])
}

Object.assign(window, { earshot: { seen: () => seen } })
