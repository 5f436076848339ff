import { channelOver } from '../../../src/net/data-channel.ts'
import type { ChannelPair } from '../../unit/net/channel-suite.ts'

/** Two channels over real connections within one page, open at both ends. */
export async function openChannels(): Promise<ChannelPair> {
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
  // A close in the moment of opening overtakes what was sent before it (Chromium 156): one word each way comes first.
  const heard = [said(ours), said(other)]
  ours.send('')
  other.send('')
  await Promise.all(heard)
  const forget = (): void => undefined
  return { ends: [channelOver(near, ours, forget), channelOver(far, other, forget)] }
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
