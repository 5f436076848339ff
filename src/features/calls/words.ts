import type { Call, Ended } from '../../core/call.ts'
import type { MediaKind } from '../../net/media.ts'
import type { Trouble } from './devices.ts'

/** Everything the screen says about calls. */
export const words = {
  voiceCall: 'Voice call',
  videoCall: 'Video call',
  offline: (name: string) => `You can call ${name} when you are connected.`,
  alreadyCalling: 'You are in a call.',
  incoming: (name: string, video: boolean) => `Incoming ${video ? 'video' : 'voice'} call from ${name}`,
  callerAway: 'The connection is gone. Waiting for it to come back…',
  accept: 'Accept',
  decline: 'Decline',
  region: (name: string) => `Call with ${name}`,
  controls: 'Call controls',
  ownVideo: 'Your video',
  videoOf: (name: string) => `Video of ${name}`,
  cameraOff: (name: string) => `${name}, camera off`,
  theyAreMuted: (name: string) => `${name} is muted`,
  mute: 'Mute',
  unmute: 'Unmute',
  stopVideo: 'Stop video',
  startVideo: 'Start video',
  hangUp: 'Hang up',
  duration: 'Call duration',
  somebody: 'Somebody',
  silent: (name: string) => `The browser holds back the sound. Press anywhere to hear ${name}.`,
} as const

/** Where the call stands; nothing while they simply talk. */
export function progress(call: Call, name: string): string | undefined {
  switch (call.at) {
    case 'calling':
      return `Calling ${name}…`
    case 'ringing-out':
      return 'Ringing…'
    case 'connecting':
      return 'Connecting…'
    case 'active':
      return call.flow === 'interrupted' ? 'Reconnecting…' : undefined
    default:
      return undefined
  }
}

/** How a call ended; nothing where whoever ended it knows. */
export function ending(call: Ended, name: string): string | undefined {
  const lasted = call.lasted === undefined ? '' : ` · ${duration(call.lasted)}`
  switch (call.reason) {
    case 'declined':
      return call.by === 'us' ? undefined : `${name} declined the call`
    case 'busy':
      return `${name} is in another call`
    case 'no-answer':
      return `${name} did not answer`
    case 'unreachable':
      return `${name} could not be reached`
    case 'cancelled':
      return call.by === 'us'
        ? 'Call cancelled'
        : `Missed ${call.video ? 'video' : 'voice'} call from ${name}`
    case 'hung-up':
      return `Call ended${lasted}`
    case 'failed':
      return 'The call could not be connected. One of the two networks may not allow it.'
    case 'lost':
      return `The connection was lost${lasted}`
  }
}

const TROUBLES: { readonly [K in MediaKind]: { readonly [T in Trouble]: string } } = {
  audio: {
    refused: 'The microphone is not allowed. Allow it in the browser’s address bar, then press Unmute.',
    missing: 'No microphone was found. Plug one in, then press Unmute.',
    taken: 'Another program uses the microphone. Close it, then press Unmute.',
    unplugged: 'The microphone was unplugged. Plug one in, then press Unmute.',
    failed: 'The microphone could not be started. Press Unmute to try again.',
  },
  video: {
    refused: 'The camera is not allowed. Allow it in the browser’s address bar, then press Start video.',
    missing: 'No camera was found. The call goes on without your video.',
    taken: 'Another program uses the camera. Close it, then press Start video.',
    unplugged: 'The camera was unplugged. The call goes on without your video.',
    failed: 'The camera could not be started. Press Start video to try again.',
  },
}

export function troubleWords(kind: MediaKind, trouble: Trouble, name: string): string {
  return kind === 'audio' ? `${name} cannot hear you. ${TROUBLES.audio[trouble]}` : TROUBLES.video[trouble]
}

/** `milliseconds` as 0:05, 12:40 or 1:02:03. */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return h > 0 ? `${String(h)}:${two(m)}:${two(s)}` : `${String(m)}:${two(s)}`
}
