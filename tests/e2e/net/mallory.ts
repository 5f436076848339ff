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
  const back = new Promise<RTCDataChannel>((resolve) => {
    near.ondatachannel = ({ channel }) => {
      resolve(channel)
    }
  })
  pipe(onward, back)
  void back.then((channel) => {
    pipe(channel, Promise.resolve(onward))
  })

  // The caller's candidates follow at once: they need a description to go to.
  const described = near.setRemoteDescription(offer.sdp)
  await far.setLocalDescription()
  say(caller, callee, { type: 'OFFER', payload: { ...offer, sdp: far.localDescription } })
  await described
  await near.setLocalDescription()
  say(callee, caller, { type: 'ANSWER', payload: { type: 'data', connectionId, sdp: near.localDescription } })
}

/** Hands everything on, whichever of the two halves opens first. */
function pipe(from: RTCDataChannel, to: Promise<RTCDataChannel>): void {
  from.binaryType = 'arraybuffer'
  const opened = to.then(
    (channel) =>
      new Promise<RTCDataChannel>((resolve) => {
        if (channel.readyState === 'open') resolve(channel)
        else
          channel.addEventListener('open', () => {
            resolve(channel)
          })
      }),
  )
  from.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
    note(data)
    void opened.then((channel) => {
      channel.send(data)
    })
  }
  from.onclose = () =>
    void to.then((channel) => {
      channel.close()
    })
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
