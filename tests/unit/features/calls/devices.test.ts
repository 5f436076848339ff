import { describe, expect, test } from 'vitest'
import { createDevices, type Choice } from '../../../../src/features/calls/devices.ts'
import type { MediaKind } from '../../../../src/net/media.ts'

/** A browser with a microphone "mic" and a camera "cam", each of which may fail with an error of this name. */
function browser(failing: { [K in MediaKind]?: string } = {}, remembered: Choice = {}) {
  const questions: MediaStreamConstraints[] = []
  let kept: Choice = remembered
  const track = (kind: MediaKind) => ({
    kind,
    getSettings: () => ({ deviceId: kind === 'audio' ? 'mic' : 'cam' }),
  })
  const devices = createDevices(
    async (wanted) => {
      questions.push(wanted)
      const kinds = (['audio', 'video'] as const).filter((kind) => wanted[kind])
      const failure = kinds.map((kind) => failing[kind]).find((name) => name !== undefined)
      if (failure !== undefined) throw new DOMException('no', failure)
      return { getTracks: () => kinds.map(track) } as unknown as MediaStream
    },
    {
      recall: async () => kept,
      remember: async (choice) => {
        kept = choice
      },
    },
  )
  return { devices, questions, kept: () => kept }
}

describe('opening microphone and camera', () => {
  test('is one question for both', async () => {
    const { devices, questions } = browser()
    const { tracks, troubles } = await devices.open(['audio', 'video'])
    expect([Object.keys(tracks), troubles]).toEqual([['audio', 'video'], {}])
    expect(questions).toHaveLength(1)
    expect(questions[0]).toMatchObject({
      audio: { echoCancellation: true, noiseSuppression: true },
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
    })
  })

  test('a refused camera does not cost the microphone', async () => {
    const { devices } = browser({ video: 'NotAllowedError' })
    const { tracks, troubles } = await devices.open(['audio', 'video'])
    expect([Object.keys(tracks), troubles]).toEqual([['audio'], { video: 'refused' }])
  })

  test.each([
    ['NotAllowedError', 'refused'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'taken'],
    ['TypeError', 'failed'],
  ] as const)('%s is told as %s', async (name, trouble) => {
    const { devices } = browser({ audio: name, video: 'NotFoundError' })
    expect(await devices.open(['audio', 'video'])).toEqual({
      tracks: {},
      troubles: { audio: trouble, video: 'missing' },
    })
  })

  test('begins with the devices of the last call and remembers those of this one', async () => {
    const { devices, questions, kept } = browser({}, { audio: 'headset', video: 'old cam' })
    await devices.open(['audio'])
    expect(questions[0]).toMatchObject({ audio: { deviceId: { ideal: 'headset' } } })
    expect(kept()).toEqual({ audio: 'mic', video: 'old cam' })
  })

  test('works when nothing can be remembered', async () => {
    const devices = createDevices(async () => ({ getTracks: () => [] }) as unknown as MediaStream, {
      recall: () => Promise.reject(new Error('the store is closed')),
      remember: () => Promise.reject(new Error('the store is closed')),
    })
    expect(await devices.open(['audio'])).toEqual({ tracks: {}, troubles: {} })
  })
})
