import type { Bytes } from '../../../src/core/bytes.ts'
import type { Channel } from '../../../src/net/channel.ts'
import { channelOver } from '../../../src/net/data-channel.ts'
import type { ChannelCase, ChannelPair } from '../../unit/net/channel-suite.ts'

type Ends = readonly [Channel, Channel]

/** Two channels over real connections within one page, open at both ends; the first made them. */
async function connect(): Promise<{ ends: Ends; raw: readonly [RTCDataChannel, RTCDataChannel] }> {
  const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()]
  near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined)
  far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined)
  const ours = near.createDataChannel('')
  const theirs = new Promise<RTCDataChannel>((resolve) => {
    far.ondatachannel = ({ channel }) => {
      resolve(channel)
    }
  })
  await near.setLocalDescription()
  if (near.localDescription) await far.setRemoteDescription(near.localDescription)
  await far.setLocalDescription()
  if (far.localDescription) await near.setRemoteDescription(far.localDescription)
  const other = await theirs
  await Promise.all([opened(ours), opened(other)])
  const closed = (): void => undefined
  const ends = [
    channelOver({ pc: near, dc: ours, dialled: false, closed }),
    channelOver({ pc: far, dc: other, dialled: true, closed }),
  ] as const
  return { ends, raw: [ours, other] }
}

/** Past the moment of opening, in which a close overtakes what was sent before it (Chromium 156). */
export async function openChannels(): Promise<ChannelPair> {
  const { ends, raw } = await connect()
  const [ours, other] = raw
  const ways = [
    [ours, other],
    [other, ours],
  ] as const
  // Text is no message, so nobody who listens to the channels hears these.
  for (const [from, to] of ways) {
    const heard = said(to)
    from.send('')
    await heard
  }
  return { ends }
}

/** Of 1,000 announced channels, Chromium 156 loses on three what their receiver says first. */
export const SPEAKS_SECOND: ChannelCase = {
  name: 'what the side that was dialled says waits until it has heard the other',
  run: async () => {
    const { ends } = await connect()
    const [alice, bob] = ends
    const heard = new Promise<Bytes>((resolve) => {
      alice.listen({ message: resolve, drained: () => undefined, closed: () => undefined })
    })
    bob.send(new Uint8Array(3))
    const held = bob.waiting
    if (held !== 3) throw new Error('it was sent at once')
    alice.send(new Uint8Array(1))
    if ((await heard).length !== 3 || bob.waiting !== 0) throw new Error('it did not arrive')
  },
}

function said(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve) => {
    channel.onmessage = () => {
      channel.onmessage = null
      resolve()
    }
  })
}

function opened(channel: RTCDataChannel): Promise<void> {
  if (channel.readyState === 'open') return Promise.resolve()
  return new Promise((resolve) => {
    channel.onopen = () => {
      resolve()
    }
  })
}
