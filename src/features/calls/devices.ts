import type { MediaKind, Tracks } from '../../net/media.ts'

/** Why a microphone or camera could not be had. */
export type Trouble = 'refused' | 'missing' | 'taken' | 'unplugged' | 'failed'
export type Troubles = { readonly [K in MediaKind]?: Trouble }

interface Opened {
  readonly tracks: Tracks
  readonly troubles: Troubles
}

/** The microphones and cameras of this device. */
export interface Devices {
  /** Asks for all `kinds` at once; what could not be had is named. Never rejects. */
  open(kinds: readonly MediaKind[]): Promise<Opened>
}

/** Device ids that were in use last. */
export type Choice = { readonly [K in MediaKind]?: string }

/** Where the choice is kept between calls. */
export interface Memory {
  recall(): Promise<Choice>
  remember(choice: Choice): Promise<void>
}

type GetUserMedia = (constraints: MediaStreamConstraints) => Promise<MediaStream>

/** What speech needs, and a picture that most cameras and uplinks can give. */
const CONSTRAINTS = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
} as const satisfies { [K in MediaKind]: MediaTrackConstraints }

/** The devices behind `navigator.mediaDevices.getUserMedia`, beginning with those of the last call. */
export function createDevices(getUserMedia: GetUserMedia, memory: Memory): Devices {
  return {
    open: async (kinds) => {
      // A call with another microphone than last time is better than none.
      const choice = await memory.recall().catch((): Choice => ({}))
      const opened = await openAll(getUserMedia, { kinds, choice })
      memory.remember({ ...choice, ...usedIn(opened.tracks) }).catch(() => undefined)
      return opened
    },
  }
}

function usedIn(tracks: Tracks): Choice {
  const used = Object.entries(tracks).map(([kind, track]) => [kind, track.getSettings().deviceId])
  return Object.fromEntries(used.filter(([, id]) => id !== undefined)) as Choice
}

interface Wish {
  readonly kinds: readonly MediaKind[]
  readonly choice: Choice
}

/** One question for all; if the answer is no, one for each, so that one refused device does not cost the other. */
async function openAll(getUserMedia: GetUserMedia, { kinds, choice }: Wish): Promise<Opened> {
  const asked = await ask(getUserMedia, { kinds, choice })
  if (typeof asked !== 'string') return { tracks: asked, troubles: {} }
  const [only] = kinds
  if (kinds.length === 1 && only) return { tracks: {}, troubles: { [only]: asked } }
  const opened: Opened[] = []
  // One after the other: two questions at once would lie on top of each other.
  for (const kind of kinds) opened.push(await openAll(getUserMedia, { kinds: [kind], choice }))
  return {
    tracks: Object.assign({}, ...opened.map(({ tracks }) => tracks)) as Tracks,
    troubles: Object.assign({}, ...opened.map(({ troubles }) => troubles)) as Troubles,
  }
}

async function ask(getUserMedia: GetUserMedia, { kinds, choice }: Wish): Promise<Tracks | Trouble> {
  const wanted: MediaStreamConstraints = {}
  for (const kind of kinds) wanted[kind] = { ...CONSTRAINTS[kind], ...preferred(choice[kind]) }
  try {
    const tracks: { [K in MediaKind]?: MediaStreamTrack } = {}
    for (const track of (await getUserMedia(wanted)).getTracks()) tracks[track.kind as MediaKind] = track
    return tracks
  } catch (error) {
    return troubleOf(error)
  }
}

/** Only a wish: that device may be gone. */
function preferred(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId === undefined ? {} : { deviceId: { ideal: deviceId } }
}

/** What the browsers' names for it mean (Media Capture and Streams, `getUserMedia`). */
function troubleOf(error: unknown): Trouble {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    case 'NotReadableError':
    case 'AbortError':
      return 'taken'
    default:
      return 'failed'
  }
}
